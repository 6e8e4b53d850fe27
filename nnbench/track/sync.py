"""Logging what waits in the outbox, each run exactly once, wherever an earlier attempt was cut."""

from dataclasses import dataclass
from pathlib import Path

from mlflow.entities import Run

from nnbench.run.errors import ConfigError
from nnbench.track.address import store_uri
from nnbench.track.experiments import get_or_create_experiment
from nnbench.track.failures import STRANGE, failures, failures_suppressed, in_a_line, is_lasting
from nnbench.track.log_run import log_entry
from nnbench.track.models import log_model, model_of
from nnbench.track.orphans import remove_orphans
from nnbench.track.outbox import UNREADABLE, outbox_of, read_entry
from nnbench.track.process import close_dead_runs
from nnbench.track.read_runs import ENDED
from nnbench.track.run_entry import Entry
from nnbench.track.store import Store, check_address, open_store
from nnbench.track.tracked_keys import TrackedKeys


@dataclass(frozen=True)
class SyncReport:
    """The outcome for the runs that waited."""

    logged: int = 0
    unlogged: int = 0
    reason: str = ""
    """The error of the last run that could not be logged."""
    failing: bool = False
    """True if nothing more is expected of the store."""


def sync(store: Store | str | None) -> SyncReport:
    """Log the runs that wait for a store, or for the one of a `tracking.uri`.

    A run's file goes only once the run is whole in the store, so that this can be ended at any
    moment and begun again. Raises ConfigError for an address that no store can have.
    """
    uri = store.uri if isinstance(store, Store) else store_uri(store)
    check_address(uri)
    outbox = outbox_of(uri)
    files = outbox.files()
    if not files:
        outbox.tidy()
        return SyncReport()
    if not isinstance(store, Store):
        try:
            store = open_store(uri, create=True)
        except ConfigError as error:
            return SyncReport(0, len(files), str(error), failing=True)
    logged, unlogged, reason = 0, 0, ""
    experiments = set()
    for position, file in enumerate(files):
        try:
            entry = read_entry(file)
        except FileNotFoundError:  # Another process has just logged it.
            continue
        except UNREADABLE as error:
            unlogged, reason = unlogged + 1, f"{file}: {in_a_line(error)}"
            continue
        try:
            experiments.add(entry.experiment)
            with store.lock():
                logged += deliver(store, file, entry)
        except failures(*STRANGE) as error:
            reason = in_a_line(error)
            if is_lasting(error):
                return SyncReport(logged, unlogged + len(files) - position, reason, failing=True)
            unlogged += 1
    outbox.tidy()
    # The sweep that could not log them could not say that it had ended, either.
    with failures_suppressed():
        for experiment in experiments:
            close_dead_runs(store, experiment)
        remove_orphans(store)
    return SyncReport(logged, unlogged, reason)


def deliver(store: Store, file: Path, entry: Entry) -> bool:
    """Log the run of a file, unless that has been done, and remove the file.

    Returns whether the file was still there. The store's lock must be held.
    """
    if not file.exists():
        return False
    experiment_id = get_or_create_experiment(store, entry.experiment)
    whole = clear(store, experiment_id, entry)
    if whole is not None:
        # It may have been cut off before its model was logged.
        if entry.model is not None and not model_of(whole):
            log_model(store, whole.info.run_id, entry, entry.model)
    elif entry.again or entry.key not in TrackedKeys(store, experiment_id):
        log_entry(store, experiment_id, entry)
    file.unlink()
    return True


def clear(store: Store, experiment_id: str, entry: Entry) -> Run | None:
    """The run, if an earlier attempt has logged it as a whole; others are marked as killed."""
    attempts = store.client.search_runs([experiment_id], f"tags.`nnbench.token` = '{entry.token}'")
    for attempt in attempts:
        if attempt.info.status == "RUNNING":
            store.client.set_terminated(attempt.info.run_id, "KILLED")
    return next((run for run in attempts if run.info.status in ENDED.values()), None)
