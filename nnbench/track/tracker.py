"""Writing: one parent run a sweep, a child run a training run; only the parent process writes."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic

from nnbench.assembly.predictor import from_weights
from nnbench.data.dataset import Dataset
from nnbench.run.config import RunConfig, Scalar
from nnbench.run.errors import CUT_OFF, ConfigError
from nnbench.run.result import RunResult
from nnbench.track.address import KEY
from nnbench.track.entities import Metric, now
from nnbench.track.failures import failures, failures_suppressed, in_a_line, is_lasting
from nnbench.track.inputs import Sources
from nnbench.track.log_run import ShownRun, give_up, log_once, show
from nnbench.track.outbox import outbox_of
from nnbench.track.parent_run import open_parent
from nnbench.track.process import process_tags
from nnbench.track.run_entry import Entry
from nnbench.track.settings import SweepSettings, settings_of
from nnbench.track.skipped import skipped_tags
from nnbench.track.store import Store
from nnbench.track.stored_text import storable
from nnbench.track.sweeps import COMMAND, sweep_name
from nnbench.track.sync import sync
from nnbench.track.tracked_keys import TrackedKeys

REST_SECONDS = 10.0
"""Least time for which a store that fails is left alone."""

SPARE = 9
"""Rest after a failure, in multiples of the time that it took."""


@dataclass
class Tracker:
    """Logs the runs of one sweep under their parent run; keeps what a failing store won't take."""

    tracked: TrackedKeys
    experiment: str
    sweep_id: str
    settings: SweepSettings
    """Settings that the runs share, kept with the parent run."""
    again: bool = False
    """Log runs whose keys are tracked already once more."""
    sources: Sources = field(default_factory=Sources)
    statuses: dict[str, int] = field(default_factory=dict)
    live_runs: dict[str, ShownRun] = field(default_factory=dict)
    """Runs that are shown while they train, by their key."""
    showing: bool = True
    """True if to show more; not once the store has refused to."""
    waiting: list[Path] = field(default_factory=list)
    """Files of runs that could not be logged, in the outbox."""
    trouble: str = ""
    """The store's first failure, in one line."""
    failing: bool = False
    """True while the store is considered down, so that no run waits for it."""
    again_at: float = 0.0
    """The time at which to try it again."""
    joined: bool = False
    """True if the sweep goes on elsewhere, so that its parent run is not to be ended."""

    @property
    def store(self) -> Store:
        """The store in use."""
        return self.tracked.store

    @property
    def experiment_id(self) -> str:
        """MLflow's name of the experiment."""
        return self.tracked.experiment_id

    @property
    def unlogged(self) -> int:
        """Runs that wait in the outbox, since they could not be logged."""
        return len(self.waiting)

    @property
    def outbox(self) -> Path:
        """The directory of runs that could not be logged."""
        return outbox_of(self.store.uri).directory

    def log(self, result: RunResult, key: str, data: Dataset | None) -> str | None:
        """Log a run that has ended, with everything it left behind.

        Returns its id; None if it is tracked already, or is kept in the outbox. Raises ConfigError
        if neither the store nor the outbox can be written.
        """
        self.statuses[result.status] = self.statuses.get(result.status, 0) + 1
        live_run = self.live_runs.pop(key, None)
        entry = self.entry(result, key, data, live_run)
        if self.failing and monotonic() > self.again_at:
            self.recover()
        began = monotonic()
        if not self.failing:
            try:
                return log_once(self.tracked, entry, live_run)
            except failures() as error:
                self.trouble = self.trouble or in_a_line(error)
                self.pause(began, failing=is_lasting(error))
        self.keep(entry)
        return None

    def show(self, result: RunResult, key: str, data: Dataset | None) -> None:
        """Show the curves so far of a run that is still training."""
        if self.failing or not self.showing:
            return
        live_run = self.live_runs.get(key)
        try:
            entry = self.entry(result, key, data, live_run)
            self.live_runs[key] = show(self.store, self.experiment_id, entry, live_run)
        except failures():
            # It is a courtesy, of which logging is independent.
            self.showing = False

    def entry(
        self, result: RunResult, key: str, data: Dataset | None, live_run: ShownRun | None
    ) -> Entry:
        """The entry of a run that is to be logged, under the token by which it is shown already."""
        source = self.sources.of(result.config, data) if data is not None else None
        model = None
        if result.weights is not None and data is not None:
            model = from_weights(result.config, data, result.weights)
        # The model has them now.
        result = replace(result, weights=None)
        entry = Entry(
            result,
            key,
            source,
            self.experiment,
            self.sweep_id,
            self.again,
            model=model,
            params=self.settings.own(result.config),
        )
        return replace(entry, token=live_run.token) if live_run is not None else entry

    def keep(self, entry: Entry) -> None:
        """Put a run into the outbox."""
        try:
            self.waiting.append(outbox_of(self.store.uri).put(entry))
        except OSError as error:
            raise ConfigError(
                KEY,
                self.store.uri,
                f"logging failed ({self.trouble}), and so did writing to {self.outbox} "
                f"({error.strerror or error}); runs saved before are safe",
            ) from error

    def recover(self) -> None:
        """Log what waits in the outbox, if the store accepts it now."""
        if not self.waiting:
            return
        began = monotonic()
        if self.store.engine is not None:
            # A connection to what was there before may be of no use.
            self.store.engine.dispose()
        self.pause(began, failing=sync(self.store).failing)
        self.showing = not self.failing
        self.waiting = [file for file in self.waiting if file.exists()]

    def pause(self, began: float, *, failing: bool) -> None:
        """Leave a store that fails alone for a while, the longer the longer that took."""
        self.failing = failing
        now = monotonic()
        self.again_at = now + max(REST_SECONDS, SPARE * (now - began))

    def close(self, status: str) -> None:
        """End the parent run, if the store can be reached."""
        if self.failing:
            return
        for live_run in self.live_runs.values():
            with failures_suppressed():
                give_up(self.store, live_run, "the sweep ended before it did")
        if self.joined:
            return
        with failures_suppressed():
            counts = [Metric(f"runs_{s}", n, now(), 0) for s, n in self.statuses.items()]
            self.store.writer.amend(self.sweep_id, metrics=counts)
            self.store.client.set_terminated(self.sweep_id, status, now())


@contextmanager
def track_sweep(
    store: Store,
    experiment: str,
    settings: Mapping[str, Scalar],
    command: str,
    *,
    again: bool = False,
    skipped: Mapping[str, int] | None = None,
    configs: Iterable[RunConfig] = (),
    joint: Mapping[str, str] | None = None,
) -> Iterator[Tracker]:
    """Open the parent run of a sweep, and close it whatever happens.

    `settings` are the keys that concern the sweep as a whole; `command` is what asks for it again;
    `again` logs runs whose keys are tracked already once more; `skipped` says how many runs are
    left out for which reason; what all of `configs` share is kept with the parent run. `joint` has
    the tags of a sweep of several launches, whose parent run is opened by the first, and stays
    open. Raises ConfigError if the store fails before anything is done.
    """
    try:
        # What a launch has in common, others need not have.
        own = SweepSettings() if joint else settings_of(configs)
        tags = {COMMAND: storable(command, mark=CUT_OFF), **skipped_tags(skipped or {})}
        tags |= joint or process_tags()
        identity, run_id = open_parent(store, experiment, settings, own, sweep_name(command), tags)
        keys = TrackedKeys(store, identity)
        tracker = Tracker(keys, experiment, run_id, own, again, joined=joint is not None)
    except ConfigError:
        raise
    except failures() as error:
        raise ConfigError(KEY, store.uri, in_a_line(error)) from None
    status = "FAILED"
    try:
        yield tracker
        status = "FAILED" if tracker.statuses.get("failed") else "FINISHED"
    except (KeyboardInterrupt, SystemExit):
        status = "KILLED"
        raise
    finally:
        tracker.close(status)
