"""Gradients against central differences."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from nnbench.assembly import build
from nnbench.data.dataset import Dataset
from nnbench.engine.arrays import Array
from nnbench.engine.streams import stream
from nnbench.run.config import RunConfig
from nnbench.training.passes import Passes
from nnbench.verification.check import Check

STEP = 1e-6
"""Distance a parameter is moved to either side: errors of rounding and of curvature are alike."""
ALLOWED = 1e-6
ROWS = 5


def gradient_check(config: RunConfig, data: Dataset) -> Check:
    """The gradient of a run's loss on a few rows, in float64, by every parameter."""
    stack = build.stack([config], data)
    params = stack.network.params(1, "float64")
    stack.network.initialise(params.values[0], stream(config.seed, "init"))
    # Away from kinks: a unit without weights, as some initialisers make them, is on that of relu.
    params.values += np.random.default_rng(config.seed).normal(0, 0.1, params.values.shape)
    chance = [np.random.default_rng(config.seed)]
    passes = Passes(stack.network, stack.loss, stack.batches, params, ROWS, chance)
    tossed = chance[0].bit_generator.state
    rows = stack.batches.train[:, :ROWS]
    penalties = replace(stack.transform, clip_norm=None, clip_value=None)
    passes.backpropagate(rows)
    penalties.apply(params, np.empty_like(params.values))
    gradient = params.grads.copy()

    def loss() -> Array:
        stack.batches.gather(rows, passes.x, passes.targets)
        # What dropout leaves out must be the same in every pass.
        chance[0].bit_generator.state = tossed
        outputs = passes.network.forward(passes.x, train=True)
        return passes.loss.value(outputs, passes.targets) + penalties.penalty(params)

    expected = central_differences(loss, params.values)
    deviation = np.abs(gradient - expected).max() / max(np.abs(expected).max(), STEP)
    return Check("gradient", float(deviation), ALLOWED)


def central_differences(function: Callable[[], Array], point: Array) -> Array:
    """Gradients of the values (runs,) of `function` by the array (runs, …) that it reads."""
    gradient = np.empty_like(point)
    for index in np.ndindex(point.shape[1:]):
        at = (slice(None), *index)
        original = point[at].copy()
        point[at] = original + STEP
        above = function().copy()
        point[at] = original - STEP
        below = function().copy()
        point[at] = original
        gradient[at] = (above - below) / (2 * STEP)
    return gradient
