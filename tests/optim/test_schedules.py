"""Schedules against PyTorch's, and what holds for all."""

from dataclasses import replace

import numpy as np
import pytest

from nnbench import build
from nnbench.optim.schedules import Constant, Cosine, Step
from nnbench.verification.references import read
from tests.build_small import component, made, options
from tests.references.read import cases


@pytest.mark.parametrize("case", cases("schedules"))
def test_schedule_agrees_with_torch(case):
    arrays, known = read("schedules")
    chosen = replace(component("schedule", known[case]["option"]), options=known[case]["options"])
    total = arrays[case].size

    multipliers = build.make("schedule", chosen)(np.arange(total), total)

    np.testing.assert_allclose(multipliers, arrays[case], rtol=1e-10)


@pytest.mark.parametrize("total", [1, 2, 10, 333])
@pytest.mark.parametrize("warmup", [0.0, 0.1, 0.5, 0.99])
@pytest.mark.parametrize("name", options("schedule"))
def test_schedule_warms_up_to_the_full_rate(name, warmup, total):
    steps = np.arange(total)

    multipliers = made("schedule", name, warmup=warmup)(steps, total)

    length = int(warmup * total)
    assert multipliers.shape == steps.shape
    assert np.isfinite(multipliers).all()
    np.testing.assert_allclose(multipliers[:length], (steps[:length] + 1) / (length + 1))
    assert multipliers[length] == 1


@pytest.mark.parametrize("name", options("schedule"))
def test_schedule_goes_on_where_an_epoch_ended(name):
    """Asked epoch by epoch it gives what it gives at once."""
    schedule = made("schedule", name, warmup=0.2)

    at_once = schedule(np.arange(60), 60)
    by_epoch = [schedule(np.arange(start, start + 12), 60) for start in range(0, 60, 12)]

    np.testing.assert_array_equal(np.concatenate(by_epoch), at_once)


@pytest.mark.parametrize("total", range(3, 100, 3))
def test_every_third_of_training_is_a_step(total):
    multipliers = Step(every=1 / 3, factor=0.5)(np.arange(total), total)

    np.testing.assert_array_equal(multipliers, np.repeat([1, 0.5, 0.25], total // 3))


def test_cosine_falls_to_its_floor():
    multipliers = Cosine(floor=0.25)(np.arange(1001), 1000)

    assert (np.diff(multipliers) < 0).all()
    assert multipliers[500] == pytest.approx(0.625)
    assert multipliers[-1] == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("kind", "option", "value"),
    [
        (Constant, "warmup", 1.0),
        (Cosine, "warmup", -0.1),
        (Cosine, "floor", 1.5),
        (Step, "every", 0.0),
        (Step, "every", 2.0),
        (Step, "factor", 0.0),
        (Step, "factor", 1.5),
    ],
)
def test_schedule_refuses(kind, option, value):
    with pytest.raises(ValueError, match=option):
        kind(**{option: value})
