import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nnbench.report import Question, outline
from nnbench.report.analysis.findings import find
from nnbench.report.analysis.time_to_target import ratios, solved, target_of, times
from nnbench.report.outline import make_sections
from nnbench.run.result import History
from tests.report.runs import Curves, Kept, lost, run, table, texts

QUESTION = Question("trial", ("depth",), (), "report")
COSTS = {"rows": 100, "test_rows": 0, "batch_size": 70, "n_flops": 2}
"""Costs with one step an epoch, for 70 training examples."""


def history(*scores, name="validation_accuracy"):
    curve = np.array(scores)
    return History(np.arange(len(curve)), {name: curve}, (), np.empty(0, int), {})


def findings(runs, *courses, **question):
    """Runs in their order with the courses of their validation scores."""
    runs = runs.assign(steps=[max(len(course) - 1, 0) for course in courses])
    curves = {
        run_id: history(*course)
        for run_id, course in zip(runs["run_id"], courses, strict=True)
        if course
    }
    return find(runs, Kept(curves), replace(QUESTION, **question))


def four(**changes):
    """Depth 1 and 3 with seeds 0 and 1."""
    return table(*(run(s, d, **COSTS, **changes) for d in (1, 3) for s in range(2)))


def test_time_to_target_by_hand():
    by_run = times(
        findings(
            four(),
            (0.9, 0.2, 0.7, 0.9),  # What was before training doesn't count.
            (0.1, 0.2, 0.3, 0.4),
            (0.1, 0.8, 0.8),
            (0.1, 0.2, 0.7),
            target=0.7,
        )
    )

    assert by_run["epochs"].tolist() == [2, np.inf, 1, 2]
    assert by_run["steps"].tolist() == [2, np.inf, 1, 2]
    assert by_run["flops"].tolist() == [3 * 2 * 70 * 2, np.inf, 3 * 2 * 70, 3 * 2 * 70 * 2]
    assert by_run["seconds"].tolist() == pytest.approx([2 / 3, np.inf, 1 / 2, 1])
    assert by_run["target"].tolist() == [0.7] * 4


def test_lower_metric_reaches_its_target_from_above():
    runs = four(metric="rmse", dataset="diabetes")
    curves = {
        run_id: history(5.0, 3.0, 2.0, 1.0, name="validation_rmse") for run_id in runs["run_id"]
    }

    by_run = times(
        find(runs.assign(steps=3), Kept(curves), replace(QUESTION, metric="test_rmse", target=2.0))
    )

    assert by_run["epochs"].tolist() == [2] * 4


def test_failed_runs_never_arrive_and_curveless_are_excluded():
    runs = table(*(run(s, 1, **COSTS) for s in range(2)), lost(0, 3, **COSTS), run(1, 3, **COSTS))

    by_run = times(findings(runs, (0, 1), (0, 1), (0, 1), ()))

    assert by_run["epochs"].tolist() == [1, 1, np.inf]


def test_usual_target_is_what_half_of_runs_reach():
    groups = findings(table(*(run(s, 1, v) for s, v in enumerate([0.5, 0.6, 0.7, 0.8]))),
                      *[(0, 1)] * 4).comparison.groups  # fmt: skip
    mostly_lost = findings(table(run(0, validation=0.6), lost(1), lost(2)), *[(0, 1)] * 3)
    all_lost = findings(table(lost(0), lost(1)), *[(0, 1)] * 2)

    assert target_of(groups, None) == 0.6
    assert target_of(groups, 0.9) == 0.9
    assert target_of(mostly_lost.comparison.groups, None) == 0.6
    assert np.isnan(target_of(all_lost.comparison.groups, None))


def test_a_figure_that_a_run_reaches_exactly_counts():
    figure = np.float32(0.1) * 7
    runs = four(validation=float(str(float(figure))))

    assert times(findings(runs, *[(0.0, float(figure))] * 4))["epochs"].tolist() == [1] * 4


def problems(*rows):
    return pd.DataFrame(rows, columns=["dataset", "seed", "value", "steps"])


def test_performance_profile_by_hand():
    by_problem = problems(
        ("a", 0, 0, 10.0), ("a", 0, 1, 20.0),
        ("a", 1, 0, 30.0), ("a", 1, 1, 10.0),
        ("b", 0, 0, np.inf), ("b", 0, 1, 5.0),
        ("b", 1, 0, np.inf), ("b", 1, 1, np.inf),
        ("b", 2, 0, 1.0),  # Not given to all.
    )  # fmt: skip

    table = ratios(by_problem, ["one", "other"], "steps")

    assert table[0].tolist() == [1, 3, np.inf, np.inf]
    assert table[1].tolist() == [2, 1, 1, np.inf]
    assert [solved(table[0], factor) for factor in (1, 2, 3)] == [0.25, 0.25, 0.5]
    assert [solved(table[1], factor) for factor in (1, 2, 100)] == [0.5, 0.75, 0.75]


def section(name, findings):
    question = replace(findings.question, sections=outline({}))
    sections, _ = make_sections(replace(findings, question=question))
    return next((content for content in sections if content.slug == name), None)


def test_the_section_shows_medians_shares_and_profiles():
    courses = (0.1, 0.8), (0.1, 0.2), (0.1, 0.2, 0.8), (0.1, 0.2, 0.2)

    content = section("targets", findings(four(), *courses, target=0.5, budget="epochs"))

    by_group, by_value = content.tables
    assert by_group.data["reached"].tolist() == [0.5, 0.5]
    assert [row[4:6] for row in texts(by_group)] == [["50%", "1"], ["50%", "2"]]
    assert by_value.data["steps_within_1"].tolist() == [0.5, 0.0]
    assert by_value.data["steps_within_2"].tolist() == [0.5, 0.5]
    assert by_value.data["ever"].tolist() == [0.5, 0.5]
    (figure,) = content.figures
    assert len(figure.panels) == 3


def test_section_is_absent_without_results_or_comparison():
    never = findings(four(), *[(0.1, 0.2)] * 4, target=0.5)
    alone = findings(table(run(0), run(1)), *[(0.1, 0.8)] * 2, target=0.5)

    assert section("targets", never) is None
    assert section("targets", alone).figures == []


def test_values_without_common_problems_have_no_profile():
    runs = table(run(0, 1, dataset="digits"), run(0, 3, dataset="wine"))

    content = section("targets", findings(runs, (0, 1), (0, 1)))

    assert [table.name for table in content.tables] == ["targets"]
    assert content.figures == []


def test_cost_shows_medians_of_the_runs_that_finished():
    runs = table(
        *(run(s, d, **COSTS, seconds=s + 1.0) for d in (1, 3) for s in range(3)),
        lost(3, 1, **COSTS),
    )

    content = section("cost", findings(runs, *[(0, 1)] * 7, budget="seconds"))

    row, _ = content.tables[0].data.to_dict("records")
    assert (row["seconds"], row["params"], row["steps"], row["lost"]) == (2.0, 15, 1, 1)
    assert row["flops"] == 3 * 2 * 70
    (panel,) = content.figures[0].panels
    text = json.dumps(panel.to_dict())
    assert "seconds (of runs trained alone) (log)" in text
    assert "2.0" in text


@pytest.mark.parametrize("budget", ["steps", "epochs", "flops", "seconds", "params"])
def test_zero_costs_and_failed_groups_are_not_drawn(budget):
    runs = table(
        *(lost(s, 1) for s in range(3)), *(run(s, d, steps=0) for d in (3, 4) for s in range(3))
    )
    evidence = find(runs.assign(steps=0), Curves(runs), replace(QUESTION, budget=budget))

    content = section("cost", evidence)

    assert len(content.figures) == (budget in ("seconds", "params"))
    assert [row[1] for row in texts(content.tables[0])] == ["1", "3", "4"]
