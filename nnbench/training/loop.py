"""The training loop: epochs, what they record, and which runs leave the stack."""

from collections.abc import Iterator
from contextlib import ExitStack
from time import perf_counter

import numpy as np

from nnbench.engine import compiled
from nnbench.optim.optimizer import map_arrays
from nnbench.run.result import RunResult
from nnbench.training.checkpoint import Checkpoint
from nnbench.training.divergence_diagnosis import Snapshot, examine
from nnbench.training.evaluation import metrics_at_end
from nnbench.training.layer_statistics import GradientNorm, LayerStatistics
from nnbench.training.progress import Progress
from nnbench.training.stack import Stack
from nnbench.training.state import Step, Training
from nnbench.training.steps import steps_of


def train(
    stack: Stack,
    checkpoint: Checkpoint | None = None,
    progress: Progress | None = None,
    *,
    weights: bool = False,
) -> list[RunResult]:
    """Train every run of the stack; the results are in the order of its configurations.

    With a checkpoint training goes on from there, bit for bit as if it had never stopped; with
    progress it reports how far it is; with `weights` the results hold those of their best epochs.
    """
    # A diverging run overflows on its way; that is its own affair and is recorded as such.
    with np.errstate(all="ignore"), ExitStack() as held:
        if checkpoint:
            held.callback(checkpoint.release)
        loop = Loop(Training(stack), checkpoint, progress)
        for _ in loop.epochs():
            pass
        return loop.results(weights=weights)


class Loop:
    """The epochs of a stack's training."""

    def __init__(
        self,
        training: Training,
        checkpoint: Checkpoint | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.training, self.recorder = training, training.recorder
        self.checkpoint, self.progress = checkpoint, progress
        self.snapshot = Snapshot(training)

    def epochs(self) -> Iterator[int]:
        """Train to the end; yields the number of each epoch when it is recorded."""
        training = self.training
        done = self.checkpoint.begin(training) if self.checkpoint else 0
        if done:
            self.snapshot = Snapshot(training)
        else:
            self.record(0)
        if self.progress:
            # After the first evaluation, which may take long and is no part of what is left.
            self.progress.begin()
        for epoch in range(done + 1, training.epochs + 1):
            if not training.active.size:
                break
            started = perf_counter()
            self.train_epoch(epoch)
            seconds = perf_counter() - started
            training.seconds[training.active] += seconds / training.active.size
            compiled.account(seconds)
            self.record(epoch)
            self.retire(epoch)
            if self.checkpoint:
                self.checkpoint.keep(training, epoch)
            if self.progress:
                self.progress.tell(training)
            yield epoch

    def results(self, *, weights: bool = False) -> list[RunResult]:
        """Results of all runs, with all rows evaluated; `weights` adds the best parameters."""
        training, recorder = self.training, self.recorder
        finals = metrics_at_end(
            training.stack,
            recorder.best_values,
            recorder.last_values,
            finished=np.array([not reason for reason in recorder.reasons]),
            later=recorder.last_epoch > recorder.best_epoch,
        )
        results = recorder.results(finals, training.steps, training.seconds)
        return recorder.with_weights(results) if weights else results

    def train_epoch(self, epoch: int) -> None:
        """Pass once over the training set."""
        training = self.training
        self.snapshot.take(training, epoch)
        for number, step in enumerate(steps_of(training, epoch), start=1):
            if step.shows:
                self.observe(step)
            else:
                training.take(step)
            training.done = epoch - 1 + number / training.steps
            if self.progress:
                self.progress.tell(training)

    def observe(self, step: Step) -> None:
        """Take a step, and hand what its passes show to the recorder."""
        params = self.training.params
        close = any(map(self.recorder.is_moment, step.shows))
        look = LayerStatistics(params, step.passes.network) if close else GradientNorm(params)
        step.passes.observer = look
        values = params.values
        self.training.take(step)
        step.passes.observer = None
        if params.values is not values:
            # The layers hold views of the old ones.
            raise TypeError("params.values must be changed in place, as by params.values[:] = …")
        look.updated()
        for epoch in step.shows:
            self.recorder.look(epoch, self.training.active, look)

    def record(self, epoch: int) -> None:
        """Measure the active runs and hand the metrics to the recorder."""
        metrics, snapshot = self.training.measure()
        self.recorder.record(epoch, self.training.active, metrics, snapshot)

    def retire(self, epoch: int) -> None:
        """Take runs that have diverged or run out of patience out of the stack."""
        training = self.training
        diverged = self.recorder.lost(training.active)
        if diverged.size:
            places = examine(training, self.snapshot, diverged, epoch)
            self.recorder.locate(training.active[diverged], *places)
        stay = np.flatnonzero(self.recorder.goes_on(epoch, training.active))
        if stay.size < training.active.size:
            state = map_arrays(lambda array: array[stay], training.state)
            params, measured = training.params.snapshot(), training.measured.snapshot()
            training.go_on(stay, params[stay], measured[stay], state)
            self.snapshot = Snapshot(training)
