"""The results of a run: plain arrays and numbers, with no library."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from nnbench.engine.arrays import Array
from nnbench.run.config import RunConfig

Status: TypeAlias = Literal["running", "finished", "diverged", "failed"]
Trouble: TypeAlias = Literal["", "exploded", "stalled"]

MACHINE = ("processor", "blas", "blas_kernel")
"""Properties of the machine that trained a run, on which the last digits of its results depend."""


@dataclass(frozen=True)
class History:
    """The curves of a run; epoch 0 is the network before training."""

    epochs: Array
    """(epochs,) of epoch numbers."""
    curves: dict[str, Array]
    """Name of a metric → (epochs,)."""
    layers: tuple[str, ...]
    """Names of the layers that have parameters, from the input on."""
    moments: Array
    """(moments,): epochs at which layer statistics were taken, about ten."""
    layer_statistics: dict[str, Array]
    """Name of a layer statistic → (moments, layers), see training/layer_statistics.py."""


class BestSetting(NamedTuple):
    """The setting of a sweep that has the best mean validation score on a data set."""

    words: str
    metric: str
    score: float
    """Mean of the metric over the seeds."""
    key: str
    """The key of its best run by that metric."""


class RunHistories(Mapping[str, History]):
    """run_id → curves of a run; of runs that left none there is no entry."""

    def curve(self, run_id: str, name: str) -> Array:
        """One curve, (epochs,). Raises KeyError if the run left none of that name."""
        return self[run_id].curves[name]


SCORES = (
    "test_accuracy", "test_r2", "best_validation_accuracy", "best_validation_r2", "best_epoch"
)  # fmt: skip
"""Final metrics that a result shows of itself."""


@dataclass(frozen=True, repr=False)
class RunResult:
    """The results of one run, complete or so far."""

    config: RunConfig
    status: Status
    history: History | None = None
    final: dict[str, float] = field(default_factory=dict)
    """Metrics that a run has once, such as test_accuracy, best_epoch, n_params, steps.

    n_flops are multiply-adds of the matrix products for one example, forward."""
    _: KW_ONLY
    seconds: float = 0.0
    """Training time without evaluation: the stack's, divided by its runs."""
    stack_runs: int = 1
    """Number of runs in the stack; `seconds` is comparable only of a run that trained alone."""
    reason: str = ""
    """Reason why a run failed, diverged or did not learn, in one line."""
    trouble: Trouble = ""
    """The kind of failure in training; empty for none."""
    layer: str = ""
    """The layer where training failed, if known."""
    weights: Array | None = None
    """(n,): what decides the outputs at the best epoch, parameters and then what layers measured
    (a `ParamStack.snapshot`); only on request, and if the run has finished."""
    machine: dict[str, str] = field(default_factory=dict)
    """Values of MACHINE for the run; unknown ones are left out."""
    share: float = 1.0
    """Completed share of the training."""

    def __repr__(self) -> str:
        """Summary in five lines: status, settings, scores, curves and time."""
        config, history = self.config, self.history
        settings = {
            "dataset": config.dataset.name, "model": config.model.name, "depth": config.depth,
            "width": config.width, "optimizer": config.optimizer.name, "lr": config.lr,
            "seed": config.seed,
        }  # fmt: skip
        scores = [f"{name} {self.final[name]:.4g}" for name in SCORES if name in self.final]
        curves = "none"
        if history is not None:
            curves = f"{len(history.curves)} metrics at {len(history.epochs)} epochs from 0 on"
        return "\n".join(
            (
                f"{type(self).__name__}: {self.status}" + (f" ({self.reason})" * bool(self.reason)),
                "  settings  " + " ".join(f"{key}={value}" for key, value in settings.items()),
                f"  scores    {', '.join(scores) or 'none'}",
                f"  curves    {curves}",
                f"  seconds   {self.seconds:.2f}, in a stack of {self.stack_runs}",
            )
        )
