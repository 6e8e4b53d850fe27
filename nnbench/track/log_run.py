"""Logging one run: all its results, at most once; or the results so far."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from nnbench.run.result import RunResult
from nnbench.track import metrics_and_tags
from nnbench.track.entities import Tag, now, params
from nnbench.track.files import files_of
from nnbench.track.inputs import inputs
from nnbench.track.models import log_model
from nnbench.track.orphans import announced
from nnbench.track.read_runs import ENDED
from nnbench.track.run_entry import Entry
from nnbench.track.run_files import write_config, write_curves
from nnbench.track.store import Store
from nnbench.track.tracked_keys import TrackedKeys
from nnbench.track.writer import OpenRun


@dataclass(frozen=True)
class ShownRun:
    """A run that is in the store since before it ended."""

    run_id: str
    artifact_uri: str
    token: str
    last: tuple[int, int]
    """The last epoch of which it has points, and the moment of that."""


def log_once(tracked: TrackedKeys, entry: Entry, live_run: ShownRun | None = None) -> str | None:
    """Log a run; returns its id, or None if a run of its key is tracked already.

    Raises one of `failures()` if the store fails; what was half-logged by then is never read.
    """
    with tracked.store.lock():
        if not entry.again and entry.key in tracked:
            if live_run is not None:
                give_up(tracked.store, live_run, "another process was done with it first")
            return None
        return log_entry(tracked.store, tracked.experiment_id, entry, live_run)


def log_entry(
    store: Store, experiment_id: str, entry: Entry, live_run: ShownRun | None = None
) -> str:
    """Log a run, whatever is tracked; returns its id.

    That it has ended comes last: a run counts once it is marked so. Its model follows, if it is to
    have one.
    """
    result = entry.result
    with ExitStack() as until_written, opened(store, experiment_id, entry, live_run) as run:
        if live_run is None:
            until_written.enter_context(announced(store, run))
        with files_of(store, run.artifact_uri).written() as directory:
            write_files(result, directory)
        run.log(
            [
                *metrics_and_tags.final_metrics(result, entry.ended),
                *metrics_and_tags.curve_metrics(entry, live_run.last if live_run else None),
            ],
            () if live_run else params(entry.own_params),
            () if live_run else inputs(entry.data),
            metrics_and_tags.ending_tags(result),
        )
        run.end(ENDED[result.status], now())
    if entry.model is not None:
        log_model(store, run.run_id, entry, entry.model)
    return run.run_id


def show(store: Store, experiment_id: str, entry: Entry, live_run: ShownRun | None) -> ShownRun:
    """Log the curves so far of a run that is still training.

    Raises one of `failures()` if the store fails.
    """
    with opened(store, experiment_id, entry, live_run) as run:
        run.log(
            metrics_and_tags.curve_metrics(entry, live_run.last if live_run else None),
            () if live_run else params(entry.own_params),
            () if live_run else inputs(entry.data),
        )
    history = entry.result.history
    epoch = int(history.epochs[-1]) if history is not None else -1
    # A stack that is tried once more begins anew.
    last = max((epoch, entry.ended), live_run.last) if live_run else (epoch, entry.ended)
    return ShownRun(run.run_id, run.artifact_uri, entry.token, last)


def give_up(store: Store, live_run: ShownRun, reason: str) -> None:
    """Mark a run as killed that will not be logged to its end, and say why."""
    with store.writer.reopen(live_run.run_id, live_run.artifact_uri) as run:
        run.log([], tags=[Tag("nnbench.reason", reason)])
        run.end("KILLED", now())


@contextmanager
def opened(
    store: Store, experiment_id: str, entry: Entry, live_run: ShownRun | None
) -> Iterator[OpenRun]:
    """The run of an entry, a new one unless it is shown already."""
    if live_run is not None:
        with store.writer.reopen(live_run.run_id, live_run.artifact_uri) as run:
            yield run
        return
    tags = metrics_and_tags.beginning_tags(entry)
    with store.writer.create(experiment_id, entry.started, tags) as run:
        yield run


def write_files(result: RunResult, directory: Path) -> None:
    """The configuration of a run and, if it was trained, its curves."""
    write_config(result.config, directory)
    if result.history is not None:
        write_curves(result.history, directory)
