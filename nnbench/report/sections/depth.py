"""Depth in detail: the best one on each data set, and whether fitting or generalising limits it."""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from nnbench.pages import figures
from nnbench.pages.section import Section, Table
from nnbench.pages.wording import count_text, metric_text, setting_text
from nnbench.report.depth import (
    GAPS,
    Optimum,
    by_other,
    depth_of,
    losses,
    optimum,
    other_key,
    size_text,
)
from nnbench.report.depth_panels import charts
from nnbench.report.findings import Findings
from nnbench.report.groups import Comparison, Group
from nnbench.report.statistics import Estimate, estimate
from nnbench.report.wording import estimate_text, paired_text


def make(findings: Findings) -> Section | None:
    """What depth is worth on each data set; None if depth was not compared, or had one value."""
    comparison = findings.comparison
    if "depth" not in comparison.keys:
        return None
    series = [(name, other, groups) for name in comparison.datasets
              for other, groups in by_other(comparison, name).items()]  # fmt: skip
    series = [entry for entry in series if len(entry[2]) > 1]
    if not series:
        return None
    size = size_text(comparison)
    best = [optimum(groups) for _, _, groups in series]
    text = [
        "A network that can express a function need not find it (Malach & Shalev-Shwartz 2019). So "
        "what is lost is shown in two parts: in fitting, how far the training part is from "
        "perfect; and in generalising, how much worse the test part is than that. A depth that "
        "loses in fitting is hard to train; one that loses in generalising has overfitted.",
        *(sentence(comparison, *entry[:2], found)
          for entry, found in zip(series, best, strict=True) if found),
    ]  # fmt: skip
    panels = [chart for name in comparison.datasets for chart in charts(comparison, name)]
    caption = (
        f"Depth {size}. Means over seeds with 95% intervals, at each run's best validation epoch. "
        "Lost in fitting: distance of the training figure from perfect. Lost in generalising: how "
        "much worse the test figure is. The largest point is the best depth by the test "
        "part, middling ones lie within its interval. A depth with lost runs has no mean, so no "
        "point."
    )
    drawn = [figures.Figure("depth", caption, panels, panels_a_row=2)] if panels else []
    tables = [table(comparison, series), optima(comparison, series, best)]
    return Section("depth", f"Depth {size}", text, tables=tables, figures=drawn)


def sentence(comparison: Comparison, dataset: str, other: Hashable, found: Optimum) -> str:
    """Which depth is best."""
    key = other_key(comparison)
    where = f"On {dataset}" + (f" with {key} {setting_text(other)}" if key else "")
    seeds = count_text(found.count, "paired seed")
    if found.low is None:
        evidence = f"{seeds}, too few for an interval"
    elif found.low == found.high:
        evidence = f"95% interval: {found.depth} alone, {seeds}"
    else:
        evidence = (
            f"95% interval {found.low} to {found.high}, the best in {found.share:.0%} of "
            f"resamples, {seeds}"
        )
    deepest = max(depth_of(group) for group in comparison.of(dataset))
    edge = "; it is the deepest that was tried" if found.depth == deepest else ""
    return f"{where} the best depth is {found.depth} ({evidence}){edge}."


def table(comparison: Comparison, series: Sequence[tuple[str, Hashable, list[Group]]]) -> Table:
    """Training loss, test loss and both gaps by depth."""
    key = other_key(comparison)
    others = [key] if key else []
    columns = ["Data set", *others, "depth", "Training loss", "Test loss", "Test"]
    columns += ["Lost in fitting", "Lost in generalising"]
    rows, data = [], []
    for name, other, groups in series:
        for group in groups:
            metric = group.metric
            test = estimate(group.figures("test"), metric.within)
            gaps = {gap: estimate(values(group)) for gap, values in GAPS.items()}
            means = [losses(group, part).mean(skipna=False) for part in ("best_train", "test")]
            named = [setting_text(other)] if key else []
            rows.append(
                [name, *named, str(depth_of(group)),
                 *(metric_text("loss", mean) for mean in means), estimate_text(metric, test),
                 *(paired_text(metric, gap) for gap in gaps.values())]
            )  # fmt: skip
            data.append(
                {"dataset": name, **({key: other} if key else {}), "depth": depth_of(group),
                 "train_loss": means[0], "test_loss": means[1], "metric": metric.name,
                 **numbers("test", test), **{k: v for gap, found in gaps.items()
                                             for k, v in numbers(gap, found).items()}}
            )  # fmt: skip
    note = (
        "Means over seeds with 95% intervals; gaps of accuracy in points. A depth with lost runs "
        "has none. Losses at each run's best validation epoch."
    )
    return Table("depth", columns, rows, pd.DataFrame(data), [note])


def numbers(name: str, found: Estimate) -> dict[str, float]:
    """An estimate as cells of a file."""
    return {f"{name}_mean": found.mean, f"{name}_low": found.low, f"{name}_high": found.high}


def optima(
    comparison: Comparison,
    series: Sequence[tuple[str, Hashable, list[Group]]],
    best: Sequence[Optimum | None],
) -> Table:
    """The best depth of each data set."""
    key = other_key(comparison)
    columns = [
        "Data set",
        *([key] if key else []),
        "Best depth",
        "Interval",
        "In resamples",
        "Pairs",
    ]
    rows, data = [], []
    for (name, other, _), found in zip(series, best, strict=True):
        named = [setting_text(other)] if key else []
        if found is None:
            rows.append([name, *named, "—", "—", "—", "—"])
            continue
        interval = "—" if found.low is None else f"{found.low} to {found.high}"
        share = "—" if np.isnan(found.share) else f"{found.share:.0%}"
        rows.append([name, *named, str(found.depth), interval, share, str(found.count)])
        data.append(
            {"dataset": name, **({key: other} if key else {}), "depth": found.depth,
             "low": found.low, "high": found.high, "share": found.share, "pairs": found.count}
        )  # fmt: skip
    note = (
        "The depth with the highest mean of the test part, at settings that the other half of the "
        "seeds chose; of equals the smaller, and never one of which a run was lost. Interval: 95% "
        "bootstrap, in which all depths keep their common seeds."
    )
    return Table("best-depth", columns, rows, pd.DataFrame(data), [note])
