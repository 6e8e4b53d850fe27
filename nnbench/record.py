"""What a run leaves behind: plain arrays and numbers, with no library."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from nnbench.config import RunConfig
from nnbench.engine.arrays import Array

Status: TypeAlias = Literal["running", "finished", "diverged", "failed"]


@dataclass(frozen=True)
class History:
    """The course of a run; epoch 0 is the network before training."""

    epochs: Array
    """(epochs,) of epoch numbers."""
    curves: dict[str, Array]
    """Name of a metric → (epochs,)."""
    layers: tuple[str, ...]
    """Names of the layers that have parameters, from the input on."""
    gradient_norms: Array
    """(epochs, layers): norm of the gradient of each layer's parameters, see training/loop.py."""


@dataclass(frozen=True)
class RunResult:
    """One run that was trained, or as far as it has come."""

    config: RunConfig
    status: Status
    history: History | None = None
    final: dict[str, float] = field(default_factory=dict)
    """Figures that a run has once, such as test_accuracy, best_epoch, n_params, steps."""
    seconds: float = 0.0
    """Training time without evaluation: the stack's, divided by its runs."""
    reason: str = ""
    """Why a run failed or diverged, in one line."""
