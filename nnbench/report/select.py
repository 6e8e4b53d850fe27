"""From a table of runs to the groups that are compared.

Runs differ in the compared key, in their seeds (repeats), and perhaps in other keys (nuisances,
such as the learning rate). For every data set and compared value, the nuisances are settled by
validation figures alone (Google's tuning playbook; Choi et al. 2019).
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from nnbench.pages.wording import is_ordered
from nnbench.report.columns import as_asked, blind, data_names, metric_of, records, settings_of
from nnbench.settings import natural, telling_keys

DISTINCT = 8
"""Values without an order that a reader can tell apart by colour."""


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
    along: dict[str, Hashable]
    """Values at the chosen setting of what varied along with the nuisances."""

    @cached_property
    def lost(self) -> int:
        """How many runs diverged or failed, or have no figure of merit."""
        return int(self.figures("test").isna().sum())

    @cached_property
    def sizes(self) -> set[int]:
        """How many parameters the runs had; empty if all failed."""
        return set(pd.to_numeric(self.runs.get("n_params", pd.Series())).dropna().astype(int))

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
    confounded: tuple[str, ...]
    """Keys that differ along with the compared one, so that their effects can't be told apart."""
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

    @property
    def varied_text(self) -> str:
        """The nuisances in words, and what varied along with them."""
        along = dict.fromkeys(key for group in self.groups for key in group.along)
        text = ", ".join(self.nuisances)
        if not along:
            return text
        them = "it" if len(self.nuisances) == 1 else "them"
        return f"{text} (and with {them} {', '.join(along)})"

    @cached_property
    def drawn(self) -> list[Hashable]:
        """The values that have a colour in charts, in their natural order.

        Of more than can be told apart, those with the best mean rank on the validation part of
        the data sets, on each of which lost runs make a value the last.
        """
        if is_ordered(self.values) or len(self.values) <= DISTINCT:
            return self.values
        merits = pd.DataFrame(
            {"dataset": g.dataset, "value": g.value, "lost": -g.lost,
             "merit": g.figures("best_validation").mean()}
            for g in self.groups
        )  # fmt: skip
        best = merits.sort_values(["lost", "merit"], ascending=False, kind="stable")
        best["rank"] = best.groupby("dataset").cumcount()
        means = best.groupby("value")["rank"].mean().sort_values(kind="stable")
        return [value for value in self.values if value in set(means.index[:DISTINCT])]

    @property
    def undrawn_text(self) -> str:
        """What to say beside a chart that leaves values out; begins with a space, or is empty."""
        if len(self.drawn) == len(self.values):
            return ""
        return (
            f" Of the {len(self.values)} values of {self.compare}, the {len(self.drawn)} with the "
            "best mean rank on the validation part have a line."
        )

    def of(self, dataset: str) -> list[Group]:
        """The groups of one data set; the first is the reference."""
        return [group for group in self.groups if group.dataset == dataset]

    def drawn_of(self, dataset: str) -> list[Group]:
        """Those of them that have a colour in charts."""
        return [group for group in self.of(dataset) if group.value in self.drawn]

    def pairs(self) -> Iterator[tuple[Group, Group]]:
        """The reference of its data set, and a group, for every group beside it."""
        for dataset in self.datasets:
            reference, *others = self.of(dataset)
            for other in others:
                yield reference, other

    def rates(self) -> list[float] | None:
        """The learning rates in use; None where several were compared or chosen among."""
        if "lr" in {*self.nuisances, self.compare}:
            return None
        return sorted({float(lr) for group in self.groups for lr in group.runs["lr"]})


def compare_runs(runs: pd.DataFrame, compare: str) -> Comparison:
    """Group the runs, and settle the nuisances of each group."""
    # A run that was trained twice counts once, as it came out the last time.
    runs = runs.drop_duplicates("key", keep="last").reset_index(drop=True)
    runs["dataset"] = data_names(runs, compare)
    runs = as_asked(runs)
    keys = [key for key in settings_of(runs) if key != compare]
    rows = records(runs)
    nuisances = telling_keys(keys, rows, known=["dataset", compare])
    groups = []
    for dataset, of_dataset in runs.groupby("dataset", sort=True):
        metric = metric_of(of_dataset)
        parts = of_dataset.groupby(compare, dropna=False, sort=False)
        found = [choose(str(dataset), p, compare, nuisances, keys, metric) for _, p in parts]
        groups += in_order(found, compare)
    confounded = [
        key
        for key in keys
        if key not in nuisances
        and not any(key in group.along for group in groups)
        # A component's own options are part of what is compared, or chosen.
        and key.partition(".")[0] not in {compare, *nuisances}
        and any(
            differs(key, [g for g in groups if g.dataset == name])
            for name in {g.dataset for g in groups}
        )
    ]
    fixed = {
        key: runs[key].iloc[0] for key in ["dataset", *keys] if runs[key].nunique(dropna=False) == 1
    }
    return Comparison(compare, runs, tuple(groups), tuple(nuisances), tuple(confounded), fixed)


def differs(key: str, groups: Sequence[Group]) -> bool:
    """Whether the compared runs of one data set have several values of a key."""
    return bool(pd.concat([group.runs[key] for group in groups]).nunique(dropna=False) > 1)


def choose(
    dataset: str,
    part: pd.DataFrame,
    compare: str,
    nuisances: Sequence[str],
    keys: Sequence[str],
    metric: str,
) -> Group:
    """The group of one data set and value, at its best setting."""
    tried = blind(part)
    rows, settings = best_setting(tried, list(nuisances), f"best_validation_{metric}")
    runs = part.loc[rows].drop_duplicates("seed", keep="last").sort_values("seed")
    first = runs.iloc[0]
    chosen = {key: first[key] for key in nuisances}
    along = {
        key: first[key]
        for key in keys
        # The options of what was chosen among go with its name.
        if not {key, key.partition(".")[0]} & set(nuisances) and part[key].nunique(dropna=False) > 1
    }
    return Group(dataset, plain(first[compare]), runs, tried, metric, chosen, settings, along)


def best_setting(runs: pd.DataFrame, nuisances: list[str], objective: str) -> tuple[pd.Index, int]:
    """The rows of the setting with the best mean on the validation part; and among how many.

    A setting with fewer seeds than another had it easier or harder and is left out. The larger the
    share of lost runs, the worse, whatever the others reached.
    """
    if not nuisances:
        return runs.index, 1
    tried = [rows for _, rows in runs.groupby(nuisances, dropna=False, sort=False)]
    most = max(rows["seed"].nunique() for rows in tried)
    whole = [rows for rows in tried if rows["seed"].nunique() == most]

    def rank(rows: pd.DataFrame) -> tuple[float, float]:
        figures = pd.to_numeric(rows.get(objective, pd.Series(float("nan"), rows.index)))
        mean = figures.mean()
        return float(figures.isna().mean()), -mean if pd.notna(mean) else float("inf")

    return min(whole, key=rank).index, len(tried)


def in_order(groups: list[Group], compare: str) -> list[Group]:
    """The groups of one data set, the reference first.

    That is the shallowest or narrowest network; of anything else the best on the validation part.
    """
    ordered = sorted(groups, key=lambda group: natural(group.value))
    if compare in ("depth", "width"):
        return ordered
    whole = [group for group in ordered if not group.lost] or ordered
    best = max(whole, key=lambda group: group.figures("best_validation").mean())
    return [best, *(group for group in ordered if group is not best)]


def plain(value: Hashable) -> Hashable:
    """A number of NumPy's as one of Python's, whole without a decimal point; None if missing."""
    if isinstance(value, str | bool) or value is None:
        return value
    number = float(value)  # type: ignore[arg-type]
    if number != number:
        return None
    return int(number) if number.is_integer() else number
