"""The answer's table beside its chart, and the page of a single configuration."""

import json

import numpy as np
import pytest

from nnbench.report.sections import answer
from tests.report.runs import TABLES, depths, findings_of, lost, run, table, texts

SPREAD = np.resize([0.004, -0.004, 0.002, -0.002], 10)


def table_of(runs, compare="depth", **changes):
    return answer.make(findings_of(runs, compare, **changes)).tables[0]


def test_row_has_score_difference_interval_and_outcome():
    runs = depths({1: 0.9 + SPREAD, 3: 0.85 + np.roll(SPREAD, 1)})
    findings = findings_of(runs.assign(rows=1000))
    shown = answer.make(findings).tables[0]
    (contrast,) = findings.contrasts
    assert shown.columns == [
        "depth", "Test accuracy", "Difference to depth 1,\u00a0pp", "90% CI", "95% CI, new rows",
        "Outcome", "n",
    ]  # fmt: skip
    first, second = texts(shown)
    assert first == ["1", "90.0%", "—", "—", "—", "reference", "—"]
    assert (second[:3], second[-2:]) == (["3", "85.0%", "−5.00"], ["▼ worse", "10"])
    assert shown.rows[1][3].value == contrast.difference.low
    assert shown.data["difference"].to_list()[1] == contrast.difference.mean
    assert shown.data["outcome"].to_list() == ["reference", "worse"]


def test_interval_for_new_rows_is_wider():
    runs = depths({1: 0.9 + SPREAD, 3: 0.85 + np.roll(SPREAD, 1)})
    data = table_of(runs.assign(rows=1000)).data.iloc[1]
    assert data["new_rows_low"] < data["low"] < data["high"] < data["new_rows_high"]


def test_data_sets_and_lost_runs_have_columns():
    rows = [run(s, d, 0.9 + SPREAD[s], dataset=name)
            for name in ("iris", "wine") for d in (1, 3) for s in range(8)]  # fmt: skip
    rows[-1] = lost(7, 3, dataset="wine")
    shown = table_of(table(*rows))
    assert (shown.columns[0], shown.columns[-1]) == ("Data set", "Diverged or failed")
    assert [row[-1] for row in texts(shown)] == ["0", "0", "0", "1"]
    assert shown.columns[shown.pinned] == "depth"


def test_cells_name_levels_that_differ():
    rows = [run(s, d, 0.9 + d * SPREAD[s] / 9, dataset=name)
            for name, values in {"iris": (1, 3), "wine": (1, 2, 3)}.items()
            for d in values for s in range(8)]  # fmt: skip
    shown = table_of(table(*rows))
    assert "CI" in shown.columns
    cells = [row[shown.columns.index("CI")] for row in texts(shown)]
    assert cells[1].endswith("(90%)")
    assert cells[-1].endswith("(96.7%)")


def test_reason_stands_beside_not_comparable():
    cells = texts(table_of(depths({1: [0.9] * 3, 3: [0.8, 0.7, 0.9]})))[1]
    assert "– not comparable (fewer than 6 paired seeds)" in cells


def test_single_configuration_shows_its_seeds():
    section = answer.make(findings_of(depths({3: 0.9 + SPREAD})))
    assert section.tables == ()
    (figure,) = section.figures
    panel = figure.specifications[0]
    points = panel["layer"][0]["data"]["values"]
    assert [point["score"] for point in points] == pytest.approx(list(0.9 + SPREAD))
    # Equal scores of different seeds are different points.
    assert len({point["jitter"] for point in points}) == 10
    assert "10 seeds" in figure.alt
    json.dumps(figure.static())


@pytest.mark.parametrize("name", ["one run", "all diverged", "all failed"])
def test_no_chart_has_a_single_point(name):
    section = answer.make(findings_of(TABLES[name]))
    assert section is None


def test_each_data_set_has_its_row():
    runs = table(*(run(s, 3, 0.9 + SPREAD[s], dataset=name)
                   for name in ("iris", "wine") for s in range(10)))  # fmt: skip
    (figure,) = answer.make(findings_of(runs)).figures
    labels = figure.specifications[0]["layer"][-1]["data"]["values"]
    assert [row["name"] for row in labels] == ["iris", "wine"]
