"""The order in which compared values stand beside their reference."""

import numpy as np
import pytest

from nnbench.report.analysis.standings import standings
from tests.report.runs import depths, findings_of, lost, run, table

SEEDS = range(8)
SPREAD = np.resize([0.004, -0.004, 0.002, -0.002], 8)


def activations(**scores):
    """Runs by activation, around its score."""
    return table(*(run(s, activation=name, test=score + SPREAD[(s + i) % 8])
                   for i, (name, score) in enumerate(scores.items()) for s in SEEDS))  # fmt: skip


def names(block):
    return [group.value for group, _ in block.rows]


def test_numbers_keep_their_order():
    scores = {d: score + SPREAD for d, score in {1: 0.9, 2: 0.5, 4: 0.8, 16: 0.95}.items()}
    (block,) = standings(findings_of(depths(scores)))
    assert names(block) == [1, 2, 4, 16]
    assert [contrast is None for _, contrast in block.rows] == [True, False, False, False]


def test_words_are_sorted_by_effect():
    runs = activations(relu=0.8, tanh=0.7, gelu=0.9, sine=0.75)
    (block,) = standings(findings_of(runs, "activation"))
    assert names(block) == ["gelu", "relu", "sine", "tanh"]
    assert block.reference.value == "relu"


def test_lower_losses_come_first():
    rows = [
        run(s, activation=name, test_loss=loss + SPREAD[s], best_validation_loss=loss)
        for name, loss in {"relu": 0.5, "tanh": 0.9, "gelu": 0.2}.items()
        for s in SEEDS
    ]
    (block,) = standings(findings_of(table(*rows), "activation", metric="test_loss"))
    assert names(block) == ["gelu", "relu", "tanh"]


def test_two_keys_have_a_block_each():
    runs = table(*(run(s, d, 0.9 - d / 100 + SPREAD[s], params=p)
                   for p in (1000, 5000) for d in (1, 2, 4) for s in SEEDS))  # fmt: skip
    blocks = standings(findings_of(runs, ("params", "depth")))
    assert [block.shared for block in blocks] == [("params",), ("params",)]
    assert [names(block) for block in blocks] == [[(p, 1), (p, 2), (p, 4)] for p in (1000, 5000)]
    assert all(len(block.trend) == 3 for block in blocks)


def test_one_reference_of_two_keys_has_one_block():
    runs = table(*(run(s, d, 0.9 - d / 100 + SPREAD[s], optimizer=name)
                   for name in ("adam", "sgd") for d in (1, 2, 4) for s in SEEDS))  # fmt: skip
    (block,) = standings(findings_of(runs, ("optimizer", "depth"), reference=["sgd", 2]))
    assert block.shared == ()
    assert len(block.rows) == 6
    assert block.trend == ()


def test_trend_goes_through_mean_of_differences():
    means = {1: 0.90, 2: 0.88, 4: 0.87, 16: 0.80}
    (block,) = standings(findings_of(depths({d: mean + SPREAD for d, mean in means.items()})))
    slope, intercept = np.polyfit(np.log2(list(means)), np.array([*means.values()]) - 0.9, 1)
    assert [group.value for group, _ in block.trend] == list(means)
    expected = [intercept + slope * np.log2(d) for d in means]
    assert [value for _, value in block.trend] == pytest.approx(expected)


def test_cut_of_ordered_keys_spreads_over_them():
    scores = {d: 0.9 - d / 1000 + SPREAD for d in range(1, 41)}
    (block,) = standings(findings_of(depths(scores)))
    shown, rest = block.cut(12)
    assert len(names(shown)) == 12
    assert (names(shown)[0], names(shown)[-1]) == (1, 40)
    assert max(np.diff(names(shown))) <= 6
    assert sorted([*names(shown), *names(rest)]) == list(range(1, 41))
    assert names(rest) == [group.value for group, _ in rest.trend] == sorted(names(rest))


def test_cut_keeps_the_best_of_an_ordered_key():
    scores = {d: 0.5 + 0.3 * (d == 27) + np.roll(SPREAD, d) for d in range(1, 41)}
    (block,) = standings(findings_of(depths(scores)))
    assert 27 in names(block.cut(5)[0])


def test_cut_keeps_reference_and_largest_differences():
    scores = {"relu": 0.6} | {f"a{i}": 0.5 + i / 100 for i in range(30)}
    (block,) = standings(findings_of(activations(**scores), "activation"))
    shown, rest = block.cut(5)
    assert names(shown) == ["a29", "a28", "a27", "relu", "a0"]
    assert len(names(rest)) == 26
    assert block.cut(31) == (block, None)


def test_data_without_finished_runs_have_no_block():
    rows = [run(s, d, dataset="iris") for d in (1, 3) for s in SEEDS]
    gone = [lost(s, d, dataset="wine") for d in (1, 3) for s in SEEDS]
    blocks = standings(findings_of(table(*rows, *gone)))
    assert [block.reference.dataset for block in blocks] == ["iris"]


def test_a_single_value_has_no_block():
    assert standings(findings_of(depths({3: 0.9 + SPREAD}))) == []


def test_demonstrations_come_last_without_a_contrast():
    runs = table(*(run(s, init=name, test=score + SPREAD[s])
                   for name, score in {"zeros": 0.1, "he_normal": 0.9, "lecun_normal": 0.8}.items()
                   for s in SEEDS))  # fmt: skip
    (block,) = standings(findings_of(runs, "init", reference="he_normal"))
    assert names(block) == ["he_normal", "lecun_normal", "zeros"]
    assert block.rows[-1][1] is None
