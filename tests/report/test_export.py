from dataclasses import replace

import pytest
from mlflow.utils.validation import _validate_metric_name

from nnbench.pages import Answer
from nnbench.pages.strict_json import as_json
from nnbench.report import Question, outline, write_report
from nnbench.report.analysis.findings import find
from nnbench.report.export import MOST_METRICS, metrics_of_sweep
from nnbench.report.text.mlflow_note import LONGEST, description

from .runs import Curves, as_strict, lost, run, table

QUESTION = Question("trial", ("depth",), (), "report", sections=outline({}))
HOSTILE = '<script>alert(1)</script>[x](javascript:y) `a` *b*\n# "c" ../../d\\ | é'


def findings(runs, **question):
    return find(runs, Curves(runs), replace(QUESTION, **question))


pytestmark = pytest.mark.usefixtures("undrawn")


def written(runs, directory, **question):
    report = write_report(runs, Curves(runs), replace(QUESTION, **question), directory)
    return report, as_strict(report)


def test_figures_by_hand(tmp_path):
    runs = table(*(run(s, d, 0.9 - d / 100 + s / 1000) for d in (1, 3) for s in range(8)))

    report, data = written(runs, tmp_path)

    first, three = data["groups"]
    assert first["value"] == {"depth": 1}
    assert first["test"]["mean"] == pytest.approx(0.8935)
    assert first["test"]["by_seed"] == pytest.approx([0.89 + s / 1000 for s in range(8)])
    assert first["seeds"] == list(range(8))
    assert three["run_ids"] == runs["run_id"].tolist()[8:]
    (contrast,) = data["contrasts"]
    assert contrast["difference"] == pytest.approx(-0.02)
    assert contrast["outcome"] == "worse"
    assert report.metrics == pytest.approx(
        {
            "digits/mean_test_accuracy/depth_1": 0.8935,
            "digits/diverged_or_failed_share/depth_1": 0,
            "digits/mean_test_accuracy/depth_3": 0.8735,
            "digits/diverged_or_failed_share/depth_3": 0,
        }
    )


def test_trends_and_best_sets_by_hand(tmp_path):
    noise = [0, 0.001, 0.002, 0.003, 0.001, 0.002, 0, 0.003]
    runs = table(*(run(s, d, 0.9 - d / 100 + noise[(s + d) % 8])
                   for d in (0, 1, 2, 4) for s in range(8)))  # fmt: skip

    data = written(runs, tmp_path)[1]

    (trend,) = data["trends"]
    assert (trend["dataset"], trend["key"], trend["others"]) == ("digits", "depth", {})
    assert (trend["values"], trend["zeros"], trend["unsettled"]) == ([1, 2, 4], [0], [])
    # Of -1, -2 and -4 points over 0, 1 and 2 doublings.
    assert trend["slope"] == pytest.approx(-0.015)
    assert trend["low"] < -0.015 < trend["high"] < 0
    assert (trend["p"], trend["pairs"], trend["comparisons"]) == (2 / 2**8, 8, 1)
    assert trend["level"] == pytest.approx(0.9)
    assert (trend["p_holm"], trend["outcome"]) == (2 / 2**8, "worse")
    (best,) = data["not_worse"]
    assert (best["best"], best["not_worse"], best["pairs"]) == ({"depth": 0}, [{"depth": 0}], 8)
    assert [row["value"] for row in best["shares"]] == [{"depth": d} for d in (0, 1, 2, 4)]


def test_a_long_table_is_named_by_its_file(tmp_path):
    runs = table(*(run(s, 1) for s in range(1001)))

    assert written(runs, tmp_path)[1]["tables"]["runs"] == {"file": "tables/runs.csv", "rows": 1001}


def test_a_group_with_lost_runs_has_no_mean():
    metrics = metrics_of_sweep(findings(table(run(0), lost(1), run(0, 3), run(1, 3))))

    assert "digits/mean_test_accuracy/depth_1" not in metrics
    assert metrics["digits/diverged_or_failed_share/depth_1"] == 0.5


@pytest.mark.parametrize("name", [HOSTILE, "..", ".", "/", "a/../b", "x" * 400, "ä" * 400])
def test_names_are_those_that_mlflow_takes_and_differ(name):
    values = [name, name + "!", name + "?"]
    runs = table(*(run(0, activation=v, dataset=n) for v in values for n in (name, name + "#")))

    metrics = metrics_of_sweep(findings(runs, keys=("activation",)))

    assert len(metrics) == 12
    for metric in metrics:
        _validate_metric_name(metric)


def test_there_are_only_so_many_figures():
    runs = table(*(run(0, d, dataset=name) for d in range(60) for name in "abcd"))

    assert len(metrics_of_sweep(findings(runs))) == MOST_METRICS


def test_description_has_points_without_users_markup():
    described = findings(table(run(0), run(0, 3)), experiment=HOSTILE)

    text = description(described, Answer("So <it> is."), ["one_two <b>", HOSTILE])

    title, _, subject, _, *points = text.split("\n")
    assert title == "**So &lt;it&gt; is.**"
    assert subject.startswith("What is depth worth? ")
    assert subject.endswith("2 runs:")
    assert points[0] == "- one\\_two &lt;b&gt;"
    assert len(points) == 2
    assert "<script" not in text
    assert "[x](" not in text
    assert not any(line.startswith("#") for line in text.split("\n")[1:])


def test_long_description_says_how_much_more_there_is():
    described = findings(table(run(0), run(0, 3)))

    text = description(described, Answer("So <it> is."), ["word " * 100] * 20)

    assert len(text) <= LONGEST + 60
    assert text.endswith("- and 13 more in the report")
    as_json({"text": text})
