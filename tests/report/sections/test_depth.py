"""The section on depth."""

import pytest

from nnbench.report.sections import depth
from tests.report.runs import depths, run, table, texts

from .asking import findings, words

SURE = depths({1: [0.8] * 6, 3: [0.9] * 6})


def test_best_depth_and_its_evidence_are_said():
    section = depth.make(findings(SURE))
    assert section.title == "Depth at width 8"
    assert (
        "On digits, depth 3 is the best, and every other is worse (95% confidence, 6 paired "
        "seeds); depth 3 is the largest that was tried." in words(section)
    )
    best = section.tables[1].data.iloc[0]
    assert (best["depth"], best["not_worse"], best["count"]) == (3, "3", 6)
    assert texts(section.tables[1]) == [["digits", "3", "3", "100%", "6"]]


def test_depths_that_are_not_worse_are_named_together():
    section = depth.make(findings(depths({1: [0.8] * 6, 2: [0.9] * 6, 3: [0.9] * 6})))
    assert (
        "On digits, depth 2 is the best, and depth 3 is not shown to be worse (95% "
        "confidence, 6 paired seeds)." in words(section)
    )
    assert texts(section.tables[1]) == [["digits", "2", "2 and 3", "50%", "6"]]


def test_where_all_may_be_best_it_is_said():
    noise = [0.01, -0.01, 0.02, -0.02, 0.0, 0.005]
    section = depth.make(findings(depths({1: noise, 3: noise[::-1]})))
    assert "On digits, no depth is shown to be worse than the best, depth 1 (95%" in words(section)
    few = depth.make(findings(depths({1: [0.8] * 5, 3: [0.9] * 5})))
    assert (
        "On digits, depth 3 has the best mean score (5 paired seeds, too few to rule out any "
        "other)." in words(few)
    )
    assert texts(few.tables[1]) == [["digits", "3", "—", "100%", "5"]]


def test_gaps_have_columns_and_panels_of_their_own():
    section = depth.make(findings(SURE.assign(best_train_loss=0.1, test_loss=0.2)))
    assert {"train_loss", "test_loss", "fitting_gap_mean", "generalization_gap_mean"} <= set(
        section.tables[0].data
    )
    (figure,) = section.figures
    titles = [panel.to_dict()["title"] for panel in figure.panels]
    assert titles == ["digits: test accuracy", "digits: fitting gap",
                      "digits: generalization gap"]  # fmt: skip


def test_each_value_of_another_key_is_named():
    runs = table(
        *(run(s, d, 0.5 + d / 10, optimizer=name) for s in range(6) for d in (1, 3)
          for name in ("adam", "sgd"))
    )  # fmt: skip
    section = depth.make(findings(runs, "optimizer", "depth"))
    assert "On digits with sgd, depth 3 is the best" in words(section)
    assert list(section.tables[0].data["optimizer"]) == ["adam", "adam", "sgd", "sgd"]


def test_nothing_is_said_where_depth_is_not_compared():
    runs = table(*(run(s, 1, lr=lr) for s in range(2) for lr in (0.1, 1.0)))
    assert depth.make(findings(runs, "lr")) is None
    assert depth.make(findings(depths({3: [0.9, 0.8]}))) is None


def test_data_sets_are_drawn_up_to_a_number():
    runs = table(*(run(s, d, dataset=name) for s in range(2) for d in (1, 3) for name in "abc"))
    section = depth.make(findings(runs), datasets=2)
    assert len(section.figures[0].panels) == 2 * 3
    assert "The first 2 of 3 data sets" in section.figures[0].caption
    assert set(section.tables[0].data["dataset"]) == {"a", "b", "c"}


@pytest.mark.parametrize(("keys", "mark"), [(("depth",), "area"), (("optimizer", "depth"), "rule")])
def test_a_lone_line_has_a_band(keys, mark):
    names = ("adam", "sgd")[: len(keys)]
    runs = table(*(run(s, d, 0.9 - d / 100 + s / 1000, optimizer=name)
                   for name in names for d in (1, 3, 5) for s in range(6)))  # fmt: skip
    (figure,) = depth.make(findings(runs, *keys)).figures
    panel = figure.specifications[0]
    assert [layer["mark"]["type"] for layer in panel["layer"]] == [mark, "line", "point"]
    assert all(row["low"] < row["mean"] < row["high"] for row in panel["data"]["values"])
