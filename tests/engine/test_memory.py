"""A training step makes no arrays of its own."""

import tracemalloc

import numpy as np
import pytest

from nnbench.data.batches import Batches
from nnbench.engine.arrays import CACHE_LINE
from nnbench.optim.optimizer import arrays_of
from nnbench.training.state import Training
from tests.build_small import options, repeats, run, stacked

RUNS, BATCH, WIDTH = 4, 256, 64
PRODUCTS = ("muon", "shampoo", "soap")
"""Optimizers that multiply matrices with each other, which takes more time than memory."""
BUFFER = RUNS * BATCH * WIDTH
"""Elements of a buffer of activations: several times what NumPy's own loops buffer."""


def peak_of_a_warm_step(dtype, **settings):
    """Bytes that a training step takes for itself at most, once everything has been made."""
    config = run(dataset="digits", depth=2, width=WIDTH, dtype=dtype, batch_size=BATCH, **settings)
    training = Training(stacked(repeats(config, range(RUNS))))
    training.params.values[:] = np.random.default_rng(0).normal(
        0, 0.1, training.params.values.shape
    )
    training.state = training.optimizer.init(training.params)
    rows = training.batches.train[:, :BATCH]
    rate, weights = np.full((RUNS, 1), 1e-4, dtype), np.full((RUNS, 1), 0.5, dtype)

    def step(t):
        if training.optimizer.needs_losses:
            training.whole.backpropagate(rows)
            # As if it fell; working it out is no part of every step.
            training.params.losses -= 1
        else:
            training.differentiate(training.whole, rows)
        training.transform.apply(training.params, training.scratch)
        training.optimizer.step(training.params, training.state, rate, t)
        if training.averages:
            training.average(weights)

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


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "settings",
    [
        *({group: name} for group in ("norm", "wrapper", "average") for name in options(group)),
        {"dropout": 0.2, "residual": True},
        {"clip_norm": 1.0, "clip_value": 0.1, "l1": 0.01, "weight_decay": 0.01},
        {"average": "ema", "optimizer": "schedule_free_adamw", "wrapper": "sam"},
    ],
    ids=str,
)
def test_what_stands_around_allocates_nothing(settings, dtype):
    assert peak_of_a_warm_step(dtype, **settings) < BUFFER * np.dtype(dtype).itemsize / 2


def test_array_made_in_a_step_is_noticed(monkeypatch):
    gather = Batches.gather

    def gather_and_copy(batches, rows, x, targets):
        gather(batches, rows, x, targets)
        x.copy()

    monkeypatch.setattr(Batches, "gather", gather_and_copy)

    assert peak_of_a_warm_step("float64") > BUFFER * 8


@pytest.mark.parametrize("optimizer", options("optimizer"))
def test_vectors_of_steps_begin_at_cache_lines(optimizer):
    training = Training(stacked(repeats(run(width=WIDTH, optimizer=optimizer), range(RUNS))))
    values = training.params.values

    # Copies of the first parameters, of which an optimizer needs one at most, are NumPy's.
    vectors = [
        array
        for array in arrays_of(training.state)
        if array.shape == values.shape and not np.array_equal(array, values)
    ]

    for vector in (values, training.params.grads, training.scratch, *vectors):
        assert vector.ctypes.data % CACHE_LINE == 0
