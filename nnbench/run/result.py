"""What a run leaves behind: plain arrays and numbers, with no library."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from nnbench.engine.arrays import Array
from nnbench.run.config import RunConfig

Status: TypeAlias = Literal["running", "finished", "diverged", "failed"]
Trouble: TypeAlias = Literal["", "exploded", "stalled"]


@dataclass(frozen=True)
class History:
    """The course of a run; epoch 0 is the network before training."""

    epochs: Array
    """(epochs,) of epoch numbers."""
    curves: dict[str, Array]
    """Name of a metric → (epochs,)."""
    layers: tuple[str, ...]
    """Names of the layers that have parameters, from the input on."""
    moments: Array
    """(moments,): the epochs at which it was looked at more closely, about ten."""
    mechanism: dict[str, Array]
    """Name of a figure of every layer → (moments, layers), see training/layer_statistics.py."""


@dataclass(frozen=True)
class RunResult:
    """One run that was trained, or as far as it has come."""

    config: RunConfig
    status: Status
    history: History | None = None
    final: dict[str, float] = field(default_factory=dict)
    """Figures that a run has once, such as test_accuracy, best_epoch, n_params, steps.

    n_flops are multiply-adds of the matrix products for one example, forward."""
    seconds: float = 0.0
    """Training time without evaluation: the stack's, divided by its runs."""
    reason: str = ""
    """Why a run failed, diverged or learnt nothing, in one line."""
    trouble: Trouble = ""
    """What went wrong in training; empty for nothing."""
    layer: str = ""
    """The layer where it did, if that is known."""
    weights: Array | None = None
    """(n,): what decides the outputs at the best epoch, parameters and then what layers measured
    (a `ParamStack.snapshot`); only if it was asked for, and the run has finished."""
    share: float = 1.0
    """How much of its training is done."""
