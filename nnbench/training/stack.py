"""Runs that train together."""

from collections.abc import Sequence
from dataclasses import dataclass

from nnbench.data.batches import Batches
from nnbench.engine.losses import Loss
from nnbench.engine.network import Network
from nnbench.optim.averages import Average
from nnbench.optim.gradient import GradientTransform
from nnbench.optim.optimizer import Optimizer
from nnbench.optim.schedules import Schedule
from nnbench.run.config import RunConfig


@dataclass(frozen=True)
class Stack:
    """Runs that perform the same operations on the same shapes, and what they are made of."""

    configs: Sequence[RunConfig]
    network: Network
    loss: Loss
    optimizer: Optimizer
    transform: GradientTransform
    schedules: Sequence[Schedule]
    averages: Sequence[Average | None]
    """One a run, or None for all of them."""
    batches: Batches
