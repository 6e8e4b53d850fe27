"""Forest plots: what a row shows, which rows are in sight, and how far the axis goes."""

from functools import cache

import numpy as np
import pytest

from nnbench.report.analysis.standings import standings
from nnbench.report.charts.forest import FEWEST_ROWS, MOST_PANELS, MOST_ROWS, forest_figures
from nnbench.report.charts.forest_rows import axis_of, drawn
from nnbench.report.statistics import Outcome
from nnbench.report.text.forest_trends import trends_caption
from tests.report.runs import depths, findings_of, lost, run, table
from tests.report.text.cases import CASES
from tests.report.text.test_answer import MORE

SPREAD = np.resize([0.004, -0.004, 0.002, -0.002], 10)


def by_activation(scores):
    return table(
        *(
            run(s, activation=name, test=score + SPREAD[(s + i) % 10])
            for i, (name, score) in enumerate(scores.items())
            for s in range(10)
        )
    )


@cache
def figures_of(name):
    """The plots of a case."""
    return forest_figures((CASES | MORE)[name].findings)


def rows_of(findings):
    """The rows of the only block, by name, and their axis."""
    (block,) = standings(findings)
    axis = axis_of([block])
    return drawn(findings.comparison, block, axis).set_index("name"), axis


def test_row_has_score_outcome_and_interval():
    findings = findings_of(depths({1: 0.9 + SPREAD, 3: 0.85 + np.roll(SPREAD, 1)}))
    (contrast,) = findings.contrasts
    rows, axis = rows_of(findings)
    assert rows.loc["depth 1", "label"] == "90.0% · reference"
    row = rows.loc["depth 3"]
    assert (row["sign"], row["label"]) == ("▼", "85.0% · worse")
    assert row["mean"] == pytest.approx(100 * contrast.difference.mean)
    assert (row["low"], row["high"]) == pytest.approx(
        (100 * contrast.difference.low, 100 * contrast.difference.high)
    )
    # One comparison is decided at 90%, so that the 95% interval is the wider.
    assert axis.low < row["thin_low"] < row["low"] < row["high"] < row["thin_high"] < 0
    assert row["interval"].startswith("−")


def test_wider_deciding_interval_has_no_thin_line():
    findings = findings_of(depths({d: 0.9 + np.roll(SPREAD, d) for d in (1, 2, 3, 4)}))
    rows, _ = rows_of(findings)
    assert rows["thin_low"].isna().all()
    assert "Thin" not in forest_figures(findings)[0].caption
    assert "98%" not in forest_figures(findings)[0].alt


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_its_sign_word_and_shape(outcome):
    cases = {
        "better": "better",
        "worse": "worse",
        "equivalent": "equivalent",
        "inconclusive": "inconclusive",
        "not comparable": "one seed",
    }
    rows, _ = rows_of(CASES[cases[outcome.value]].findings)
    row = rows.iloc[-1]
    assert row["label"].endswith(outcome.value)
    assert (
        row["shape"]
        == {
            "better": "triangle-up",
            "worse": "triangle-down",
            "equivalent": "square",
            "inconclusive": "circle",
            "not comparable": "cross",
        }[outcome.value]
    )
    assert np.isnan(row["low"]) == (outcome is Outcome.NOT_COMPARABLE)


def test_failed_runs_are_counted_beside_the_outcome():
    rows = [lost(s, 3) if s < 4 else run(s, 3, 0.9 + SPREAD[s]) for s in range(10)]
    rows += [run(s, 1, 0.9 + SPREAD[-s]) for s in range(10)]
    findings = findings_of(table(*rows))
    row = rows_of(findings)[0].loc["depth 3"]
    assert row["label"].endswith(", 4 failed")
    assert "at chance level" in forest_figures(findings)[0].caption


def test_forty_values_show_twelve_and_fold_others():
    findings = findings_of(
        by_activation({"relu": 0.7} | {f"a{i}": 0.5 + i / 100 for i in range(39)}), "activation"
    )
    first, rest = forest_figures(findings)
    assert (first.folded, rest.folded) == (False, True)
    assert "12 of 40 rows" in first.caption
    assert "28 of 40 rows" in rest.caption
    shown = [[row["name"] for row in layers_of(figure, "label:N")[0]] for figure in (first, rest)]
    assert [len(names) for names in shown] == [MOST_ROWS, 40 - MOST_ROWS]
    assert shown[0] == [*(f"a{38 - i}" for i in range(10)), "relu", "a0"]
    for figure in (first, rest):
        (panel,) = figure.static()["concat"]
        assert panel["height"] == 26 * panel["usermeta"]["rows"]


@pytest.mark.parametrize("count", range(1, MOST_PANELS + 1))
def test_rows_in_sight_fit_the_first_screen(count):
    runs = table(
        *(
            run(s, activation=name, test=0.9 - i / 100 + SPREAD[(s + i) % 10], dataset=f"data{n}")
            for n in range(count)
            for i, name in enumerate(["relu", *map(str, range(20))])
            for s in range(6)
        )
    )
    first, _ = forest_figures(findings_of(runs, "activation"))
    rows = [len(panel["layer"][-1]["data"]["values"]) for panel in first.static()["concat"]]
    assert len(rows) == count
    # Two panels a row on a laptop.
    assert sum(rows[::2]) <= MOST_ROWS
    assert min(rows) >= FEWEST_ROWS


def titles_of(figure):
    """The title of each panel's axis, which each of its layers has."""
    return [panel["layer"][-3]["encoding"]["x"]["title"] for panel in figure.specifications]


@pytest.mark.parametrize("count", range(1, MOST_PANELS + 1))
def test_shared_axis_title_stands_once_a_column(count):
    runs = table(
        *(run(s, d, 0.9 - d / 100 + SPREAD[(s + n) % 10], dataset=f"data{n}")
          for n in range(count) for d in (1, 3) for s in range(6))
    )  # fmt: skip
    (figure,) = forest_figures(findings_of(runs))
    titles = titles_of(figure)
    assert [bool(title) for title in titles] == [n >= count - 2 for n in range(count)]
    assert titles[-1] == ["difference in test accuracy to depth 1,\u00a0pp"]


def test_panels_in_sight_are_those_with_claims():
    runs = table(
        *(run(s, d, 0.9 - (n in (2, 5)) * d / 20 + SPREAD[(s * d + n) % 10], dataset=f"data{n}")
          for n in range(MOST_PANELS + 2) for d in (1, 3) for s in range(12))
    )  # fmt: skip
    first, rest = forest_figures(findings_of(runs))
    titles = [panel["title"] for panel in first.specifications]
    assert {"data2", "data5"} <= {*titles}
    assert titles == sorted(titles)
    assert len(rest.panels) == 2


def layers_of(figure, field):
    """The data of layers that draw a field."""
    return [
        layer["data"]["values"]
        for layer in figure.specifications[0]["layer"]
        if layer["encoding"].get("text", {}).get("field") == field.split(":")[0]
    ]


def test_many_panels_are_folded():
    runs = table(
        *(
            run(s, d, 0.9 + SPREAD[(s * d) % 10], dataset=f"data{i}")
            for i in range(MOST_PANELS + 3)
            for d in (1, 3)
            for s in range(6)
        )
    )
    first, rest = forest_figures(findings_of(runs))
    assert (len(first.panels), len(rest.panels)) == (MOST_PANELS, 3)


def test_data_sets_with_one_metric_share_their_axis():
    rows = [
        run(s, d, 0.9 - size * d / 100 + SPREAD[s], dataset=name)
        for name, size in {"iris": 0.1, "wine": 1.0}.items()
        for d in (1, 3)
        for s in range(8)
    ]
    rows += [
        run(s, d, 0.4 + SPREAD[s], metric="r2", dataset="diabetes")
        for d in (1, 3)
        for s in range(8)
    ]
    (figure,) = forest_figures(findings_of(table(*rows)))
    domains = {
        panel["title"]: panel["layer"][0]["encoding"]["x"]["scale"]["domain"]
        for panel in figure.specifications
    }
    assert domains["iris"] == domains["wine"] != domains["diabetes"]
    assert domains["iris"][0] < -2 < 0.5 < domains["iris"][1] < 1


def test_outlier_becomes_arrow_at_end_of_axis():
    scores = {"relu": 0.9, "a": 0.9, "b": 0.895, "c": 0.905, "sine": 0.1}
    findings = findings_of(by_activation(scores), "activation")
    rows, axis = rows_of(findings)
    assert axis.is_cut
    assert axis.low > -10
    assert (rows.loc["sine", "mean"], rows.loc["sine", "shape"]) == (axis.low, "triangle-left")
    assert rows.loc["sine", "difference"] == "−80.00\u00a0pp"
    assert "axis is cut" in forest_figures(findings)[0].caption


def test_axis_without_outliers_holds_everything():
    findings = findings_of(depths({d: 0.9 - d / 100 + np.roll(SPREAD, d) for d in (1, 2, 4)}))
    rows, axis = rows_of(findings)
    numbers = rows[["mean", "low", "high"]].to_numpy(float)
    assert not axis.is_cut
    assert axis.low < np.nanmin(numbers)
    assert np.nanmax(numbers) < axis.high


def test_infinite_times_are_arrows_too():
    findings = CASES["a target that one value never reaches"].findings
    rows, axis = rows_of(findings)
    assert rows.iloc[-1]["shape"] == "triangle-right"
    assert rows.iloc[-1]["label"].startswith("never")
    assert np.isfinite([axis.low, axis.high]).all()
    assert axis.is_cut


def test_trend_is_drawn_along_numbers_only():
    numbers = forest_figures(findings_of(depths({d: 0.9 - d / 100 + SPREAD for d in (1, 2, 4)})))
    words = forest_figures(
        findings_of(by_activation({"relu": 0.9, "a": 0.8, "b": 0.7}), "activation")
    )
    for (figure,), has_line in ((numbers, True), (words, False)):
        marks = [layer["mark"]["type"] for layer in figure.specifications[0]["layer"]]
        assert ("line" in marks) == has_line == ("Dashed" in figure.caption)


def test_description_states_the_findings():
    (figure,) = forest_figures(CASES["better"].findings)
    assert "depth 3 on digits" in figure.alt
    assert "better: +10" in figure.alt
    figures = forest_figures(MORE["many cases"].findings)
    assert "9 cases: 6 worse and 3 inconclusive. Largest: −10.0" in figures[0].alt
    assert "18 differences: 11 worse and 7 inconclusive. Largest: depth 4 on" in figures[1].alt


@pytest.mark.parametrize("name", CASES | MORE)
def test_descriptions_have_at_most_sixty_words(name):
    for figure in figures_of(name):
        assert len(figure.alt.split()) <= 60


def test_many_panels_show_trends_and_fold_pairs():
    findings = MORE["many cases"].findings
    first, pairs = forest_figures(findings)
    assert (first.folded, pairs.folded) == (False, True)
    assert (len(first.panels), len(pairs.panels)) == (1, 9)
    rows = layers_of(first, "label:N")[0]
    assert [row["name"] for row in rows][:3] == ["digits · 1000", "digits · 5000", "digits · 20000"]
    trend = next(t for t in findings.trends if t.slope.line.others == {"params": 1000})
    assert rows[0]["mean"] == pytest.approx(100 * trend.slope.mean, abs=1e-3)
    assert rows[0]["low"] < rows[0]["mean"] < rows[0]["high"] < 0
    assert (rows[0]["sign"], rows[0]["label"].split(" · ")[1]) == ("▼", "worse")
    assert "rows: data set · params" in first.caption


def test_caption_names_what_has_no_double():
    findings = MORE["trends beside depth 0"].findings
    assert "Depth 0 has no double. The next" in trends_caption(findings, findings.trends)
    findings = MORE["trends on four data sets"].findings
    assert "no double" not in trends_caption(findings, findings.trends)


def test_trends_of_two_panels_are_not_apart():
    names = [figure.name for figure in forest_figures(MORE["trends on no data set"].findings)]
    assert names == ["forest"]


@pytest.mark.parametrize("name", CASES)
def test_every_case_has_a_plot_of_its_contrasts(name):
    findings = CASES[name].findings
    plots = figures_of(name)
    assert bool(plots) == bool(findings.contrasts)
    signs = [
        row["sign"]
        for figure in plots
        for panel in figure.specifications
        for layer in panel["layer"]
        if layer["encoding"].get("text", {}).get("field") == "sign"
        for row in layer["data"]["values"]
        if row["sign"]
    ]
    assert len(signs) == len(findings.contrasts)


def test_panels_keep_the_same_room_for_labels():
    rows = [
        run(s, d, 0.9 - size * d / 100 + SPREAD[(s * d) % 10], dataset=name)
        for name, size in {"iris": 0, "wine": 3}.items()
        for d in (1, 3)
        for s in range(8)
    ]
    (figure,) = forest_figures(findings_of(table(*rows)))
    rooms = [layer["mark"]["xOffset"] for panel in figure.specifications
             for layer in panel["layer"] if "xOffset" in layer["mark"]]  # fmt: skip
    labels = [row["label"] for row in layers_of(figure, "label")[0]]
    assert len(rooms) == 2
    assert len(set(rooms)) == 1
    assert rooms[0] > 6 * max(map(len, labels))
