"""Two compared keys in one chart."""

from nnbench.report.analysis.best_of_k import courses
from nnbench.report.charts.axis_and_colour import (
    axis_and_colour,
    coloured,
    side_by_side,
    undrawn_text,
    values_of,
)
from nnbench.report.text.comparison import undrawn_values_text
from tests.report.runs import compared, lost, run, table
from tests.report.sections.asking import findings


def comparison(names, keys=("activation", "depth"), gone=()):
    """Activations that are the worse the later their name comes, but none for the test set."""
    rows = [
        lost(s, d, activation=name) if name in gone and s == 0
        else run(s, d, test=i / 100, validation=0.9 - i / 100, activation=name)
        for s in range(2) for d in (1, 3) for i, name in enumerate(names)
    ]  # fmt: skip
    return findings(table(*rows), *keys).comparison


def test_the_key_with_an_order_is_the_axis():
    assert axis_and_colour(comparison(("relu", "tanh"))) == ("depth", "activation")
    both = comparison(("relu", "tanh"), ("depth", "activation"))
    assert axis_and_colour(both) == ("depth", "activation")


def test_of_two_keys_with_order_first_is_axis():
    runs = table(*(run(s, d, lr=lr) for s in range(2) for d in (1, 3) for lr in (0.1, 1.0)))
    assert axis_and_colour(findings(runs, "lr", "depth").comparison) == ("lr", "depth")


def test_values_of_a_key_are_in_order():
    assert values_of(comparison(("tanh", "relu")), "depth") == [1, 3]
    assert values_of(comparison(("tanh", "relu")), "activation") == ["relu", "tanh"]


def test_best_validation_scores_win_scarce_colours():
    compared_values = comparison("abcdefghij", gone="a")
    assert coloured(compared_values, "activation") == list("bcdefghi")
    assert "Of the 10 values of activation, the 8 with" in undrawn_text(
        compared_values, "activation"
    )
    assert undrawn_text(comparison("abc"), "activation") == ""


def test_first_key_becomes_data_side_by_side():
    rows = [run(s, d, optimizer=name, lr=lr, test=d / 10 + lr)
            for name in ("adam", "sgd") for d in (1, 3) for lr in (0.1, 0.2, 0.3)
            for s in range(2)]  # fmt: skip
    both = compared(table(*rows), ("depth", "optimizer"))

    alone = side_by_side(both)

    assert (alone.keys, alone.values) == (("optimizer",), ["adam", "sgd"])
    assert alone.datasets == ["digits with depth 1", "digits with depth 3"]
    assert alone.runs["dataset"].value_counts().to_dict() == dict.fromkeys(alone.datasets, 12)
    for group, original in zip(alone.groups, both.groups, strict=True):
        assert group.runs is original.runs
    # What is drawn from it is of the same runs: three settings each.
    assert [len(course.mean) for course in courses(alone, "digits with depth 3")] == [3, 3]
    assert undrawn_values_text(alone) == ""
    assert side_by_side(both, 1).datasets == ["digits with depth 1"]
    assert undrawn_values_text(side_by_side(both, 1)) == " The first 1 of 2 cases."
    single = compared(table(*rows))
    assert side_by_side(single, 1) is single
