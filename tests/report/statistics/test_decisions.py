import numpy as np
import pytest

from nnbench.report.statistics import Effect, Outcome, TunedScores, decide, difference
from nnbench.report.statistics.decisions import Ordered, difference_level, equivalence_level
from nnbench.report.statistics.effects import combination
from nnbench.report.statistics.resampling import resamples

SPREAD = np.linspace(-1, 1, 20)


def effect(middle, spread=0.01, noise=1.0, seeds=20):
    """An effect of so large a mean; its resamples vary `noise` times as much as its mean."""
    per_seed = middle + spread * np.linspace(-1, 1, seeds)
    resampled = resamples(seeds).astype(float) @ per_seed / seeds
    return Effect(per_seed, middle + noise * (resampled - middle))


def outcomes(effects, margin=0.005, settled=None):
    return [decision.outcome for decision in decide(effects, [margin] * len(effects), settled)]


def test_a_difference_is_claimed_in_its_direction():
    assert outcomes([effect(0.02), effect(-0.02)]) == [Outcome.BETTER, Outcome.WORSE]
    assert outcomes([effect(0.0005, 0.03)]) == [Outcome.INCONCLUSIVE]


def test_both_test_and_interval_must_show_it():
    shown = effect(0.02)
    assert shown.p < 1e-5
    assert outcomes([effect(0.02, noise=10)]) == [Outcome.INCONCLUSIVE]
    (alone,) = decide([effect(0.0035)], [0.0])
    assert alone.outcome is Outcome.BETTER
    # Among many the test is corrected.
    p = effect(0.0035).p
    assert 0.0025 < p < 0.05
    many = [effect(0.0035)] + [effect(0.0001)] * 19
    first = decide(many, [0.0] * 20)[0]
    assert (first.outcome, first.comparisons) == (Outcome.INCONCLUSIVE, 20)
    assert first.p == pytest.approx(20 * p)


def test_difference_is_decided_by_its_family_interval():
    """The 90% interval excludes zero; of four comparisons that of 95% does not."""
    shown = effect(0.02, noise=7)
    low, low95 = shown.interval(0.9)[0], shown.interval(0.95)[0]
    assert low95 < 0 < low

    assert outcomes([shown]) == [Outcome.BETTER]
    decisions = decide([shown] * 4, [0.0] * 4)
    assert {decision.outcome for decision in decisions} == {Outcome.INCONCLUSIVE}
    assert decisions[0].level == pytest.approx(0.95)
    assert decisions[0].low == low95
    levels = [difference_level(comparisons) for comparisons in (1, 2, 4, 5, 16, 18)]
    assert levels == [0.9, 0.93, 0.95, 0.96, 0.975, 0.98]


def ordered(effects, trend, sequence, margin=0.0, **settled):
    """Decisions where all effects but the trend are along it."""
    return decide(effects, [margin] * len(effects), trends=[Ordered(trend, sequence)], **settled)


def test_claimed_trend_opens_sequence_to_first_unclaimed():
    """The farthest is claimed at 90% and the next not; the rest is left to that of 96%."""
    wide, none = effect(0.02, noise=7), effect(0.0, noise=7)
    effects = [wide, wide, none, wide]

    decisions = ordered(effects, wide, (3, 2, 1, 0))

    outcomes_ = [decision.outcome for decision in decisions]
    assert outcomes_ == [Outcome.INCONCLUSIVE] * 3 + [Outcome.BETTER] * 2
    assert [decision.level for decision in decisions] == pytest.approx([0.96] * 3 + [0.9] * 2)
    assert [decision.comparisons for decision in decisions] == [5, 5, 5, 1, 1]
    assert [decision.fewest_comparisons for decision in decisions] == [1] * 5


def test_p_in_sequence_is_largest_so_far():
    trend, far, near = effect(0.0035), effect(0.02), effect(0.004)
    assert far.p < near.p < trend.p < 0.05

    decisions = ordered([near, far], trend, (1, 0))

    assert [decision.p for decision in decisions] == [trend.p] * 3
    assert {decision.outcome for decision in decisions} == {Outcome.BETTER}


def test_unclaimed_trend_leaves_pairs_as_they_are():
    pairs = [effect(0.02, noise=7), effect(0.02), effect(0.0002)]

    decisions = ordered(pairs, effect(0.0), (0, 1, 2))

    alone = decide([*pairs, effect(0.0)], [0.0] * 4)[:3]
    assert [d.outcome for d in decisions[:3]] == [d.outcome for d in alone]
    assert [d.level for d in decisions[:3]] == [d.level for d in alone]
    assert decisions[3].outcome is Outcome.INCONCLUSIVE


def test_equivalence_and_unknown_settings_stay_in_a_sequence():
    slight, worse = effect(0.003, 0.001), effect(-0.02)
    settled = [(True, True), (False, True), (True, True)]

    decisions = decide(
        [slight, worse, worse], [0.005] * 3, settled, [Ordered(effect(-0.02), (2, 1, 0))]
    )

    assert [decision.outcome for decision in decisions] == [
        Outcome.EQUIVALENT, Outcome.NOT_COMPARABLE, Outcome.WORSE, Outcome.WORSE,
    ]  # fmt: skip
    assert [decision.is_unsettled for decision in decisions] == [False, True, False, False]


def test_several_trends_share_their_errors():
    wide, none = effect(0.02, noise=7), effect(0.0)
    low, low95 = wide.interval(0.9)[0], wide.interval(0.95)[0]
    assert low95 < 0 < low

    trends = [Ordered(wide, (0,)), *(Ordered(none, (place,)) for place in (1, 2, 3))]
    decisions = decide([wide, none, none, none], [0.0] * 4, trends=trends)

    assert {decision.outcome for decision in decisions} == {Outcome.INCONCLUSIVE}
    assert [decision.comparisons for decision in decisions] == [8] * 4 + [4] * 4


def test_equivalence_is_decided_at_alpha_over_comparisons():
    assert equivalence_level(1) == pytest.approx(0.9)
    assert equivalence_level(2) == pytest.approx(0.95)
    assert equivalence_level(5) == pytest.approx(0.98)
    close = effect(0.0, 0.02)
    low, high = close.interval(0.9)
    low98, high98 = close.interval(0.98)
    assert low98 < low < 0 < high < high98
    margin = (high + high98) / 2
    (alone,) = decide([close], [margin])
    assert (alone.outcome, alone.level) == (Outcome.EQUIVALENT, pytest.approx(0.9))
    assert (alone.low, alone.high) == (low, high)
    assert outcomes([close] * 5, margin) == [Outcome.INCONCLUSIVE] * 5
    assert outcomes([close] * 5, 1.01 * max(-low98, high98)) == [Outcome.EQUIVALENT] * 5


def test_a_significant_difference_within_the_margin_is_equivalent():
    slight = effect(0.003, 0.001)
    assert slight.p < 1e-5
    assert outcomes([slight]) == [Outcome.EQUIVALENT]
    assert outcomes([slight], 0.0) == [Outcome.BETTER]


@pytest.mark.parametrize(
    ("middle", "settled", "outcome"),
    [
        (0.02, (True, True), Outcome.BETTER),
        # The winner may be better still.
        (0.02, (False, True), Outcome.BETTER),
        (0.02, (True, False), Outcome.NOT_COMPARABLE),
        (-0.02, (False, True), Outcome.NOT_COMPARABLE),
        (-0.02, (True, False), Outcome.WORSE),
        (0.0, (True, False), Outcome.NOT_COMPARABLE),
        (0.0, (False, True), Outcome.NOT_COMPARABLE),
    ],
)
def test_unknown_best_is_neither_worse_nor_equivalent(middle, settled, outcome):
    (decision,) = decide([effect(middle, 0.005)], [0.01], [settled])

    assert decision.outcome is outcome
    assert decision.is_unsettled == (outcome is Outcome.NOT_COMPARABLE)


def test_what_is_inconclusive_stays_so():
    assert outcomes([effect(0.004, 0.1)], settled=[(False, False)]) == [Outcome.INCONCLUSIVE]


def test_few_pairs_are_not_comparable_nor_corrected_for():
    few, enough = effect(0.02, seeds=5), effect(0.02)

    decisions = decide([few, enough], [0.005, 0.005])

    assert [decision.outcome for decision in decisions] == [Outcome.NOT_COMPARABLE, Outcome.BETTER]
    assert decisions[1].comparisons == 1
    assert not decisions[0].is_unsettled
    assert np.isnan(decisions[0].p)


def tuned(per_seed):
    per_seed = np.asarray(per_seed, float)
    finite = np.isfinite(per_seed).all()
    rechosen = resamples(len(per_seed)).astype(float) @ per_seed / len(per_seed) if finite else (
        np.full(20_000, np.nan)
    )  # fmt: skip
    return TunedScores(0, np.zeros(1), np.ones(1), per_seed, rechosen)


def test_rounding_is_no_difference():
    rounded = np.full(20, 0.9) * (1 + 2e-16)
    assert (rounded != 0.9).all()

    same = difference(tuned(rounded), tuned(np.full(20, 0.9)))

    assert same.p == 1
    assert outcomes([same]) == [Outcome.INCONCLUSIVE]


def test_a_constant_difference_is_claimed_without_an_interval():
    (decision,) = decide([difference(tuned(np.full(20, 0.9)), tuned(np.full(20, 0.8)))], [0.005])

    assert decision.outcome is Outcome.BETTER
    assert np.isnan(decision.low)


def test_infinite_outcomes_are_decided_by_ranks():
    late = -np.arange(10.0, 20)
    late[::2] = -np.inf
    early = -np.arange(1.0, 11)
    early[2] = -np.inf  # as the other is, so no difference

    paired = difference(tuned(early), tuned(late))

    assert paired.per_seed[2] == 0
    assert paired.mean == 9
    assert outcomes([paired], 100.0) == [Outcome.BETTER]


def test_combination_by_hand():
    values = [tuned(SPREAD), tuned(SPREAD**2), tuned(SPREAD**3)]

    total = combination(values, np.array([0.5, -2.0, 1.0]))

    np.testing.assert_allclose(total.per_seed, 0.5 * SPREAD - 2 * SPREAD**2 + SPREAD**3)
    expected = resamples(20).astype(float) @ total.per_seed / 20
    np.testing.assert_allclose(total.resampled, expected, atol=1e-12)
