"""Check that training with an optimizer lowers the loss."""

from dataclasses import replace
from math import inf

from nnbench.assembly import build
from nnbench.data.dataset import Dataset
from nnbench.run.config import RunConfig
from nnbench.training import train
from nnbench.verification.check import Check

EPOCHS = 50
"""Epochs, and least number of steps, whatever the batch."""
ALLOWED = 0.99
"""The slowest optimizers, at their own rates, reach 0.65 with seeds 0 to 4."""


def descent_check(config: RunConfig, data: Dataset) -> Check:
    """The training loss of a run alone, at its end relative to before training."""
    config = replace(config, epochs=EPOCHS, patience=None)
    (result,) = train(build.stack([config], data))
    if result.status != "finished" or result.history is None:
        return Check("descends", inf, ALLOWED, result.reason)
    loss = result.history.curves["train_loss"]
    return Check("descends", float(loss[-1] / loss[0]), ALLOWED)
