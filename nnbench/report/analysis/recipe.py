"""The recipe of a report's runs: everything that trains them again, as plain values."""

from collections.abc import Hashable, Mapping
from dataclasses import fields
from typing import Any

import pandas as pd

from nnbench.report.analysis.findings import Findings
from nnbench.report.compare.runs_table import as_asked, plain
from nnbench.run.config import RunConfig
from nnbench.run.varied import natural

OF_RUNS = frozenset(field.name for field in fields(RunConfig))


def recipe(findings: Findings, tracked: pd.DataFrame) -> Mapping[str, Any]:
    """Settings, seeds and data of the compared runs, the engine, and the seconds of training.

    `tracked` has the runs under the names by which their data are typed. Settings that all runs
    share stand apart from those that differ; so do seeds.
    """
    runs = as_asked(tracked[tracked["run_id"].isin(findings.comparison.runs["run_id"])])
    keys = [str(key) for key in runs if str(key).partition(".")[0] in OF_RUNS - {"seed"}]
    shared = [key for key in keys if runs[key].nunique(dropna=False) == 1]
    differing = [key for key in keys if key not in shared]
    digests = runs["digest"] if "digest" in runs else pd.Series("", runs.index)
    columns = [*runs[differing].to_dict("list").values(), digests]
    seeds: dict[tuple[Hashable, ...], list[int]] = {}
    for row, seed in zip(zip(*columns, strict=True), runs["seed"], strict=True):
        seeds.setdefault(tuple(map(plain, row)), []).append(int(seed))
    common = sorted(next(iter(seeds.values())))
    if any(sorted(own) != common for own in seeds.values()):
        common = []
    return {
        "engine": findings.comparison.engines.trained_by,
        "seconds": float(runs["seconds"].sum()),
        "shared": {key: plain(runs[key].iloc[0]) for key in shared},
        "seeds": common,
        "settings": [
            {
                "values": dict(zip(differing, row[:-1], strict=True)),
                "digest": row[-1] or "",
                **({} if common else {"seeds": sorted(own)}),
            }
            for row, own in sorted(seeds.items(), key=lambda pair: [*map(natural, pair[0])])
        ],
    }
