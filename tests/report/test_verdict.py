import numpy as np
import pytest

from nnbench.report.select import compare_runs
from nnbench.report.verdict import MOST_SENTENCES, differences, verdicts

from .runs import depths, lost, run, table

NOISE = np.array([0.01, -0.01, 0.02, -0.02, 0.0, 0.005])


def sentences(runs, compare="depth"):
    return verdicts(compare_runs(runs, compare))


def test_clear_difference_is_claimed_with_its_evidence():
    # Pairs differ by 0.10 ± small; by hand: mean 0.1, standard error 0.01 · sd(NOISE/0.01)/√6.
    first, *_ = sentences(depths({1: np.full(6, 0.8), 3: 0.9 + NOISE}))

    mean = 10 + 100 * NOISE.mean()
    error = 100 * NOISE.std(ddof=1) / np.sqrt(6) * 2.570582  # t at 97.5%, 5 degrees of freedom
    assert first == (
        f"On digits, depth 3 beats depth 1 by {mean:.2f} points of test accuracy "
        f"(95% interval {mean - error:.2f} to {mean + error:.2f}, 6 paired seeds)."
    )


def test_worse_is_said_as_plainly():
    first, *_ = sentences(depths({1: 0.9 + NOISE, 3: np.full(6, 0.5)}))

    assert "depth 3 loses to depth 1" in first


def test_no_difference_is_not_claimed():
    first, *_ = sentences(depths({1: np.full(6, 0.8), 3: 0.8 + NOISE}))

    assert "depth 3 can't be told from depth 1" in first


def test_few_seeds_give_no_verdict():
    first, *_ = sentences(depths({1: [0.1, 0.1], 3: [0.9, 0.91]}))

    assert "2 paired seeds are too few for a verdict" in first


def test_one_seed_gives_no_verdict():
    first, *_ = sentences(depths({1: [0.1], 3: [0.9]}))

    assert "1 paired seed is too few for a verdict on depth 3 against depth 1: +80.00" in first


def test_lost_runs_allow_no_mean():
    rows = [*(run(s) for s in range(6)), *(run(s, 3, 0.99) for s in range(5)), lost(5, 3)]

    first, *_ = sentences(table(*rows))

    assert "1 of 6 runs with depth 3 came to nothing" in first
    assert "beats" not in first


def test_one_value_compares_nothing():
    (only,) = sentences(depths({3: [0.9, 0.8]}))

    assert only.startswith("These runs compare nothing: depth was 3 throughout.")


def test_one_learning_rate_is_said_with_the_verdict():
    *_, last = sentences(depths({1: np.full(6, 0.8), 3: 0.9 + NOISE}))

    assert "learning rate in use (0.001)" in last


def test_comparison_of_learning_rates_needs_no_such_word():
    rows = [run(s, lr=lr, test=lr + 0.01 * s) for lr in (0.1, 0.2) for s in range(6)]

    (only,) = sentences(table(*rows), "lr")

    assert "lr 0.2" in only


def test_r2_is_no_percentage():
    rows = [
        run(s, d, d / 10 + NOISE[s] * d, metric="r2") for d in (1, 3) for s in range(len(NOISE))
    ]

    first, *_ = sentences(table(*rows))

    assert "by 0.202 of test R²" in first


def test_many_comparisons_are_cut_short():
    runs = depths({d: 0.5 + d / 100 + NOISE for d in range(MOST_SENTENCES + 4)})

    said = sentences(runs)

    assert said[MOST_SENTENCES] == "The table has 3 more comparisons."


def test_more_comparisons_need_more_evidence():
    few = differences(compare_runs(depths({1: np.full(6, 0.8), 2: 0.9 + NOISE}), "depth"))
    runs = depths({1: np.full(6, 0.8), **dict.fromkeys(range(2, 12), 0.9 + NOISE)})
    many = differences(compare_runs(runs, "depth"))

    one, other = few["digits", 2], many["digits", 2]
    assert one.mean == pytest.approx(other.mean)
    assert other.high - other.low > 1.3 * (one.high - one.low)


def test_what_differed_as_well_is_said_with_the_verdict():
    rows = [run(s, d, d / 10 + NOISE[s] * d, epochs=d) for d in (1, 3) for s in range(6)]

    said = sentences(table(*rows))

    assert any("epochs differed along with depth" in sentence for sentence in said)


def test_equal_differences_are_no_claim():
    first, *_ = sentences(depths({1: [27 / 30] * 6, 3: [28 / 30] * 6}))

    assert "by the same in all of 6 pairs" in first
    assert "beats" not in first


def test_five_seeds_are_too_few_and_the_report_says_one_thing():
    first, *_ = sentences(depths({1: 0.8 + NOISE[:5] / 10, 3: 0.9 + NOISE[:5]}))

    assert "5 paired seeds are too few for a verdict" in first


def test_nothing_finished_is_the_verdict():
    (only,) = sentences(table(*(lost(s, d) for s in range(6) for d in (1, 3))))

    assert only == (
        "Not one of 12 runs finished, so that there is nothing to compare; most often: "
        "train_loss exploded."
    )
    (alone,) = sentences(table(*(lost(s, 1) for s in range(3))))
    assert alone.startswith("Not one of 3 runs finished")


@pytest.mark.parametrize(
    ("seeds", "said"),
    [
        (2, "On digits, 2 paired seeds are too few for a verdict on any of these against "),
        (8, "On digits, none of these can be told from "),
    ],
)
def test_what_is_the_same_of_many_values_is_said_once(seeds, said):
    names = [f"o{i}" for i in range(6)]
    rows = [
        run(seed, optimizer=name, test=0.9 + (seed * 7 + i * 3) % 5 / 100)
        for i, name in enumerate(names)
        for seed in range(seeds)
    ]
    rows += [run(seed, optimizer="bad", test=0.1 + seed / 100) for seed in range(seeds)]

    told = sentences(table(*rows), "optimizer")

    (joined,) = [sentence for sentence in told if sentence.startswith(said)]
    assert sum(f" {name}" in joined for name in names) == 6  # The reference and five others.
    assert any("optimizer bad loses" in sentence for sentence in told) == (seeds == 8)


def test_runs_that_learnt_nothing_are_counted_up_front():
    rows = [run(s, d, 0.1, trouble="stalled", reason="stalled") for s in range(6) for d in (1, 3)]
    assert "12 runs of 12 stalled" in " ".join(sentences(table(*rows)))
    assert "6 runs of 6 stalled" in " ".join(sentences(table(*rows[::2])))
