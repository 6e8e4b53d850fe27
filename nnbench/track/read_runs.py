"""Reading: the tracked runs of an experiment as one table, and their curves."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

import pandas as pd

from nnbench.engine.arrays import Array
from nnbench.run.config import Component
from nnbench.run.errors import excerpt
from nnbench.run.result import MACHINE, History, RunHistories
from nnbench.run.stored_config import kinds
from nnbench.safety.redaction import redacted
from nnbench.system.archive import DamagedError
from nnbench.track.experiments import experiment_id
from nnbench.track.failures import of_mlflow
from nnbench.track.files import Files, OutsideError, files_of
from nnbench.track.run_files import CURVES, read_curve, read_curves
from nnbench.track.run_records import DATA_ROWS, RunRecord, read_records
from nnbench.track.settings import KEYS
from nnbench.track.shared_params import add_shared
from nnbench.track.store import Store
from nnbench.track.stored_text import as_mapping

VERSIONS = "nnbench.versions"
"""Tag of a sweep's parent run: software → its version, as JSON."""

Content = TypeVar("Content", History, Array)

MOST = 2**63
"""More than there can be of anything."""

LEFT_OUT = "left out"
"""Attribute of a table of runs: run_id of each that is left out → what is wrong with it."""

COLUMNS = ["run_id", "status", "key", "sweep", "reason", "trouble", "layer", "artifacts", "digest"]
COLUMNS += [*MACHINE, "rows", "test_rows", "untested_classes", "length", "chance", "engine"]
"""Columns of every run."""

ENDED = {"finished": "FINISHED", "diverged": "FINISHED", "failed": "FAILED"}
"""Our status → MLflow's; a diverged run is a result, not a failure of the program."""


def read_runs(store: Store, experiment: str) -> pd.DataFrame:
    """One row a training run of the experiment, oldest first; numbers are numbers again.

    Columns: run_id, status, key, sweep, reason, trouble (exploded or stalled), layer (where),
    artifacts (where its files are), digest, rows and test_rows (of its data; test_rows if they have
    a test set of their own), untested_classes (that such a test set has no row of), length (of
    their inputs, along the first axis), chance (score of a constant prediction), engine (its
    version; 0 where that was not kept), processor, blas and blas_kernel (of the machine; empty
    where that was not kept), every configuration key and every final metric.
    Runs that say what no run can are left out, and named with the reason in the table's
    attrs[LEFT_OUT]. Raises ConfigError if there is no such experiment.
    """
    records = list(read_records(store, experiment_id(store, experiment)))
    lost = add_shared(store, records, filter(is_whole, records))
    engines = {record.run_id: engine_of(record.tags[VERSIONS]) for record in records
               if VERSIONS in record.tags}  # fmt: skip
    wrong = {record.run_id: what_is_wrong(record) for record in records if is_whole(record)}
    wrong |= dict.fromkeys(lost, "its settings are lost: there is neither its sweep nor its file")
    rows = [as_row(record, engines) for record in records if wrong.get(record.run_id) == ""]
    table = pd.DataFrame(rows, columns=None if rows else COLUMNS).astype(object)
    runs = pd.DataFrame({name: as_column(values) for name, values in table.items()})
    runs.attrs[LEFT_OUT] = {run_id: reason for run_id, reason in wrong.items() if reason}
    return runs


def is_whole(record: RunRecord) -> bool:
    """True if a run is a training run that was logged to its end; its status is written last."""
    return "nnbench.key" in record.tags and record.status in ENDED.values()


def what_is_wrong(record: RunRecord) -> str:
    """The reason why a stored run is invalid; empty for a valid one."""
    texts = {"artifact_uri": record.artifact_uri, "digest": record.digest}
    for name, text in {**texts, **record.tags, **record.params}.items():
        if not isinstance(text, str):
            return f"{excerpt(name)} is no text"
    for name, number in record.metrics.items():
        if not isinstance(number, int | float):
            return f"{excerpt(name)} is {excerpt(number)}"
    params = record.params
    wrong = (name for name in kinds() if name in params and not can_be(name, params[name]))
    return next((f"{name} is {excerpt(params[name])}" for name in wrong), "")


@cache
def can_be(name: str, text: str) -> bool:
    """True if a key of a run can have this value, given as text."""
    kind = kinds()[name]
    if kind is bool:
        return text in ("True", "False")
    if text == "null" or isinstance("", kind) or kind is Component:
        return True
    return bool(re.fullmatch(r"-?\d{1,18}(\.\d+)?(e[+-]\d{1,3})?", text))


def engine_of(versions: str) -> int:
    """The version of the engine, of the software that a sweep's tag has as JSON; 0 for none."""
    try:
        version = int(as_mapping(versions, (str, int))["engine"])
    except (ValueError, KeyError):  # A tag is not trusted.
        return 0
    return version if 0 <= version < MOST else 0


def as_row(record: RunRecord, engines: Mapping[str, int]) -> dict[str, object]:
    """One run, flat, given the engine of each sweep."""
    tags = record.tags
    return {
        "run_id": record.run_id,
        "status": tags.get("nnbench.status", "failed"),
        "key": tags["nnbench.key"],
        "sweep": tags.get("nnbench.sweep", ""),
        "engine": engines.get(tags.get("nnbench.sweep", ""), 0),
        **{
            name: redacted(tags.get(f"nnbench.{name}", ""))
            for name in ("reason", "trouble", "layer", *MACHINE)
        },
        "artifacts": record.artifact_uri,
        "digest": record.digest,
        **sizes(record.profile),
        **dict.fromkeys(KEYS),
        **{name: None if v == "null" else v for name, v in record.params.items()},
        # Of a run that has diverged; a column of every table.
        "diverged_step": None,
        **record.metrics,
    }


@cache
def sizes(profile: str) -> dict[str, float | None]:
    """Numbers that say how large data are, of classes that their own test set lacks, and chance."""
    counts = as_mapping(profile, (int, float, list))
    # Earlier versions named them so.
    rows = counts.get(DATA_ROWS, counts.get("rows"))
    # Of a profile that says otherwise, nothing is known.
    test_rows, shape = counts.get("test_rows", 0), counts.get("shape")
    length = next(iter(shape), None) if isinstance(shape, list) else None
    untested = counts.get("untested_classes", 0)
    numbers = {"rows": rows, "test_rows": test_rows, "untested_classes": untested, "length": length}
    chance = counts.get("chance")
    return {
        "chance": chance if isinstance(chance, int | float) and 0 <= chance <= 1 else None,
        **{
            name: n if isinstance(n, int) and 0 <= n < MOST else None for name, n in numbers.items()
        },
    }


def as_column(values: pd.Series) -> pd.Series:
    """A column of texts as numbers, if every text is one."""
    numbers = pd.to_numeric(values, errors="coerce")
    return numbers if numbers.notna().equals(values.notna()) else values


class Histories(RunHistories):
    """run_id → curves, each read on first access."""

    def __init__(self, store: Store, runs: pd.DataFrame) -> None:
        self.store = store
        self.with_curves: list[str] = list(runs["run_id"][runs["status"] != "failed"])
        """Runs that have left curves."""
        self.damaged: dict[str, str] = {}
        """Runs with unreadable curves, and why."""
        self.known_files: dict[str, Files] = {}
        self.locations: dict[str, str] = dict(zip(runs["run_id"], runs["artifacts"], strict=True))
        self.epochs: dict[str, float] = (
            dict(zip(runs["run_id"], runs["epochs"], strict=True)) if "epochs" in runs else {}
        )
        """Epochs that a run was to train, which no curve exceeds."""

    def __getitem__(self, run_id: str) -> History:
        return self.read(run_id, read_curves)

    def curve(self, run_id: str, name: str) -> Array:
        return self.read(run_id, lambda file: read_curve(file, name))

    def read(self, run_id: str, reader: Callable[[Path], Content]) -> Content:
        """Return a reader's result for a run's file of curves; KeyError if it is unreadable."""
        try:
            with self.files(run_id).fetched(CURVES) as file:
                content = reader(file)
            epochs = content.epochs if isinstance(content, History) else content
            # Curves are made as long as the longest of them, so that one could fill all memory.
            if len(epochs) > self.epochs.get(run_id, MOST) + 1:
                raise DamagedError("has more epochs than its run")
            return content
        except DamagedError as error:
            self.damaged[run_id] = str(error)
            raise KeyError(run_id) from error
        except of_mlflow(OSError) as error:
            raise KeyError(run_id) from error

    def files(self, run_id: str) -> Files:
        """The files of a run, found once. Raises OutsideError."""
        if run_id not in self.known_files:
            self.known_files[run_id] = files_of(self.store, self.locations[run_id])
        return self.known_files[run_id]

    def absent(self) -> int:
        """Number of runs whose curves are missing; those kept elsewhere are not counted."""
        return sum(map(self.is_absent, self.with_curves))

    def is_absent(self, run_id: str) -> bool:
        """True if the curves of a run belong on this machine but are missing."""
        try:
            files = self.files(run_id)
        except OutsideError:
            return True
        return files.directory is not None and not (files.directory / CURVES).exists()

    def __iter__(self) -> Iterator[str]:
        return iter(self.locations)

    def __len__(self) -> int:
        return len(self.locations)
