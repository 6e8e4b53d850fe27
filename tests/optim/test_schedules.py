"""Schedules against PyTorch's, and what holds for all."""

import re
from dataclasses import replace

import numpy as np
import pytest

from nnbench.optim.schedules import (
    Constant,
    Cosine,
    CosineRestarts,
    Cyclic,
    Exponential,
    InverseSqrt,
    MultiStep,
    OneCycle,
    Plateau,
    Polynomial,
    Step,
    WarmupStableDecay,
)
from nnbench.optim.schedules.schedule import steps_of_share
from nnbench.options import components
from nnbench.verification.references import read
from tests.build_small import built, component, options
from tests.references.read import cases

BEGINNINGS = {"one_cycle": 0.04, "cyclic": 0.25}
"""Multipliers with which schedules begin that rise by themselves; the others begin with 1."""


PLATEAUS = [case for case in cases("schedules") if case.startswith("plateau")]


@pytest.mark.parametrize("case", [case for case in cases("schedules") if case not in PLATEAUS])
def test_schedule_agrees_with_torch(case):
    arrays, options_of = read("schedules")
    chosen = replace(
        component("schedule", options_of[case]["option"]), options=options_of[case]["options"]
    )
    total = arrays[case].size

    multipliers = components.make("schedule", chosen)(np.arange(total), total)

    np.testing.assert_allclose(multipliers, arrays[case], rtol=1e-10)


@pytest.mark.parametrize("case", PLATEAUS)
def test_plateau_agrees_with_torch(case):
    arrays, options_of = read("schedules")
    plateau = Plateau(**options_of[case]["options"])

    multipliers = [
        [plateau.after_epochs(curve[:epoch], curve.size) for epoch in range(curve.size)]
        for curve in arrays["losses"]
    ]

    np.testing.assert_allclose(multipliers, arrays[case], rtol=1e-10)
    assert (np.min(multipliers, axis=1) < 1).sum() >= 4


@pytest.mark.parametrize("total", [1, 2, 10, 333])
@pytest.mark.parametrize("warmup", [0.0, 0.1, 0.5, 0.99])
@pytest.mark.parametrize("name", options("schedule"))
def test_schedule_warms_up_to_where_it_begins(name, warmup, total):
    steps = np.arange(total)
    length = int(warmup * total)
    rest = total - length
    begins = built("schedule", name, warmup=0.0)(np.arange(rest), rest)[0]
    # One cycle of so few steps has no rise, in PyTorch neither.
    assert begins == BEGINNINGS.get(name, 1) or (name == "one_cycle" and 0.3 * rest <= 1)

    multipliers = built("schedule", name, warmup=warmup)(steps, total)

    assert multipliers.shape == steps.shape
    assert np.isfinite(multipliers).all()
    rising = begins * (steps[:length] + 1) / (length + 1)
    np.testing.assert_allclose(multipliers[:length], rising)
    assert multipliers[length] == begins


@pytest.mark.parametrize("name", [name for name in options("schedule") if name != "one_cycle"])
def test_schedule_means_the_same_at_any_length(name):
    schedule = built("schedule", name, warmup=0.2)

    short, long = schedule(np.arange(100), 100), schedule(np.arange(0, 2000, 20), 2000)

    # The warm-up counts its steps from 1 and so has other rates in between.
    np.testing.assert_allclose(short[20:], long[20:], rtol=1e-9)


@pytest.mark.parametrize("name", options("schedule"))
def test_schedule_goes_on_where_an_epoch_ended(name):
    """Asked epoch by epoch it gives what it gives at once."""
    schedule = built("schedule", name, warmup=0.2)

    at_once = schedule(np.arange(60), 60)
    by_epoch = [schedule(np.arange(start, start + 12), 60) for start in range(0, 60, 12)]

    np.testing.assert_array_equal(np.concatenate(by_epoch), at_once)


@pytest.mark.parametrize("name", options("schedule"))
def test_options_of_the_file_are_the_defaults(name):
    chosen = built("schedule", name)

    # A list in the file, a tuple in the class.
    np.testing.assert_equal(vars(chosen), vars(type(chosen)()))


@pytest.mark.parametrize("total", range(3, 100, 3))
def test_every_third_of_training_is_a_step(total):
    multipliers = Step(every=1 / 3, factor=0.5)(np.arange(total), total)

    np.testing.assert_array_equal(multipliers, np.repeat([1, 0.5, 0.25], total // 3))


@pytest.mark.parametrize("total", range(10, 1000, 10))
def test_every_milestone_is_a_drop(total):
    tenth = total // 10

    multipliers = MultiStep(milestones=[0.1, 0.3, 0.6, 0.7], factor=0.5)(np.arange(total), total)

    lengths = np.array([1, 2, 3, 1, 3]) * tenth
    np.testing.assert_array_equal(multipliers, np.repeat([1, 0.5, 0.25, 0.125, 0.0625], lengths))


@pytest.mark.parametrize("total", range(7, 2100, 7))
def test_cosine_restarts_in_ever_longer_periods(total):
    seventh = total // 7

    multipliers = CosineRestarts()(np.arange(total), total)

    whole = np.isclose(multipliers, 1, rtol=1e-12, atol=0)
    np.testing.assert_array_equal(np.flatnonzero(whole), [0, seventh, 3 * seventh])
    expected = [Cosine()(np.arange(n), n) for n in (seventh, 2 * seventh, 4 * seventh)]
    np.testing.assert_allclose(multipliers, np.concatenate(expected), rtol=1e-9)


@pytest.mark.parametrize("lengthening", [1, 1 + 1e-12, 1.5, 10])
def test_cosine_restarts_after_any_period(lengthening):
    periods = 0.01 * np.cumsum(lengthening ** np.arange(100.0))
    within = periods[periods < 0.999]

    just_before, just_after = (
        CosineRestarts(period=0.01, lengthening=lengthening).after_warmup(within + shift)
        for shift in (-1e-6, 1e-6)
    )

    np.testing.assert_allclose(just_before, 0, atol=1e-6)
    np.testing.assert_allclose(just_after, 1, atol=1e-6)


def test_one_cycle_rises_fully_and_falls_deeper():
    multipliers = OneCycle(peak=0.25, start=0.1, floor=0.01)(np.arange(1000), 1000)

    assert (multipliers[0], multipliers[249]) == (0.1, 1)
    assert multipliers[-1] == pytest.approx(0.01)
    assert (np.diff(multipliers[:250]) > 0).all()
    assert (np.diff(multipliers[249:]) < 0).all()


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (1, [4e-6]),
        (2, [0.811745653949763, 4e-6]),
        (3, [0.9944154354509117, 0.46263710266697505, 4e-6]),
        (20, {0: 0.04, 5: 1.0, 6: 0.9874640062350873, 19: 4e-6}),
    ],
)
def test_one_cycle_of_few_steps_matches_torch(total, expected):
    """Worked out by torch.optim.lr_scheduler.OneCycleLR (2.13)."""
    factors = expected if isinstance(expected, dict) else dict(enumerate(expected))

    multipliers = OneCycle()(np.arange(total), total)

    np.testing.assert_allclose(multipliers[list(factors)], list(factors.values()), rtol=1e-9)


def test_cyclic_goes_straight_up_and_down():
    multipliers = Cyclic(period=0.5, floor=0.2, factor=0.5)(np.arange(17), 16)

    expected = [0.2, 0.4, 0.6, 0.8, 1, 0.8, 0.6, 0.4, 0.2, 0.3, 0.4, 0.5, 0.6, 0.5, 0.4, 0.3, 0.2]
    np.testing.assert_allclose(multipliers, expected)


def test_wsd_warms_up_stays_and_decays():
    multipliers = WarmupStableDecay(warmup=0.2, decay=0.5, floor=0.2)(np.arange(10), 10)

    expected = [1 / 3, 2 / 3, 1, 1, 1, 1, 1, 0.8, 0.6, 0.4]
    np.testing.assert_allclose(multipliers, expected)


@pytest.mark.parametrize("power", [0.5, 1, 3])
def test_polynomial_falls_to_its_floor(power):
    multipliers = Polynomial(power=power, floor=0.2)(np.arange(101), 100)

    assert multipliers[50] == pytest.approx(0.2 + 0.8 * 0.5**power)
    assert multipliers[-1] == 0.2


def test_inverse_sqrt_halves_after_three_timescales():
    multipliers = InverseSqrt(timescale=0.2)(np.arange(101), 100)

    np.testing.assert_allclose(multipliers[[0, 20, 60]], [1, 0.5**0.5, 0.5])


def test_plateau_does_not_count_epochs_within_the_warmup():
    plateau = Plateau(warmup=0.25, patience=1, factor=0.5)
    losses = np.ones(20)

    multipliers = [plateau.after_epochs(losses[:epoch], 20) for epoch in range(9)]

    # The sixth epoch is the first that has a loss to be compared with.
    assert multipliers == [1, 1, 1, 1, 1, 1, 1, 1, 0.5]


def test_plateau_threshold_works_for_negative_losses():
    losses = -np.array([1, 1.05, 1.2, 1.2])

    assert Plateau(patience=0, threshold=0.1).after_epochs(losses[:2], 9) == 0.1
    assert Plateau(patience=1, threshold=0.1).after_epochs(losses, 9) == 1


@pytest.mark.parametrize("name", [name for name in options("schedule") if name != "plateau"])
def test_other_schedules_do_not_heed_the_loss(name):
    assert built("schedule", name).after_epochs(np.ones(99), 100) == 1


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
        (Step, "factor", "small"),
        (MultiStep, "milestones", []),
        (MultiStep, "milestones", [0.5, 0.5]),
        (MultiStep, "milestones", [0.7, 0.5]),
        (MultiStep, "milestones", [0, 0.5]),
        (MultiStep, "milestones", [0.5, 1]),
        (MultiStep, "milestones", [0.5, float("nan")]),
        (MultiStep, "milestones", ["half"]),
        (MultiStep, "milestones", "half"),
        (MultiStep, "milestones", 0.5),
        (MultiStep, "milestones", None),
        (MultiStep, "factor", 0),
        (Exponential, "floor", 0),
        (Exponential, "floor", 1.1),
        (Plateau, "factor", 0),
        (Plateau, "factor", 1),
        (Plateau, "patience", -1),
        (Plateau, "patience", 2.5),
        (Plateau, "threshold", 1),
        (Plateau, "cooldown", -1),
        (Plateau, "cooldown", None),
        (Plateau, "floor", 1.5),
        (Polynomial, "power", 0),
        (Polynomial, "power", float("inf")),
        (Polynomial, "floor", -0.1),
        (InverseSqrt, "timescale", 0),
        (InverseSqrt, "timescale", float("nan")),
        (CosineRestarts, "period", 0),
        (CosineRestarts, "period", 1.1),
        (CosineRestarts, "lengthening", 0.5),
        (CosineRestarts, "lengthening", float("inf")),
        (CosineRestarts, "floor", 2),
        (OneCycle, "peak", 0),
        (OneCycle, "peak", 1),
        (OneCycle, "start", 1.1),
        (OneCycle, "floor", -1),
        (OneCycle, "warmup", 1),
        (Cyclic, "period", 0),
        (Cyclic, "floor", 1.5),
        (Cyclic, "factor", 2),
        (WarmupStableDecay, "warmup", 1),
        (WarmupStableDecay, "decay", 0),
        (WarmupStableDecay, "decay", 1.5),
        (WarmupStableDecay, "floor", None),
    ],
)
def test_invalid_options_of_schedules_are_refused(kind, option, value):
    with pytest.raises(ValueError, match="^" + re.escape(f"{option}={value}: must be ")):
        kind(**{option: value})


def test_a_share_misses_no_step_by_rounding():
    for total in (50, 100, 1000):
        assert [steps_of_share(n / total, total) for n in range(total)] == list(range(total))
    assert steps_of_share(0.999, 100) == 99
