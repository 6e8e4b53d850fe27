"""Initial weights that depend on data."""

from dataclasses import replace

import numpy as np
import pytest

import nnbench
from nnbench.engine.layers.dense import Dense
from nnbench.training.state import Training
from tests.build_small import repeats, run, stacked
from tests.training.test_stacks import assert_same

SETTINGS = [
    {},
    {"activation": "tanh", "norm": "layer", "residual": True},
    {"norm": "batch", "batch_size": "full"},
    {"dropout": 0.5, "dataset": "diabetes"},
    {"activation": "prelu", "dtype": "float64", "depth": 0},
]


def outputs_of(training):
    """Outputs of every linear map for the first batch, by layer, (runs, batch, units)."""
    passes = training.whole
    passes.batches.gather(training.batches.train[:, : training.batch], passes.x, passes.targets)
    x, outputs = passes.x, []
    for layer in passes.network.layers:
        x = layer.forward(x, train=False)
        if isinstance(layer, Dense):
            outputs.append(x.copy())
    return outputs


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_every_layer_puts_out_variance_1(settings):
    config = run(**{"depth": 4, "width": 16, "dtype": "float32", "init": "lsuv", **settings})

    adjusted = outputs_of(Training(stacked(repeats(config, range(3)))))
    orthogonal = run(init="orthogonal").init
    plain = outputs_of(Training(stacked(repeats(replace(config, init=orthogonal), range(3)))))

    assert len(adjusted) == config.depth + 1
    for outputs in adjusted:
        np.testing.assert_allclose(outputs.var(axis=(1, 2)), 1, atol=0.1)
    assert any((abs(outputs.var(axis=(1, 2)) - 1) > 0.1).all() for outputs in plain)


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_run_starts_in_a_stack_as_alone(settings):
    config = run(**{"depth": 2, "dtype": "float32", "init": "lsuv", **settings})
    configs = repeats(config, range(3))

    for single, result in zip(configs, nnbench.train_stack(configs), strict=True):
        assert_same(result, nnbench.train(single))


def test_adjustment_uses_the_first_training_batch_only():
    config = run(init="lsuv", depth=2)
    stack, spoilt = stacked([config]), stacked([config])
    copies = spoilt.batches.x.copies
    others = np.setdiff1d(np.arange(len(copies)), spoilt.batches.train[0, :32])
    copies[others] *= -100

    first, other = Training(stack), Training(spoilt)

    np.testing.assert_array_equal(first.params.values, other.params.values)
    assert first.params.values.any()


def test_looking_takes_nothing_from_any_stream():
    config = run(init="lsuv", dropout=0.5, norm="batch")
    first, other = (Training(stacked([c])) for c in (config, replace(config, init=run().init)))

    for purpose in ("order", "dropout"):
        (mine,), (theirs,) = first.streams[purpose], other.streams[purpose]
        assert mine.random() == theirs.random()
    np.testing.assert_array_equal(first.params.statistics, other.params.statistics)


def test_layer_without_variance_is_left_alone():
    stack = stacked([run(init="lsuv", dtype="float32")] * 2)
    # Of the second run alone: then it has no inputs but zeros.
    rows = len(stack.batches.x.copies) // 2
    stack.batches.x.copies[rows:] = 0

    training = Training(stack)

    for weights in training.params.parts(training.params.values)[::2]:
        short = weights[1] if weights.shape[1] < weights.shape[2] else weights[1].T
        np.testing.assert_allclose(short @ short.T, np.eye(len(short)), atol=1e-6)
    np.testing.assert_allclose(outputs_of(training)[0][0].var(), 1, atol=0.1)
