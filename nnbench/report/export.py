"""All numbers of a report for machines, and the metrics of its sweep as a whole."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from nnbench.pages.formatting import setting_text
from nnbench.pages.section import Answer, Section, Table
from nnbench.report.analysis.above_chance import is_above_chance
from nnbench.report.analysis.best_sets import NotWorse
from nnbench.report.analysis.contrasts import Contrast
from nnbench.report.analysis.findings import Findings
from nnbench.report.analysis.new_rows import interval_for_new_rows
from nnbench.report.analysis.rate_limits import RateLimits
from nnbench.report.analysis.trends import Trend
from nnbench.report.compare.chance import chance_of
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import PREFIXES, Group
from nnbench.report.compare.machines import machines
from nnbench.report.statistics import estimate, smallest_p
from nnbench.run.result import MACHINE

MOST_ROWS = 1_000
"""Rows of a table; of a longer one its file is named instead."""
MOST_METRICS = 200
"""Most metrics of a sweep as a whole."""
LONGEST_NAME = 100
"""Characters of a part of such a metric's name."""
NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_\-.:]")


def as_data(
    findings: Findings,
    answer: Answer,
    sentences: Sequence[str],
    sections: Sequence[Section] = (),
) -> Mapping[str, Any]:
    """The question, what was found, and every table of the sections; see pages.strict_json."""
    question, comparison = findings.question, findings.comparison
    asked = ("experiment", "where", "reference", "metric", "budget", "target", "equivalence",
             "equal_budgets", "commands", "report_command", "skipped", "versions")  # fmt: skip
    runs = comparison.runs
    return {
        "question": {
            "compare": list(comparison.keys),
            "title": question.in_words,
            **{name: getattr(question, name) for name in asked},
        },
        "answer": asdict(answer),
        "verdicts": list(sentences),
        "runs": {"count": len(runs), **runs["status"].value_counts().to_dict()},
        "machines": [
            {**dict(zip(MACHINE, machine, strict=True)), "runs": count}
            for machine, count in machines(runs).items()
        ],
        "nuisances": list(comparison.nuisances),
        "confounded": list(comparison.confounded),
        "fixed": comparison.fixed,
        "groups": [of_group(comparison, group) for group in comparison.groups],
        "contrasts": [
            {
                "dataset": contrast.group.dataset,
                "value": comparison.columns_of(contrast.group.value),
                **of_contrast(contrast),
            }
            for contrast in findings.contrasts
        ],
        "trends": [of_trend(trend) for trend in findings.trends],
        "rate_limits": [of_rate_limits(limits) for limits in findings.rate_limits],
        "not_worse": [of_not_worse(comparison, best_set) for best_set in findings.not_worse],
        "tables": {table.name: of_table(table) for section in sections for table in section.tables},
    }


def of_group(comparison: Comparison, group: Group) -> Mapping[str, Any]:
    """A group as data, with all digits."""
    return {
        "dataset": group.dataset,
        "value": comparison.columns_of(group.value),
        "metric": group.metric.name,
        "outcome": of_outcome(group),
        "chance": chance_of(group.runs, group.metric),
        "above_chance": is_above_chance(group),
        "runs": len(group.runs),
        "lost": group.lost,
        "parameters": group.sizes,
        "chosen": group.chosen,
        "weights": [{"setting": setting, "weight": weight} for setting, weight in group.weights],
        "settings_lost": int((group.candidates.lost > 0).sum()),
        "weighted_outcome": group.measure.sign * group.tuned.mean,
        "settings": group.settings,
        "offered": group.offered,
        "along": group.along,
        "run_ids": group.runs["run_id"],
        "seeds": group.runs["seed"],
        **{
            split: {
                **asdict(estimate(group.scores(column), group.metric.within)),
                "median": group.median(column),
                "interquartile_mean": group.interquartile_mean(column),
                "by_seed": group.scores(column),
            }
            for split, column in PREFIXES.items()
        },
    }


def of_outcome(group: Group) -> dict[str, object]:
    """The outcomes of a group that verdicts compare, by seed, and their summary."""
    measure = group.measure
    is_time = measure.is_time
    return {
        "name": measure.name,
        "target": measure.target if is_time else None,
        "typical": group.typical,
        "reached": group.reached if is_time else None,
        "by_seed": group.values,
    }


def of_contrast(contrast: Contrast) -> dict[str, object]:
    """A difference as data, with all digits."""
    return {
        "reference": setting_text(contrast.reference.value),
        "pairs": contrast.count,
        "difference": contrast.difference.mean,
        "low": contrast.difference.low,
        "high": contrast.difference.high,
        "median": contrast.median,
        "improvement": contrast.improvement,
        "p": contrast.p,
        "p_holm": contrast.p_holm,
        "smallest_p": smallest_p(contrast.count),
        "negligible": contrast.negligible,
        "new_rows": interval_for_new_rows(contrast),
        "outcome": contrast.outcome.value,
        "more_seeds": contrast.more_seeds,
    }


def of_trend(trend: Trend) -> dict[str, object]:
    """A trend as data: the slope per doubling, in the metric's own direction."""
    slope, decision, line = trend.slope, trend.decision, trend.slope.line
    left_out = {*slope.zeros, *slope.unsettled}
    low, high = trend.bounds
    return {
        "dataset": line.dataset,
        "key": line.key,
        "others": line.others,
        "values": [value for value in line.values if value not in left_out],
        "zeros": slope.zeros,
        "unsettled": slope.unsettled,
        "pairs": slope.effect.count,
        "slope": slope.mean,
        "low": low,
        "high": high,
        "level": decision.level,
        "p": slope.effect.p,
        "p_holm": decision.p,
        "comparisons": decision.comparisons,
        "outcome": decision.outcome.value,
        "course": slope.course.value,
    }


def of_rate_limits(limits: RateLimits) -> dict[str, object]:
    """The largest rates that train along a compared number, and the factor of each doubling."""
    return {
        "dataset": limits.line.dataset,
        "key": limits.line.key,
        "others": limits.line.others,
        "values": [limits.line.value_of(group) for group in limits.groups],
        "lowest": [None if trained.goes_below else trained.low for trained in limits.ranges],
        "highest": limits.highest,
        "factor": limits.factor,
        "level": limits.level, "low": limits.low, "high": limits.high,
        "pairs": limits.seeds,
    }  # fmt: skip


def of_not_worse(comparison: Comparison, best_set: NotWorse) -> dict[str, object]:
    """The values of a data set that are not worse than the best."""
    return {
        "dataset": best_set.best.dataset,
        "best": comparison.columns_of(best_set.best.value),
        "not_worse": [comparison.columns_of(group.value) for group in best_set.members],
        "shares": [
            {"value": comparison.columns_of(group.value), "share": share}
            for group, share in best_set.shares.items()
        ],
        "pairs": best_set.seeds,
    }


def of_table(table: Table) -> Any:
    """The rows of a table, or where they are."""
    if len(table.data) > MOST_ROWS:
        return {"file": f"tables/{table.name}.csv", "rows": len(table.data)}
    return table.data


def metrics_of_sweep(findings: Findings) -> dict[str, float]:
    """Name of a metric, as MLflow allows it → its value: mean test score and share of failed runs.

    Of as many groups as there is room for, with names that differ. A group with failed
    runs has no mean.
    """
    comparison = findings.comparison
    metrics: dict[str, float] = {}
    for group in comparison.groups:
        parts = part_of_name(group.dataset), part_of_name(comparison.named(group.value))
        for name, value in (
            (f"mean_test_{group.metric.name}", float(group.scores("test").mean(skipna=False))),
            *own_metrics(group),
            ("diverged_or_failed_share", group.lost / len(group.runs)),
        ):
            if np.isfinite(value) and len(metrics) < MOST_METRICS:
                # MLflow's UI shows together what is the same up to the last slash.
                metrics[free(f"{parts[0]}/{part_of_name(name)}/{parts[1]}", metrics)] = value
    return metrics


def own_metrics(group: Group) -> list[tuple[str, float]]:
    """Name and value of an outcome that isn't the usual one."""
    measure = group.measure
    if measure.is_usual:
        return []
    if not measure.is_time:
        return [(f"mean_{measure.name}", float(group.values.mean(skipna=False)))]
    share = group.reached / group.tuned.per_seed.size
    return [(f"median_{measure.name}", group.typical), ("reached_share", share)]


def part_of_name(text: str) -> str:
    """A part of a metric's name, between slashes."""
    # MLflow takes names for paths, which must not lead elsewhere.
    return NOT_IN_A_NAME.sub("_", text)[:LONGEST_NAME].lstrip(".") or "_"


def free(name: str, taken: Mapping[str, float]) -> str:
    """The name, with a number if another has become the same."""
    number, candidate = 1, name
    while candidate in taken:
        number += 1
        candidate = f"{name}_{number}"
    return candidate
