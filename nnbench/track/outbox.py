"""The outbox: runs that could not be logged wait in files, one a run, until the store is back."""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nnbench.assembly.predictor import as_trained
from nnbench.run.errors import ConfigError, excerpt
from nnbench.run.key_values import EXPERIMENT
from nnbench.run.result import MACHINE, RunResult
from nnbench.run.stored_config import as_config
from nnbench.safety.redaction import redacted
from nnbench.system import archive, atomic, leftovers
from nnbench.track.address import KEY, sqlite_file
from nnbench.track.inputs import CONTEXTS, Source
from nnbench.track.read_runs import ENDED
from nnbench.track.run_entry import Entry
from nnbench.track.run_files import as_arrays, as_history, group


@dataclass(frozen=True)
class Outbox:
    """The files of the runs that wait for one store."""

    directory: Path
    address: str
    """The name that tells the store from others whose runs wait in the same directory."""

    def put(self, entry: Entry) -> Path:
        """Keep a run; returns its file, which is there as a whole or not at all.

        Raises OSError, for a link in place of the directory as well.
        """
        atomic.refuse_links(self.directory)
        file = self.directory / f"{entry.ended:013d}-{entry.token}.npz"
        history = entry.result.history
        arrays = as_arrays(history) if history is not None else {}
        if entry.model is not None:
            arrays |= {f"model/{name}": array for name, array in entry.model.arrays().items()}
        arrays["entry"] = as_text(entry, self.address)
        self.directory.mkdir(exist_ok=True)
        try:
            archive.write(file, arrays, compressed=True).close()
        except FileNotFoundError:
            # Another process has just logged the last one that lay there.
            self.directory.mkdir(exist_ok=True)
            archive.write(file, arrays, compressed=True).close()
        return file

    def files(self) -> list[Path]:
        """The files of the runs that wait for this store, oldest first; of broken ones, all.

        Raises ConfigError for a link in place of the directory, where files would be removed.
        """
        try:
            atomic.refuse_links(self.directory)
        except OSError as error:
            raise ConfigError(KEY, self.address, str(error.strerror)) from error
        waiting = sorted(self.directory.glob("*.npz"))
        return [file for file in waiting if file.is_file() and self.concerns(file)]

    def concerns(self, file: Path) -> bool:
        """True if a file waits for this store, or is unreadable."""
        try:
            stored = json.loads(str(archive.load(file)["entry"]))["store"]
            return redacted(stored) == self.address
        except FileNotFoundError:  # Another process has just logged it.
            return False
        except UNREADABLE:
            return True

    def tidy(self) -> None:
        """Remove what killed processes left half-written, and the directory if it is empty."""
        if not self.directory.is_dir():
            return
        for file in self.directory.iterdir():
            if re.fullmatch(PART, file.name):
                with suppress(OSError):
                    leftovers.remove_if_dead(file)
        with suppress(OSError):
            self.directory.rmdir()


LAST_MS = 10**14
"""A moment in milliseconds, a thousand years from now."""


def is_text(value: object) -> bool:
    """True for text."""
    return isinstance(value, str)


def is_number(value: object) -> bool:
    """True for a number, finite or not."""
    return type(value) in (int, float)


def is_id(value: object) -> bool:
    """True for a string that is a valid id in any store."""
    return isinstance(value, str) and bool(re.fullmatch(r"[\w -]{1,250}", value))


def is_machine(value: object) -> bool:
    """True for the names of a machine's parts, each with its text."""
    return (
        isinstance(value, dict)
        and value.keys() <= set(MACHINE)
        and all(map(is_text, value.values()))
    )


def are_params(params: object) -> bool:
    """True for a mapping from names to plain values."""
    return isinstance(params, dict) and all(
        is_text(key) and isinstance(value, str | int | float | bool | None)
        for key, value in params.items()
    )


def is_set(named: tuple[object, object]) -> bool:
    """True for the context of a set, with its digest and its number of rows."""
    context, numbers = named
    return (
        context in CONTEXTS
        and isinstance(numbers, list | tuple)
        and [type(number) for number in numbers] == [str, int]
    )


def is_any(_: object) -> bool:
    """True for any value, which is checked elsewhere."""
    return True


FITS: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("key", "sweep_id", "token"), is_id),
    **dict.fromkeys(("reason", "trouble", "layer", "name", "digest", "source", "profile"), is_text),
    "metric": lambda value: type(value) is float or (is_number(value) and abs(value) < 2**63),
    "seconds": lambda seconds: is_number(seconds) and 0 <= seconds < LAST_MS / 1000,
    "stack_runs": lambda runs: type(runs) is int and 0 < runs < 2**31,
    "share": lambda share: is_number(share) and 0 <= share <= 1,
    "machine": is_machine,
    "file": is_text,
    "schema": is_text,
    "sets": lambda sets: isinstance(sets, dict) and all(map(is_set, sets.items())),
    "experiment": lambda name: is_text(name) and EXPERIMENT(name),
    "status": lambda status: is_text(status) and status in ENDED,
    "ended": lambda moment: type(moment) is int and 0 <= moment < LAST_MS,
    "again": lambda again: isinstance(again, bool),
    "params": lambda params: params is None or are_params(params),
}
"""A check for each value of an entry."""

PART = rf"\d{{13}}-[0-9a-f]{{32}}{atomic.PART}"
"""The name of a file while it is written."""

UNREADABLE = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""Errors of reading a file that `Outbox.put` did not write."""


def outbox_of(uri: str) -> Outbox:
    """The outbox of a store: beside an SQLite file, right here for any other."""
    file = sqlite_file(uri)
    # The name alone, so that a directory can be moved with all that is in it.
    address = file.name if file is not None else redacted(uri)
    return Outbox((file.parent if file is not None else Path.cwd()) / "outbox", address)


def as_text(entry: Entry, address: str) -> str:
    """Everything of a run but its curves and its model's numbers, as JSON."""
    values = {**vars(entry), "data": asdict(entry.data) if entry.data is not None else None}
    result = {**vars(entry.result), "config": asdict(entry.result.config)}
    del result["history"], result["weights"]
    values["model"] = entry.model.text() if entry.model is not None else None
    return json.dumps({"store": address, **values, "result": result})


def read_entry(file: Path) -> Entry:
    """The run of which `Outbox.put` made a file; nothing in it is ever executed.

    Raises one of UNREADABLE.
    """
    arrays = archive.read(file)
    values: dict[str, Any] = json.loads(str(arrays["entry"]))
    history = as_history(arrays) if "layers" in arrays else None
    text = values.pop("model")
    model = as_trained(group(arrays, "model/"), text) if text else None
    del values["store"]
    result = values.pop("result")
    config = as_config(result.pop("config"))
    data = values.pop("data")
    entry = Entry(
        result=RunResult(config=config, history=history, **result),
        data=Source(**data) if data is not None else None,
        model=model,
        **values,
    )
    refuse_others(entry)
    return entry


def refuse_others(entry: Entry) -> None:
    """Raise ValueError for a value that no run has, which a store might take for something else."""
    values = {**vars(entry), **vars(entry.result), **(vars(entry.data) if entry.data else {})}
    values |= {f"metric {name}": value for name, value in entry.result.final.items()}
    for name, value in values.items():
        if not FITS.get(name.partition(" ")[0], is_any)(value):
            raise ValueError(f"invalid {name}: {excerpt(value)}")
