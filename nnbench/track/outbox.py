"""The outbox: runs that could not be logged wait in files, one a run, until the store is back."""

import json
import re
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nnbench import archive, leftovers
from nnbench.config import as_config
from nnbench.record import RunResult
from nnbench.redaction import redacted
from nnbench.track.address import sqlite_file
from nnbench.track.artifacts import as_arrays, as_history, group
from nnbench.track.entry import Entry, Source
from nnbench.trained import as_trained


@dataclass(frozen=True)
class Outbox:
    """The files of the runs that wait for one store."""

    directory: Path
    address: str
    """What tells the store from others whose runs wait in the same directory."""

    def put(self, entry: Entry) -> Path:
        """Keep a run; returns its file, which is there as a whole or not at all.

        Raises OSError.
        """
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
        """The files of the runs that wait for this store, oldest first; of broken ones, all."""
        return [file for file in sorted(self.directory.glob("*.npz")) if self.concerns(file)]

    def concerns(self, file: Path) -> bool:
        """Whether a file waits for this store, as far as it can be read."""
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


PART = rf"\d{{13}}-[0-9a-f]{{32}}-{leftovers.DRAWN}\.part"
"""What a file is called while it is written."""

UNREADABLE = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What reading a file may raise that `Outbox.put` did not write."""


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
    history = as_history(arrays) if "epochs" in arrays else None
    text = values.pop("model")
    model = as_trained(group(arrays, "model/"), text) if text else None
    del values["store"]
    result = values.pop("result")
    config = as_config(result.pop("config"))
    data = values.pop("data")
    return Entry(
        result=RunResult(config=config, history=history, **result),
        data=Source(**data) if data is not None else None,
        model=model,
        **values,
    )
