"""What a report compares: groups of runs, one for every data set and compared value."""

import math
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from nnbench.pages.wording import is_ordered, setting_text
from nnbench.report.metric import Metric
from nnbench.report.order import each_of, ranked
from nnbench.report.statistics import interquartile_mean, median_with_lost

KNOWN_BY_NAME = ("activation", "model", "optimizer")
"""Keys whose values say by themselves what they are, such as `adam`."""

PARTS = {"training": "best_train", "validation": "best_validation", "test": "test"}
"""Part of the data → what its figures begin with."""

MOST_NAMED = 12
"""Groups that a sentence names."""

DISTINCT = 8
"""Values without an order that a reader can tell apart by colour."""


# Compared by identity: tables can't be compared as a whole.
@dataclass(frozen=True, eq=False)
class Group:
    """The runs of one data set and one compared value, at the chosen settings."""

    dataset: str
    value: Hashable
    """Of the compared key; a tuple where two keys are compared."""
    reference: Hashable
    """The value that it is compared with; its own, if it is that one."""
    runs: pd.DataFrame
    """One run a seed."""
    tried: pd.DataFrame
    """The runs at all settings there were to choose from, without figures of the test part."""
    rivals: tuple[pd.DataFrame, ...]
    """The runs at each setting that the validation part can't tell from the best: test figures."""
    metric: Metric
    chosen: dict[str, tuple[Hashable, ...]]
    """The nuisances' chosen values: two, where either half of the seeds chose another."""
    settings: int
    """How many settings there were to choose from."""
    offered: int
    """How many there were before all groups were given the same number."""
    incomplete: int
    """How many more had fewer seeds, and were left out."""
    along: dict[str, tuple[Hashable, ...]]
    """Values at the chosen settings of what varied along with the nuisances."""

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
        return self.metric.figures(self.runs, part).set_axis(self.runs["seed"].to_numpy())

    def signed(self, part: str) -> pd.Series:
        """The same in the direction in which higher is better."""
        return self.metric.sign * self.figures(part)

    def median(self, part: str) -> float:
        """The median of a part, lost runs counted as the worst: infinite if those are the most."""
        return self.metric.sign * median_with_lost(self.signed(part))

    def interquartile_mean(self, part: str) -> float:
        """The mean of the middle half, lost runs the worst: infinite if they reach it."""
        return self.metric.sign * interquartile_mean(self.signed(part))

    @property
    def merit(self) -> float:
        """The mean validation figure, higher for better; −∞ if runs were lost."""
        mean = self.signed("best_validation").mean(skipna=False)
        return float(mean) if mean == mean else -math.inf

    @property
    def gap(self) -> pd.Series:
        """How much worse the test figure is than the training figure, by seed."""
        return self.signed("best_train") - self.signed("test")

    def by_value(self, key: str) -> pd.DataFrame:
        """Validation figures by value of a nuisance, each at the best setting of the others.

        A row for each value of the key, with mean (NaN where a run was lost), lost, stalled and
        runs. Settings of which fewer runs were lost are better, whatever the others reached.
        """
        figures = self.metric.signed(self.tried, "best_validation")
        keys = [key, *(name for name in self.chosen if name != key)]
        settings = (
            self.tried[keys]
            .assign(merit=figures, lost=figures.isna(), stalled=self.tried["trouble"] == "stalled")
            .groupby(keys, dropna=False, as_index=False)
            .agg(merit=("merit", "mean"), lost=("lost", "sum"), stalled=("stalled", "sum"),
                 runs=("lost", "size"))
        )  # fmt: skip
        settings["merit"] = settings["merit"].where(settings["lost"] == 0)
        settings["mean"] = self.metric.sign * settings["merit"]
        best = settings.sort_values(["lost", "merit"], ascending=[True, False], kind="stable")
        return best.drop_duplicates(key).set_index(key)[["mean", "lost", "stalled", "runs"]]

    def at_rivals(self) -> Iterator["Group"]:
        """The group as it would be had each of the rivals been chosen."""
        for runs in self.rivals:
            yield replace(self, runs=runs)


@dataclass(frozen=True, eq=False)
class Comparison:
    """All groups, and what else varied."""

    keys: tuple[str, ...]
    """The compared key, or two."""
    runs: pd.DataFrame
    """All runs, one row a key."""
    groups: tuple[Group, ...]
    """By data set, and within it by value, the reference first."""
    nuisances: tuple[str, ...]
    confounded: tuple[str, ...]
    """Keys that differ along with the compared one, so that their effects can't be told apart."""
    fixed: dict[str, Hashable]
    """Keys that had the same value throughout."""
    cut: str = ""
    """What to say beside a chart, if these are not all groups; begins with a space."""

    @property
    def compare(self) -> str:
        """What is compared, in words."""
        return " and ".join(self.keys)

    def named(self, value: Hashable, but: Collection[str] = ()) -> str:
        """A value with its key, such as `depth 3`, unless its name is enough.

        Where two keys are compared, without those in `but`.
        """
        return " with ".join(
            setting_text(one)
            if key in KNOWN_BY_NAME and isinstance(one, str)
            else f"{key} {setting_text(one)}"
            for key, one in self.columns_of(value).items()
            if key not in but
        )

    def in_common(self, value: Hashable, reference: Hashable) -> dict[str, Hashable]:
        """Of two compared keys, those that a value and its reference share → their values."""
        shared = self.columns_of(value).items() & self.columns_of(reference).items()
        return dict(shared) if value != reference else {}

    def names_of(self, groups: Sequence[Group]) -> str:
        """Groups in words, each with its data, the first of them if there are many."""
        shown = [f"{self.named(group.value)} on {group.dataset}" for group in groups]
        more = f" and {len(shown) - MOST_NAMED} more" if len(shown) > MOST_NAMED else ""
        return ", ".join(shown[:MOST_NAMED]) + more

    @property
    def one_of_them(self) -> str:
        """What a compared value is, in words."""
        return self.compare if len(self.keys) == 1 else f"combination of {self.compare}"

    def columns_of(self, value: Hashable) -> dict[str, Hashable]:
        """Compared key → its value."""
        return dict(zip(self.keys, each_of(value), strict=True))

    @cached_property
    def datasets(self) -> list[str]:
        """The data sets, in the order of the groups."""
        return list(dict.fromkeys(group.dataset for group in self.groups))

    @cached_property
    def values(self) -> list[Hashable]:
        """The compared values in their natural order."""
        return sorted({group.value for group in self.groups}, key=ranked)

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

        Of more than can be told apart, the best on the validation part.
        """
        merits = {
            value: {g.dataset: g.merit for g in self.groups if g.value == value}
            for value in self.values
        }
        return told_apart(self.values, merits)

    @property
    def undrawn_text(self) -> str:
        """What to say beside a chart that leaves values out; begins with a space, or is empty."""
        if len(self.drawn) == len(self.values):
            return self.cut
        return (
            f"{self.cut} Of the {len(self.values)} values of {self.compare}, the "
            f"{len(self.drawn)} with the best mean rank on the validation part have a line."
        )

    def of(self, dataset: str) -> list[Group]:
        """The groups of one data set; the first is the reference."""
        return [group for group in self.groups if group.dataset == dataset]

    def drawn_of(self, dataset: str) -> list[Group]:
        """Those of them that have a colour in charts."""
        return [group for group in self.of(dataset) if group.value in self.drawn]

    def pairs(self) -> Iterator[tuple[Group, Group]]:
        """The reference of its data set, and a group, for every group beside it."""
        known = {(group.dataset, group.value): group for group in self.groups}
        for group in self.groups:
            if group.value != group.reference:
                yield known[group.dataset, group.reference], group

    def rates(self) -> list[float] | None:
        """The learning rates in use; None where several were compared or chosen among."""
        if "lr" in {*self.nuisances, *self.keys}:
            return None
        return sorted({float(lr) for group in self.groups for lr in group.runs["lr"]})


def told_apart(
    values: Sequence[Hashable], merits: Mapping[Hashable, Mapping[str, float]]
) -> list[Hashable]:
    """The values that get a colour: all that have an order, or are few enough.

    Of more, those with the best mean rank of their merits on the data sets; where one has none, it
    is the last.
    """
    if is_ordered(values) or len(values) <= DISTINCT:
        return list(values)
    # By position, since values may be tuples, of which pandas makes levels.
    table = pd.DataFrame([merits[value] for value in values]).fillna(-math.inf)
    means = table.rank(ascending=False).mean(axis=1).sort_values(kind="stable")
    return [values[position] for position in sorted(means.index[:DISTINCT])]
