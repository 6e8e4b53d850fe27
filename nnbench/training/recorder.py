"""The record of a stack in training: curves, best epochs, and reasons of divergence."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nnbench.engine.arrays import Array
from nnbench.engine.network import Network
from nnbench.run.config import RunConfig
from nnbench.run.metrics import OBJECTIVE, Task
from nnbench.run.result import History, RunResult, Trouble
from nnbench.training.divergence import divergences
from nnbench.training.layer_statistics import STATISTICS, GradientNorm, LayerStatistics, moments_of

LEARNT = 0.01
"""A run has stalled if its training loss never fell by this share of its initial value."""

VANISHED = 1e-6
"""A layer's gradient has vanished when its norm is this share of the largest layer's, or less."""


class Recorder:
    """The records of all runs of a stack; methods are told which of them are still active."""

    def __init__(
        self, configs: Sequence[RunConfig], network: Network, task: Task, values: Array
    ) -> None:
        runs, epochs = len(configs), configs[0].epochs
        self.configs = configs
        self.network = network
        self.objective = OBJECTIVE[task]
        self.patience = np.array([config.patience or np.inf for config in configs])
        self.curves: dict[str, Array] = {}
        self.moments = moments_of(epochs)
        self.places = {int(epoch): place for place, epoch in enumerate(self.moments)}
        """Epoch → its place among the moments."""
        shape = (runs, len(self.moments), len(STATISTICS), len(network.blocks))
        self.mechanism = np.full(shape, np.nan)
        self.last_epoch = np.zeros(runs, int)
        self.last_values = values.copy()
        self.improved_epoch = np.zeros(runs, int)
        """The last epoch that was truly better on the validation set than all before it."""
        self.best_epoch = np.zeros(runs, int)
        """The same, but ties go to the later epoch, which has learnt for longer.

        A few hundred rows tie often. On digits the first of the best epochs, or that of the lowest
        loss, has a test accuracy that is 0.4 to 0.6 percentage points lower."""
        self.best_values = values.copy()
        self.reasons = [""] * runs
        """Reason for which each run counts as diverged; empty for those that have not."""
        self.lost_step = np.zeros(runs, int)
        self.lost_layer = np.full(runs, -1)
        """Layer in which each run diverged; -1 for no layer."""

    def is_moment(self, epoch: int) -> bool:
        """True if layer statistics are due in this epoch."""
        return epoch in self.places

    def look(self, epoch: int, active: Array, look: GradientNorm) -> None:
        """Keep what was seen at a step of an epoch; rows are as in `record`."""
        self.curve("gradient_norm")[active, epoch] = look.gradient_norm
        if isinstance(look, LayerStatistics) and self.is_moment(epoch):
            self.mechanism[active, self.places[epoch]] = look.layers

    def curve(self, name: str) -> Array:
        """The curves of all runs of that name, (runs, epochs + 1)."""
        if name not in self.curves:
            self.curves[name] = np.full((len(self.configs), self.configs[0].epochs + 1), np.nan)
        return self.curves[name]

    def record(self, epoch: int, active: Array, metrics: dict[str, Array], values: Array) -> None:
        """Keep the metrics of an epoch, and the parameters of the runs that have not diverged.

        `active` holds the positions of the runs to which the rows of all others belong: metrics
        (active,) and parameters (active, size).
        """
        for name, column in metrics.items():
            self.curve(name)[active, epoch] = column
        healthy = np.ones(len(active), bool)
        for reason, diverged in divergences(self.curves, epoch, active):
            for run in active[diverged & healthy]:
                self.reasons[run] = reason
            healthy &= ~diverged
        put(self.last_epoch, self.last_values, active, healthy, epoch, values)
        score = self.curves[f"validation_{self.objective}"]
        now, best = score[active, epoch], score[active, self.best_epoch[active]]
        # Without a finite validation score there is no best epoch, so the last epoch is kept.
        for scores in (now, best):
            scores[np.isnan(scores)] = -np.inf
        # What the network was before training is not a candidate.
        improved = active[healthy & ((now > best) | (epoch == 1))]
        self.improved_epoch[improved] = epoch
        not_worse = healthy & ((now >= best) | (epoch == 1))
        put(self.best_epoch, self.best_values, active, not_worse, epoch, values)

    def lost(self, active: Array) -> Array:
        """Positions, among the active runs, of those that have diverged."""
        return np.flatnonzero([bool(self.reasons[run]) for run in active])

    def locate(self, runs: Array, steps: Array, layers: Array) -> None:
        """Keep the steps and layers where runs diverged."""
        self.lost_step[runs], self.lost_layer[runs] = steps, layers

    def goes_on(self, epoch: int, active: Array) -> Array:
        """Mask of the active runs that have neither diverged nor run out of patience."""
        in_order = np.array([not self.reasons[run] for run in active])
        going: Array = in_order & (epoch - self.improved_epoch[active] < self.patience[active])
        return going

    def results(
        self, finals: dict[str, Array], steps_per_epoch: int, seconds: Array
    ) -> list[RunResult]:
        """Results of all runs, with metrics (runs,) that are measured once a run has ended."""
        return [
            self.result(run, finals, steps_per_epoch, float(seconds[run]))
            for run in range(len(self.configs))
        ]

    def result(
        self, run: int, finals: dict[str, Array], steps_per_epoch: int, seconds: float
    ) -> RunResult:
        """The result of one run; a diverged run has no metrics."""
        last, best = int(self.last_epoch[run]), int(self.best_epoch[run])
        final = {
            "n_params": float(self.network.size),
            "n_flops": float(self.network.products),
            "steps": float(last * steps_per_epoch),
        }
        config = self.configs[run]
        for asked, reached in ((config.params, "n_params"), (config.flops, "n_flops")):
            if asked is not None:
                final["size_residual"] = final[reached] / asked - 1
        if self.reasons[run]:
            final["diverged_step"] = float(self.lost_step[run])
        else:
            final["best_epoch"] = float(best)
            for name, curve in self.curves.items():
                if name.startswith("validation_"):
                    final[f"best_{name}"] = float(curve[run, best])
            final |= {name: float(values[run]) for name, values in finals.items()}
        recorded = self.moments <= last
        trouble, layer, reason = self.exploded(run) if self.reasons[run] else self.stalled(run)
        return RunResult(
            config=self.configs[run],
            status="diverged" if self.reasons[run] else "finished",
            history=History(
                epochs=np.arange(last + 1),
                curves={name: curve[run, : last + 1] for name, curve in self.curves.items()},
                layers=tuple(block.name for block in self.network.blocks),
                moments=self.moments[recorded],
                layer_statistics=dict(
                    zip(STATISTICS, self.mechanism[run, recorded].swapaxes(0, 1), strict=True)
                ),
            ),
            final=final,
            seconds=seconds,
            stack_runs=len(self.configs),
            reason=reason,
            trouble=trouble,
            layer=layer,
        )

    def with_weights(self, results: list[RunResult]) -> list[RunResult]:
        """The results, those of finished runs with the weights of their best epochs."""
        return [
            replace(result, weights=values) if result.status == "finished" else result
            for result, values in zip(results, self.best_values.copy(), strict=True)
        ]

    def exploded(self, run: int) -> tuple[Trouble, str, str]:
        """The kind, place and reason of a run's divergence."""
        number = self.lost_layer[run]
        layer = self.network.blocks[number].name if number >= 0 else ""
        where = f" in {layer}" if layer else ""
        reason = f"exploded at step {self.lost_step[run]}{where}: {self.reasons[run]}"
        return "exploded", layer, reason

    def stalled(self, run: int) -> tuple[Trouble, str, str]:
        """The same of a run that finished, but with no or only partial learning.

        All three are empty for one that learnt.
        """
        last = self.last_epoch[run]
        first, *losses = self.curves["train_loss"][run, : last + 1]
        norms = self.mechanism[run, self.moments <= last, STATISTICS.index("gradient_norm")]
        never_fell = first - min(losses, default=first) < LEARNT * abs(first)
        layer = self.vanished(norms[-1:] if never_fell else norms)
        if never_fell:
            cause = f"train_loss never fell by {LEARNT:.0%} of its first value"
        elif layer:
            cause = f"its norm was never above {VANISHED:.0e} of the largest layer's"
        else:
            return "", "", ""
        where = f" in {layer}, whose gradient vanished" if layer else ""
        return "stalled", layer, f"stalled{where}: {cause}"

    def vanished(self, norms: Array) -> str:
        """The first layer whose gradient had vanished at all of some moments, or nothing.

        `norms` are (moments, layers).
        """
        small = (norms <= VANISHED * norms.max(axis=1, keepdims=True)).all(axis=0)
        return self.network.blocks[int(small.argmax())].name if small.any() else ""


def put(
    epochs: Array, stored_values: Array, active: Array, chosen: Array, epoch: int, values: Array
) -> None:
    """Keep an epoch and the values (active, size) of it, for the `chosen` of the active runs."""
    if chosen.all():  # Without a copy of what may be large.
        epochs[active], stored_values[active] = epoch, values
    else:
        epochs[active[chosen]], stored_values[active[chosen]] = epoch, values[chosen]
