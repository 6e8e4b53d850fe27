"""What is written down while a stack trains: curves, best epochs, and what went wrong."""

from collections.abc import Sequence

import numpy as np

from nnbench.config import RunConfig
from nnbench.data.dataset import Task
from nnbench.engine.arrays import Array
from nnbench.engine.network import Network
from nnbench.metrics import OBJECTIVE
from nnbench.record import History, RunResult

EXPLODED = 1e3
"""A run has diverged when its training loss is so many times what it was before training."""


class Recorder:
    """The records of all runs of a stack; methods are told which of them are still active."""

    def __init__(
        self, configs: Sequence[RunConfig], network: Network, task: Task, values: Array
    ) -> None:
        runs, epochs = len(configs), configs[0].epochs
        self.configs = configs
        self.network = network
        self.objective = OBJECTIVE[task]
        self.curves: dict[str, Array] = {}
        self.gradient_norms = np.full((runs, epochs + 1, len(network.blocks)), np.nan)
        self.last_epoch = np.zeros(runs, int)
        self.last_values = values.copy()
        self.improved_epoch = np.zeros(runs, int)
        """The last epoch that was truly better on the validation part than all before it."""
        self.best_epoch = np.zeros(runs, int)
        """The same, but ties go to the later epoch, which has learnt for longer."""
        self.best_values = values.copy()
        self.reasons = [""] * runs
        """Why each run diverged; empty for those that did not."""

    def record(
        self, epoch: int, active: Array, figures: dict[str, Array], norms: Array, values: Array
    ) -> None:
        """Keep the figures of an epoch, and the parameters of the runs that are in order.

        `active` holds the positions of the runs to which the rows of all others belong: figures
        (active,), gradient norms (active, layers) and parameters (active, size).
        """
        for name, column in figures.items():
            if name not in self.curves:
                self.curves[name] = np.full(self.gradient_norms.shape[:2], np.nan)
            self.curves[name][active, epoch] = column
        self.gradient_norms[active, epoch] = norms
        for run in active:
            self.reasons[run] = self.what_is_wrong(run, epoch)
        healthy = np.array([not self.reasons[run] for run in active])
        self.last_epoch[active[healthy]] = epoch
        self.last_values[active[healthy]] = values[healthy]
        score = self.curves[f"validation_{self.objective}"]
        now, best = score[active, epoch], score[active, self.best_epoch[active]]
        # What the network was before training is not a candidate.
        improved = active[healthy & ((now > best) | (epoch == 1))]
        self.improved_epoch[improved] = epoch
        not_worse = healthy & ((now >= best) | (epoch == 1))
        self.best_epoch[active[not_worse]] = epoch
        self.best_values[active[not_worse]] = values[not_worse]

    def what_is_wrong(self, run: int, epoch: int) -> str:
        """Why a run has diverged at this epoch, or nothing."""
        for name, curve in self.curves.items():
            if not np.isfinite(curve[run, epoch]):
                return f"{name} was not a finite number at epoch {epoch}"
        loss = self.curves["train_loss"][run]
        if loss[epoch] > EXPLODED * loss[0]:
            return f"train_loss was over {EXPLODED:.0f} times its first value at epoch {epoch}"
        return ""

    def goes_on(self, epoch: int, active: Array) -> Array:
        """Which active runs have neither diverged nor run out of patience."""
        patience = np.array([self.configs[run].patience or np.inf for run in active])
        in_order = np.array([not self.reasons[run] for run in active])
        going: Array = in_order & (epoch - self.improved_epoch[active] < patience)
        return going

    def results(
        self, test: dict[str, Array], steps_per_epoch: int, seconds: Array
    ) -> list[RunResult]:
        """What each run leaves behind, with the figures (runs,) of the test part."""
        return [
            self.result(run, test, steps_per_epoch, float(seconds[run]))
            for run in range(len(self.configs))
        ]

    def result(
        self, run: int, test: dict[str, Array], steps_per_epoch: int, seconds: float
    ) -> RunResult:
        """What one run leaves behind; a diverged run has no figures of merit."""
        last, best = int(self.last_epoch[run]), int(self.best_epoch[run])
        final = {"n_params": float(self.network.size), "steps": float(last * steps_per_epoch)}
        if not self.reasons[run]:
            final["best_epoch"] = float(best)
            for name, curve in self.curves.items():
                if name.startswith(("train_", "validation_")):
                    final[f"best_{name}"] = float(curve[run, best])
            final |= {name: float(values[run]) for name, values in test.items()}
        return RunResult(
            config=self.configs[run],
            status="diverged" if self.reasons[run] else "finished",
            history=History(
                epochs=np.arange(last + 1),
                curves={name: curve[run, : last + 1] for name, curve in self.curves.items()},
                layers=tuple(block.name for block in self.network.blocks),
                gradient_norms=self.gradient_norms[run, : last + 1],
            ),
            final=final,
            seconds=seconds,
            reason=self.reasons[run],
        )
