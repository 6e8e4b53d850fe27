"""A training step makes no arrays of its own."""

import tracemalloc

import numpy as np
import pytest

from nnbench.data.batches import Batches
from nnbench.training.passes import Passes
from tests.build_small import options, repeats, run, stacked

RUNS, BATCH, WIDTH = 4, 256, 64
PRODUCTS = ("muon", "shampoo")
"""Optimizers that multiply matrices with each other, which takes more time than memory."""
BUFFER = RUNS * BATCH * WIDTH
"""Elements of a buffer of activations: several times what NumPy's own loops buffer."""


def peak_of_a_warm_step(dtype, **settings):
    """Bytes that a training step takes for itself at most, once everything has been made."""
    config = run(dataset="digits", depth=2, width=WIDTH, dtype=dtype, **settings)
    stack = stacked(repeats(config, range(RUNS)))
    params = stack.network.params(RUNS, dtype)
    params.values[:] = np.random.default_rng(0).normal(0, 0.1, params.values.shape)
    passes = Passes(stack.network, stack.loss, stack.batches, params, BATCH)
    rows = stack.batches.train[:, :BATCH]
    rate = np.full((RUNS, 1), 1e-4, dtype)
    state = stack.optimizer.init(params)

    def step(t):
        passes.backpropagate(rows)
        # As if it fell; working it out is no part of every step.
        params.losses -= 1
        stack.optimizer.step(params, state, rate, t)

    step(1)
    tracemalloc.start()
    try:
        step(2)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("group", "name"),
    [
        (group, name)
        for group in ("activation", "loss", "optimizer")
        for name in options(group)
        if name not in PRODUCTS
    ],
)
def test_step_allocates_nothing(group, name, dtype):
    peak = peak_of_a_warm_step(dtype, **{group: name})

    assert peak < BUFFER * np.dtype(dtype).itemsize / 2


def test_array_made_in_a_step_is_noticed(monkeypatch):
    gather = Batches.gather

    def gather_and_copy(batches, rows, x, targets):
        gather(batches, rows, x, targets)
        x.copy()

    monkeypatch.setattr(Batches, "gather", gather_and_copy)

    assert peak_of_a_warm_step("float64") > BUFFER * 8
