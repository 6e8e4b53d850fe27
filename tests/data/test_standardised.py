"""A run's training depends on nothing outside its training set, to the bit."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from nnbench.assembly import build, settle
from nnbench.data.dataset import classification, regression
from nnbench.data.standardised import Standardised, moments
from nnbench.training import train
from tests.build_small import repeats, run

ROWS = 60
MODELS = {"mlp": (5,), "rnn": (6, 3), "cnn": (4, 4, 2)}
"""Model → the shape of one input."""

EXTREMES = [0.0, 1e8, -1e10, 1e100, 1e300, -1.7e308, 1e-300]


def random_data(task, shape, missing, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(3, 2, (ROWS, *shape))
    if missing:
        x[rng.random(x.shape) < 0.1] = np.nan
    if task == "classification":
        return classification("random", x, np.arange(ROWS) % 3, "here")
    return regression("random", x, rng.normal(100, 5, (ROWS, 2)), "here")


def trained(configs, data):
    return train(build.stack([settle.settle_loss(c, data.task) for c in configs], data))


def assert_trained_alike(first, other):
    """Compare training results bit for bit; validation and test metrics may differ."""
    assert (first.status, first.reason) == (other.status, other.reason)
    np.testing.assert_equal(first.history.layer_statistics, other.history.layer_statistics)
    names = [name for name in first.history.curves if not name.startswith("validation_")]
    assert {"train_loss", "gradient_norm", "parameter_norm"} <= set(names)
    for name in names:
        np.testing.assert_array_equal(
            first.history.curves[name], other.history.curves[name], err_msg=name
        )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("task", ["classification", "regression"])
@pytest.mark.parametrize("model", MODELS)
# Not shrunk, since every example trains three stacks.
@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    missing=st.booleans(),
    chosen=st.integers(0, 2),
    subset=st.sampled_from(["validation", "test", "both"]),
    extreme=st.sampled_from([*EXTREMES, np.nan]),
    share=st.sampled_from([0.05, 1.0]),
    seed=st.integers(0, 1000),
)
def test_training_ignores_other_rows(
    model, task, dtype, missing, chosen, subset, extreme, share, seed
):
    data = random_data(task, MODELS[model], missing, seed)
    config = run(model=model, dtype=dtype, width=4, epochs=2, batch_size=16, norm="batch")
    configs = repeats(config, [seed, seed + 1, seed + 2])
    before = trained(configs, data)
    batches = build.stack([settle.settle_loss(c, data.task) for c in configs], data).batches
    parts = {"validation": batches.validation[chosen], "test": batches.test[chosen]}
    rows = parts[subset] if subset in parts else np.concatenate(list(parts.values()))
    rng = np.random.default_rng(seed)
    x, y = data.x.copy(), data.y.copy()
    spoilt = x[rows]
    spoilt[rng.random(spoilt.shape) < share] = extreme
    x[rows] = spoilt
    if task == "regression" and np.isfinite(extreme):
        y[rows] = extreme
    changed = replace(data, x=x, y=y)

    after = trained(configs, changed)
    (alone,) = trained(configs[chosen : chosen + 1], changed)

    assert_trained_alike(after[chosen], before[chosen])
    assert_trained_alike(alone, before[chosen])
    np.testing.assert_equal(alone.final, after[chosen].final)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", MODELS.values())
def test_copies_and_values_give_the_same_bits(shape, dtype, monkeypatch):
    data = random_data("regression", shape, missing=True, seed=0)
    data.x[50:] *= 1e300
    data.y[7] = 1e30
    training = np.array([np.arange(40), np.arange(5, 45)])
    rows = np.array([np.arange(ROWS), np.arange(ROWS)[::-1]])

    def seen(values, constant):
        standardised = Standardised(values, training, dtype, constant)
        out = np.empty((*rows.shape, *values.shape[1:]), dtype)
        standardised.gather(rows, out)
        return standardised, out

    for values, constant in ((data.x, np.inf), (data.y, 1)):
        monkeypatch.setattr("nnbench.data.standardised.COPIES_BYTES", 10**9)
        with_copies, expected = seen(values, constant)
        monkeypatch.setattr("nnbench.data.standardised.COPIES_BYTES", 0)
        without, out = seen(values, constant)
        assert with_copies.copies is not None
        assert without.copies is None
        np.testing.assert_array_equal(out, expected)
        later = without.select(np.array([1]))
        again = np.empty_like(out[1:])
        later.gather(rows[1:], again)
        np.testing.assert_array_equal(again, expected[1:])


@pytest.mark.parametrize("extreme", EXTREMES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("task", ["classification", "regression"])
def test_extreme_values_in_training_end_no_sweep(task, dtype, extreme):
    data = random_data(task, (5,), missing=False, seed=0)
    data.x[::2, 0] = extreme
    if task == "regression":
        data.y[::3, 0] = extreme

    results = trained(repeats(run(dtype=dtype, epochs=2), [0, 1]), data)

    for result in results:
        assert result.status in ("finished", "diverged")
        assert bool(result.reason) or result.status == "finished"


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1.0, 1e100, 1e160, 1e307])
@pytest.mark.parametrize("offset", [0, 1e6])
def test_moments_of_any_size(scale, offset):
    values = np.random.default_rng(0).uniform(-1, 1, (70, 3)) + offset
    rows = np.arange(5, 60)
    if offset and scale == 1e307:
        scale = 1e300

    mean, std = moments(values * scale, rows)

    np.testing.assert_allclose(
        mean, values[rows].mean(axis=0) * scale, rtol=1e-9, atol=1e-12 * scale
    )
    np.testing.assert_allclose(std, values[rows].std(axis=0) * scale, rtol=1e-9)


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e16 + 2, -1e300, 5e-324])
def test_equal_values_have_no_deviation(value):
    mean, std = moments(np.full((49, 1), value), np.arange(49))

    assert mean == value
    assert std == 0


def test_smallest_difference_has_a_deviation():
    """A standard deviation of the values themselves would lose it to rounding."""
    values = np.array([[1e16], [1e16 + 2]] * 10)

    mean, std = moments(values, np.arange(20))

    assert std == pytest.approx(1)
    assert mean in (1e16, 1e16 + 2)


def test_a_feature_without_values_is_nothing():
    values = np.array([[np.nan, 1.0], [np.nan, 3.0], [7.0, np.nan]])

    mean, std = moments(values, np.arange(2))

    np.testing.assert_array_equal(mean, [0, 2])
    np.testing.assert_array_equal(std, [0, 1])
