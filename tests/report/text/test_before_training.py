"""Sentences on what the planned seeds can show."""

import re

import numpy as np
import pytest

from nnbench.report.compare.families import Family
from nnbench.report.compare.measure import Measure
from nnbench.report.metric import Metric
from nnbench.report.statistics import smallest_difference
from nnbench.report.text.before_training import before_training, seeds_that_show

COMMAND = "python -m nnbench -m depth=1,3,6 seeds=6 plan=true"
ACCURACY = Measure(Metric("accuracy"), "test_accuracy")


def family(pairs=2, trends=0, spread=np.nan, dataset="digits", measure=ACCURACY):
    return Family(dataset, measure, pairs, trends, spread)


@pytest.mark.parametrize(
    ("pairs", "trends", "seeds"),
    [(0, 0, 6), (1, 0, 6), (2, 0, 7), (2, 1, 6), (6, 2, 7), (4, 0, 8), (28, 0, 11)],
)  # fmt: skip
def test_seeds_that_show_are_those_of_smallest_p(pairs, trends, seeds):
    assert seeds_that_show([family(1), family(pairs, trends)]) == seeds
    assert 2.0 ** (1 - seeds) * max(trends or pairs, 1) <= 0.05


def test_too_few_seeds_are_one_line_with_command():
    (sentence,) = before_training([family(1), family(4)], 7, COMMAND)

    assert sentence.startswith("With 7 seeds and 4 comparisons, no difference")
    assert sentence.endswith(": python -m nnbench -m depth=1,3,6 seeds=8")
    assert "\n" not in sentence


def test_differences_never_found_alone_name_enough_seeds():
    # Enough for the trend, which comes first, but for no pair alone.
    assert np.isinf(smallest_difference(0.011, 6, 3))
    (sentence,) = before_training([family(2, 1)], 6, COMMAND)

    assert sentence.startswith("With 6 seeds and 3 comparisons (with the trend), no difference is")
    assert sentence.endswith(": python -m nnbench -m depth=1,3,6 seeds=7")
    (enough,) = before_training([family(2, 1)], 7, COMMAND)
    assert "differences from about" in enough
    assert "inf" not in enough


def test_short_preview_is_followed_by_the_sweep():
    command = "python -m nnbench +sweeps=optimizers quick=true plan=true"

    (sentence,) = before_training([family(28)], 9, command)

    assert sentence.endswith(": python -m nnbench +sweeps=optimizers")


@pytest.mark.parametrize(("typed", "offered"), [(3, 11), (9, 11), (11, 11), (20, 20)])
def test_sweep_after_a_preview_has_enough_seeds(typed, offered):
    command = f"python -m nnbench -m depth=1,2 seeds={typed} quick=true"

    (sentence,) = before_training([family(28)], 3, command)

    assert sentence.endswith(f": python -m nnbench -m depth=1,2 seeds={offered}")


def test_command_that_is_not_known_is_not_repeated():
    (sentence,) = before_training([family(28)], 9, "from Python")

    assert sentence.endswith("Enough seeds: seeds=11")


def test_the_smallest_difference_is_said_with_its_source():
    (sentence,) = before_training([family(2)], 10, COMMAND)
    size = 100 * smallest_difference(0.011, 10, 2)

    assert f"With 10 seeds and 2 comparisons, differences from about {size:.2g}\u00a0pp" in sentence
    assert "standard deviation of 1.1\u00a0pp" in sentence
    assert "reports" in sentence


def test_tracked_runs_are_a_better_source():
    (sentence,) = before_training([family(1, spread=0.05)], 10, COMMAND)

    assert f"about {100 * smallest_difference(0.05, 10, 1):.2g}\u00a0pp" in sentence
    assert "from the spread of runs tracked before)" in sentence


def test_data_sets_of_one_metric_share_a_sentence():
    measured = family(1, spread=0.05, dataset="wine")
    regression = family(1, dataset="diabetes", measure=Measure(Metric("r2"), "test_r2"))

    accuracy, r2 = before_training([measured, family(3), regression], 10, COMMAND)

    assert "1 to 3 comparisons" in accuracy
    ends = r"[\d.]+ \(digits\) to [\d.]+ \(wine\)"
    assert re.search(rf"about {ends}\u00a0pp of test accuracy", accuracy)
    assert "runs tracked before, else assuming" in accuracy
    assert f"about {smallest_difference(0.043, 10, 1):.2g} in test R²" in r2


def test_loss_without_usual_spread_gets_no_plan():
    loss = Measure(Metric("loss"), "test_loss")

    assert before_training([family(1, measure=loss)], 10, COMMAND) == []
    assert before_training([family(0)], 2, COMMAND) == []
    assert before_training([family(1, spread=0.0)], 10, COMMAND) == []
    assert len(before_training([family(1, spread=0.3, measure=loss)], 10, COMMAND)) == 1
