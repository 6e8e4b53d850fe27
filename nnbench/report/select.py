"""From a table of runs to the groups that are compared.

Runs differ in the compared key, in their seeds (repeats), and perhaps in other keys (nuisances,
such as the learning rate). For every data set and compared value, the nuisances are settled by
validation figures alone (Google's tuning playbook; Choi et al. 2019).
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property

import pandas as pd

from nnbench.config import RunConfig
from nnbench.metrics import OBJECTIVE

BOOKKEEPING = {"run_id", "status", "key", "sweep", "reason", "artifacts", "seconds"}
FIGURES = (
    "train_",
    "validation_",
    "test_",
    "best_",
    "gradient_",
    "parameter_",
    "n_params",
    "steps",
)
FRACTION_KEYS = {"validation_size", "test_size"}


# Compared by identity: tables can't be compared as a whole.
@dataclass(frozen=True, eq=False)
class Group:
    """The runs of one data set and one compared value, at the chosen setting."""

    dataset: str
    value: Hashable
    runs: pd.DataFrame
    tried: pd.DataFrame
    """The runs at all settings there were to choose from, without figures of the test part."""
    metric: str
    """`accuracy` or `r2`."""
    chosen: dict[str, Hashable]
    """The nuisances' chosen values."""
    settings: int
    """How many settings there were to choose from."""

    @cached_property
    def lost(self) -> int:
        """How many runs diverged or failed."""
        return int((self.runs["status"] != "finished").sum())

    def figures(self, part: str) -> pd.Series:
        """The metric of one part (best_train, best_validation, test) by seed; NaN for lost runs."""
        column = f"{part}_{self.metric}"
        values = self.runs.set_index("seed").get(column)
        if values is None:
            return pd.Series(float("nan"), index=self.runs["seed"])
        return pd.to_numeric(values)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Everything a report is made from."""

    compare: str
    runs: pd.DataFrame
    """All runs, one row a key."""
    groups: tuple[Group, ...]
    """By data set, and within it by value, the reference first."""
    nuisances: tuple[str, ...]
    fixed: dict[str, Hashable]
    """Keys that had the same value throughout."""

    @property
    def datasets(self) -> list[str]:
        """The data sets, in the order of the groups."""
        return list(dict.fromkeys(group.dataset for group in self.groups))

    @property
    def values(self) -> list[Hashable]:
        """The compared values in their natural order."""
        return sorted({group.value for group in self.groups}, key=natural)

    def of(self, dataset: str) -> list[Group]:
        """The groups of one data set; the first is the reference."""
        return [group for group in self.groups if group.dataset == dataset]


def compare_runs(runs: pd.DataFrame, compare: str) -> Comparison:
    """Group the runs, and settle the nuisances of each group."""
    # A run that was trained twice counts once, as it came out the last time.
    runs = runs.drop_duplicates("key", keep="last").reset_index(drop=True)
    keys = [column for column in runs.columns if is_key(column)]
    columns = ["dataset", compare] if compare != "dataset" else ["dataset"]
    parts = [part for _, part in runs.groupby(columns, dropna=False, sort=False)]
    varying = [key for key in keys if key not in {*columns, "seed"}]
    nuisances = [key for key in varying if any(distinct(part[key]) > 1 for part in parts)]
    groups = [choose(part, compare, nuisances) for part in parts]
    groups.sort(key=lambda group: (group.dataset, natural(group.value)))
    fixed = {
        key: runs[key].iloc[0]
        for key in keys
        if key not in {compare, "seed"} and distinct(runs[key]) == 1
    }
    return Comparison(compare, runs, tuple(groups), tuple(nuisances), fixed)


def compared_key(runs: pd.DataFrame) -> str:
    """What the newest sweep is about: depth if it varied, else the first key that did."""
    if runs.empty:
        return "depth"
    newest = runs[runs["sweep"] == runs["sweep"].iloc[-1]]
    order = [field.name for field in fields(RunConfig) if field.name not in ("dataset", "seed")]
    keys = ["depth", *order, *filter(is_key, sorted(runs.columns)), "dataset"]
    varying = (k for k in keys if k in newest and k != "seed" and distinct(newest[k]) > 1)
    return next(varying, "depth")


def is_key(column: str) -> bool:
    """Whether a column is a setting, not a figure."""
    return column in FRACTION_KEYS or not (column in BOOKKEEPING or column.startswith(FIGURES))


def choose(part: pd.DataFrame, compare: str, nuisances: list[str]) -> Group:
    """The group of one data set and value, at its best setting."""
    metric = metric_of(part)
    tried = blind(part)
    rows = best_setting(tried, nuisances, f"best_validation_{metric}")
    runs = part.loc[rows].drop_duplicates("seed", keep="last").sort_values("seed")
    first = runs.iloc[0]
    settings = len(part[nuisances].drop_duplicates()) if nuisances else 1
    chosen = {key: first[key] for key in nuisances}
    return Group(
        str(first["dataset"]), plain(first[compare]), runs, tried, metric, chosen, settings
    )


def blind(runs: pd.DataFrame) -> pd.DataFrame:
    """The runs without figures of the test part; what chooses is given this, so none can leak."""
    hidden = [name for name in runs if str(name).startswith("test_") and name not in FRACTION_KEYS]
    return runs.drop(columns=hidden)


def best_setting(runs: pd.DataFrame, nuisances: list[str], objective: str) -> pd.Index:
    """The rows of the setting with the best mean on the validation part.

    Any setting with a lost run is worse than all without.
    """
    if not nuisances:
        return runs.index
    ranked = []
    for _, rows in runs.groupby(nuisances, dropna=False, sort=False):
        lost = int((rows["status"] != "finished").sum())
        mean = rows[objective].mean() if objective in rows else float("nan")
        ranked.append(((lost, -mean if pd.notna(mean) else float("inf")), rows.index))
    return min(ranked, key=lambda entry: entry[0])[1]


def metric_of(part: pd.DataFrame) -> str:
    """The objective of the task that the runs were for; accuracy if all were lost."""
    for metric in OBJECTIVE.values():
        column = f"best_validation_{metric}"
        if column in part and part[column].notna().any():
            return metric
    return next(iter(OBJECTIVE.values()))


def distinct(values: pd.Series) -> int:
    """How many values a column has; a missing value is one of them."""
    return int(values.nunique(dropna=False))


def plain(value: Hashable) -> Hashable:
    """A number of NumPy's as one of Python's; whole numbers without a decimal point."""
    if isinstance(value, str) or value is None:
        return value
    number = float(value)  # type: ignore[arg-type]
    return int(number) if number.is_integer() else number


def natural(value: Hashable) -> tuple[bool, float, str]:
    """A key that sorts numbers by size and before words."""
    if isinstance(value, int | float) and value == value:
        return (False, float(value), "")
    return (True, 0.0, str(value))


def is_ordered(values: list[Hashable]) -> bool:
    """Whether the values are numbers, which have an order to show."""
    return all(isinstance(value, int | float) for value in values)


def pairs(comparison: Comparison) -> Iterator[tuple[Group, Group]]:
    """Every group beside the reference of its data set."""
    for dataset in comparison.datasets:
        reference, *others = comparison.of(dataset)
        for other in others:
            yield reference, other
