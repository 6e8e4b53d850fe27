"""The untuned defaults of the compared values, as a baseline of tuning (Schmidt et al. 2021)."""

from collections.abc import Hashable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from nnbench.pages.formatting import setting_text
from nnbench.report.compare.candidates import candidates_of
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.defaults import folder, own_values
from nnbench.report.compare.group import Group
from nnbench.report.compare.runs_table import records
from nnbench.report.compare.where_filter import mark


def default_group(comparison: Comparison, group: Group) -> Group | None:
    """The runs of the same value at nnbench's own settings of whatever varied; None if not run.

    They need not be among those that tuning chose from, once budgets have been made equal.
    """
    runs = comparison.runs[comparison.runs["dataset"] == group.dataset]
    for key in comparison.keys:
        value = group.runs[key].iloc[0]
        runs = runs[runs[key].isna() if pd.isna(value) else runs[key] == value]
    keys = varied(comparison)
    components = [key for key in runs if key in {*map(folder, keys), "optimizer"}]
    settings = runs[list(dict.fromkeys([*keys, *components]))]
    distinct = settings.drop_duplicates()
    own = [is_default(row, keys) for row in records(distinct)]
    if not any(own):
        return None
    at = settings.merge(distinct[own], how="left", indicator=True)["_merge"] == "both"
    runs = runs[at.to_numpy()].drop_duplicates("seed", keep="last").sort_values("seed")
    rows = [np.arange(len(runs))]
    candidates = candidates_of(runs, rows, comparison.nuisances, group.measure, comparison.curves)
    return replace(group, runs=runs, candidates=candidates)


def varied(comparison: Comparison) -> list[str]:
    """The keys chosen among: the nuisances and those that varied along with them."""
    along = dict.fromkeys(key for group in comparison.groups for key in group.along)
    return [*comparison.nuisances, *along]


def is_default(row: Mapping[str, Hashable], keys: list[str]) -> bool:
    """True if a run has nnbench's own value of every one of the keys."""
    return all(mark(row.get(key)) in own_values(key, row) for key in keys)


def settings_text(group: Group) -> str:
    """A group's values of the keys of which several were tried, as they are typed."""
    pairs = []
    for key in [*group.chosen, *group.along]:
        values = list(dict.fromkeys(map(setting_text, group.runs[key])))
        if group.tried[key].nunique(dropna=False) > 1:
            pairs.append(f"{key.rpartition('.')[2]}={' or '.join(values)}")
    return ", ".join(pairs)
