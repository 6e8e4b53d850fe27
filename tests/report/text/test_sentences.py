import numpy as np
import pytest

from nnbench.report.text.phrases import MOST_NAMED
from nnbench.report.text.verdict import verdicts
from tests.report.runs import NOISE, depths, found, lost, run, table


def on(runs, compare="depth", **changes):
    """What is said of single data sets."""
    said = verdicts(found(runs, compare, **changes))
    return [sentence for sentence in said if sentence.startswith("On ")]


def test_clear_difference_is_claimed_with_its_evidence():
    runs = depths({1: np.full(6, 0.8), 3: 0.9 + NOISE})
    (each,) = found(runs).contrasts

    (only,) = on(runs)

    low, high = 100 * each.difference.low, 100 * each.difference.high
    # The networks have 15 and 25 parameters, which is no one size.
    assert only == (
        "On digits, depth 3 beats depth 1 by 10.08 points of test accuracy (95% interval "
        f"{low:.2f} to {high:.2f}, 6 paired seeds, Holm-corrected p = 0.031)."
    )
    assert 8.3 < low < 9.3 < 10.9 < high < 11.9


def test_equal_size_is_said():
    runs = depths({1: np.full(6, 0.8), 3: 0.9 + NOISE}).assign(n_params=[20_100] * 6 + [19_800] * 6)

    assert on(runs)[0].startswith("On digits at about 20,000 parameters, depth 3 beats")


def test_worse_is_said_as_plainly():
    (only,) = on(depths({1: 0.9 + NOISE, 3: np.full(6, 0.5)}))

    assert "depth 3 loses to depth 1 by 40.08 points" in only


def test_no_difference_is_not_claimed_and_what_it_takes_is_said():
    runs = depths({1: np.full(6, 0.8), 3: 0.8 + NOISE})
    (each,) = found(runs).contrasts

    (only,) = on(runs)

    assert "depth 3 can't be told from depth 1: +0.08 points of test accuracy (95%" in only
    assert (
        f"; about {each.more_seeds} more seeds would be needed to tell a difference of 0.50" in only
    )


def test_too_small_a_difference_to_matter_is_said():
    (only,) = on(depths({1: np.full(6, 0.8), 3: 0.8 + NOISE / 10}))

    assert "depth 3 does as well as depth 1 for practical purposes" in only
    assert "within 0.50 points of test accuracy (its interval of 95%, 6 paired seeds)" in only
    (wider,) = on(depths({1: np.full(6, 0.8), 3: 0.8 + NOISE}), equivalence=0.05)
    assert "within 5.00 points" in wider


def test_a_difference_too_small_to_matter_is_told_from_larger_ones():
    few = {1: np.full(12, 0.8), 2: 0.802 + np.tile(NOISE, 2) / 50, 3: 0.9 + np.tile(NOISE, 2) / 50}
    large, small = on(depths(few))

    assert "depth 3 beats depth 1 by 10." in large
    assert "matter" not in large
    assert "depth 2 beats depth 1 by 0.20" in small
    assert small.endswith("Holm-corrected p = 0.00098), which is too little to matter.")


@pytest.mark.parametrize(
    ("seeds", "said"),
    [
        (1, "1 paired seed is too few for a verdict on depth 3 against depth 1: +10.00 points"),
        (5, "5 paired seeds are too few for a verdict on depth 3 against depth 1: +10.00 points"),
    ],
)
def test_few_seeds_give_no_verdict(seeds, said):
    (only,) = on(depths({1: [0.8] * seeds, 3: [0.9] * seeds}))

    assert said in only
    assert "; 6 are the fewest" in only


def test_no_seed_in_common_is_said():
    assert "depth 3 and depth 1 have no seed in common" in on(table(run(0), run(1, 3)))[0]


def test_lost_runs_allow_no_mean():
    rows = [*(run(s) for s in range(6)), *(run(s, 3, 0.99) for s in range(5)), lost(5, 3)]

    (only,) = on(table(*rows))

    assert (
        "1 of 6 runs with depth 3 came to nothing, and depth 3 can't be told from depth 1" in only
    )
    assert "beats" not in only


def test_lost_runs_are_the_reason_where_they_decide():
    rows = [*(run(s) for s in range(6)), *(lost(s, 3) for s in range(6))]

    (only,) = on(table(*rows))

    assert only == (
        "On digits, depth 3 loses to depth 1: 6 of 6 runs with depth 3 came to nothing, which "
        "count as the worst; it is better in 0% of 6 pairs (medians of test accuracy: worst and "
        "90.0%; Holm-corrected p = 0.031)."
    )


def test_a_difference_that_depends_on_the_choice_is_not_claimed():
    """Two rates do as well as each other on the validation part, and only one is worse."""
    sure = [0.02, 0.02, -0.015, -0.015, 0.01, 0.01]
    rows = [run(s, 1, 0.8 + NOISE[s] / 9, lr=0.1, validation=0.9 + sure[s]) for s in range(6)]
    rows += [run(s, 1, 0.95, lr=0.2, validation=0.899) for s in range(6)]
    rows += [run(s, 3, 0.9 + NOISE[s] / 5, lr=lr) for s in range(6) for lr in (0.1, 0.2)]

    (only,) = on(table(*rows))

    assert "depth 3 can't be told from depth 1: +10.01 points" in only
    assert (
        "since the difference depends on settings that the validation part can't tell apart" in only
    )


def test_r2_is_no_percentage():
    rows = [run(s, d, d / 10 + NOISE[s] * d, metric="r2") for d in (1, 3) for s in range(6)]

    assert "by 0.202 in test R²" in on(table(*rows))[0]


def test_a_loss_that_is_lower_is_better():
    rows = [
        run(s, d, test_loss=(1 + NOISE[s]) / d, best_validation_loss=1 / d)
        for d in (1, 3) for s in range(6)
    ]  # fmt: skip

    (only,) = on(table(*rows), metric="test_loss")

    assert "depth 3 beats depth 1 by 0.667 in test loss (95% interval 0.6" in only


def test_values_of_one_outcome_share_a_sentence():
    runs = depths({1: np.full(9, 0.8), **{d: 0.9 + np.resize(NOISE, 9) / d for d in (2, 3)},
                   4: 0.5 + np.resize(NOISE, 9)})  # fmt: skip

    better, worse = on(runs)

    assert better.startswith("On digits, depth 2 and depth 3 beat depth 1: +10.")
    assert (
        "of test accuracy (95% intervals, 9 paired seeds, Holm-corrected p at most 0.012)" in better
    )
    assert worse.startswith("On digits, depth 4 loses to depth 1 by ")


def test_many_values_are_cut_short():
    runs = depths({d: 0.5 + d / 100 + np.resize(NOISE, 12) for d in range(MOST_NAMED + 4)})

    (only,) = on(runs)

    named = ", ".join(f"depth {d}" for d in range(1, 9))
    assert only.startswith(f"On digits, {named} and 3 more beat depth 0: +1.00; +2.00; ")
    assert "; +8.00 points" in only


def test_a_difference_without_spread_is_claimed_without_an_interval():
    (only,) = on(depths({1: [27 / 30] * 6, 3: [28 / 30] * 6}))

    assert "depth 3 beats depth 1 by 3.33 points of test accuracy (6 paired seeds, Holm" in only


def test_a_clear_interval_that_the_test_does_not_support_is_said():
    """Six seeds that all agree can't be enough for two comparisons: no small number is missing."""
    runs = depths({1: np.full(6, 0.5), 3: 0.8 + NOISE, 6: 0.5 + NOISE})

    three, six = on(runs)

    assert three.startswith("On digits, depth 6 can't be told from depth 1: +0.08 points")
    assert "depth 3 can't be told from depth 1: +30.08 points of test accuracy (95%" in six
    assert six.endswith(
        "; its interval leaves out zero, but the test doesn't show a difference (Holm-corrected "
        "p = 0.062, which can't be below 0.062 with so few seeds)."
    )
    assert [each.more_seeds is None for each in found(runs).contrasts] == [True, False]


def test_lost_runs_that_too_few_seeds_can_claim_come_with_the_reason():
    rows = [run(s, d, 0.9 + NOISE[s] * d) for d in (1, 6) for s in range(6)]

    said = on(table(*rows, *(lost(s, 3) for s in range(6))))

    assert said[-1] == (
        "On digits, 6 of 6 runs with depth 3 came to nothing, and depth 3 can't be told from "
        "depth 1 (6 paired seeds, Holm-corrected p = 0.062, which can't be below 0.062 with so "
        "few seeds)."
    )


def test_differences_that_are_all_the_same_are_not_small_for_sure():
    """Without an interval nobody knows how different others would be."""
    none, some = on(depths({1: [0.8] * 6, 2: [0.801] * 6, 3: [0.8] * 6, 4: [0.8] * 6}))

    assert none == (
        "On digits, depth 3 and depth 4 can't be told from depth 1: all seeds gave the same figure "
        "as with it, which leaves no interval (6 paired seeds)."
    )
    assert some == (
        "On digits, depth 2 can't be told from depth 1: all seeds gave the same difference, +0.10 "
        "points of test accuracy, which leaves no interval (6 paired seeds, Holm-corrected p = "
        "0.094, which can't be below 0.094 with so few seeds)."
    )


def test_values_that_were_all_lost_are_not_equal():
    rows = [*(lost(s, d) for d in (1, 3) for s in range(8)), *(run(s, 6) for s in range(8))]

    assert [each.outcome for each in found(table(*rows)).contrasts] == ["undecided", "better"]


def test_equal_differences_that_depend_on_the_choice_are_said_to():
    """At the rate that is as good on the validation part, depth 3 is no better."""
    ahead = [0.02, 0.02, -0.015, -0.015] * 2
    rates = ((0.1, 0.8, np.zeros(8)), (0.2, 0.9, ahead))
    rows = [run(s, 1, test, 0.9 - behind[s], lr=lr) for lr, test, behind in rates for s in range(8)]
    rows += [run(s, 3, 0.9, lr=lr) for lr in (0.1, 0.2) for s in range(8)]

    (only,) = on(table(*rows))
    assert only.endswith("depends on settings that the validation part can't tell apart.")


def test_differences_that_are_rounded_are_none():
    tiny = 0.5 + 1e-10 * np.array([1, -1, 1, -1, 1, 1])
    (only,) = on(depths({1: [0.5] * 6, 3: tiny}))
    assert "all seeds gave the same figure as with it" in only


def test_a_value_that_lost_runs_in_no_pair_beats_nothing():
    """Six seeds have both; all fourteen further runs of the better one were lost."""
    rows = [*(run(s, 1, 0.8 + NOISE[s] / 10) for s in range(6)),
            *(run(s, 3, 0.9 + NOISE[s]) for s in range(6)),
            *(lost(s, 3) for s in range(6, 20))]  # fmt: skip
    (only,) = on(table(*rows))

    assert only == (
        "On digits, 14 of 20 runs with depth 3 came to nothing, and depth 3 can't be told from "
        "depth 1 (6 paired seeds, Holm-corrected p = 0.031); 14 lost runs are in no pair, since "
        "the other has not got the seed."
    )


def test_what_no_test_could_show_is_not_put_down_to_settings():
    """Of ten comparisons with six seeds none can be claimed, whatever the settings."""
    rows = [
        run(s, d, (0.8 + (0.06 if s % 2 else -0.02)) if (d, lr) == (1, 0.001)
            else 0.8 + (0.03 + NOISE[s] / 10 if d > 1 else 0),
            validation=0.8 + NOISE[(s + int(lr * 1000)) % 6], lr=lr)
        for d in range(1, 12) for lr in (0.01, 0.001) for s in range(6)
    ]  # fmt: skip
    said = " ".join(on(table(*rows)))

    assert "can't be below 0.31 with so few seeds" in said
    assert "settings that the validation part" not in said


def test_several_differences_without_spread_have_no_intervals():
    rows = [run(s, d, 0.8 + d / 100 + NOISE[s % 6]) for d in (1, 3, 5) for s in range(8)]

    (only,) = on(table(*rows))

    assert "beat depth 1: +2.00; +4.00 points of test accuracy (8 paired seeds" in only
