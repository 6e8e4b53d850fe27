"""Equal budgets: how many settings, and which, every compared value has to choose from.

Who tries more settings finds a better one (Dodge et al. 2019), so all have equally many. Those that
all values have come first: a value that was tried at depth 3 only would otherwise stand beside
another's best of three depths.
"""

from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from nnbench.engine.arrays import Array
from nnbench.report.compare.reference import ranked
from nnbench.report.compare.where_filter import mark
from nnbench.report.statistics import FEWEST_PAIRS

Setting = tuple[Hashable, ...]
"""The values of the nuisances."""


@dataclass(frozen=True)
class Offer:
    """The settings that a compared value has to choose from."""

    settings: dict[Setting, Array]
    """Setting → positions of its rows, one a seed, by seed; settings in natural order."""
    complete: int
    """Number of settings before all values were given the same number."""
    incomplete: int
    """Number of further settings that lack some of their seeds, and are left out as unequal."""
    unshared: int
    """Number of seeds that only some of these settings have: runs with those are left out."""
    common: tuple[int, ...]
    """The seeds that all settings have, those that are left out among them."""


def offers(
    parts: Mapping[Hashable, pd.DataFrame], nuisances: Sequence[str]
) -> dict[Hashable, Offer]:
    """The settings of values that are compared with each other, all with the same seeds.

    They are seeds that a setting has, or that all have, such that the most pairs are kept of as
    many settings for each: ten settings with six seeds are not given up for one that has twenty,
    nor twenty seeds for one setting's six. Before that, values that share a setting keep one, if
    there are seeds enough for a verdict. Where values have no seeds in common, each has its own.
    """
    tables = {value: table(runs, nuisances) for value, runs in parts.items()}
    sets = [own for of_value in tables.values() for own in of_value.seeds.values()]
    candidates = {*sets, frozenset.intersection(*sets)} - {frozenset()}
    fitting = [
        those for those in sorted(candidates, key=lambda those: (-len(those), sorted(those)))
        if all(of_value.whole(those) for of_value in tables.values())
    ]  # fmt: skip
    if not fitting:
        return {value: offers({value: runs}, nuisances)[value] for value, runs in parts.items()}
    chosen = best_of(fitting, list(tables.values()))
    return {value: of_value.offer(chosen) for value, of_value in tables.items()}


def best_of(candidates: Sequence[frozenset[int]], tables: Sequence["Cells"]) -> frozenset[int]:
    """The seeds with which the most pairs of runs are kept, see `offers`."""
    paired = {
        those: len(frozenset.intersection(*(table.shared(those) for table in tables)))
        for those in candidates
    }
    whole = {those: [table.whole(those) for table in tables] for those in candidates}
    sharing = [those for those in candidates if set.intersection(*map(set, whole[those]))]
    if any(paired[those] >= FEWEST_PAIRS for those in sharing):
        candidates = sharing
    return max(candidates, key=lambda those: min(map(len, whole[those])) * paired[those])


@dataclass(frozen=True)
class Cells:
    """All settings of a value, whatever seeds they have."""

    rows: dict[Setting, Array]
    """Positions of its runs, one a seed, by seed."""
    seeds: dict[Setting, frozenset[int]]

    def whole(self, seeds: frozenset[int]) -> list[Setting]:
        """The settings that have all of these seeds."""
        return [setting for setting, own in self.seeds.items() if seeds <= own]

    def shared(self, seeds: frozenset[int]) -> frozenset[int]:
        """The seeds that those settings have in common: these, and perhaps more."""
        return frozenset.intersection(*(self.seeds[setting] for setting in self.whole(seeds)))

    def offer(self, seeds: frozenset[int]) -> Offer:
        """Offer of those settings with those seeds."""
        whole, shared = self.whole(seeds), self.shared(seeds)
        own = {setting: sorted(self.seeds[setting]) for setting in whole}
        return Offer(
            {setting: self.rows[setting][np.isin(own[setting], list(shared))] for setting in whole},
            complete=len(whole),
            incomplete=len(self.rows) - len(whole),
            unshared=len(frozenset.union(*(self.seeds[setting] for setting in whole)) - shared),
            common=tuple(sorted(frozenset.intersection(*self.seeds.values()))),
        )


def table(runs: pd.DataFrame, nuisances: Sequence[str]) -> Cells:
    """All settings of a value's runs."""
    rows, seeds = cells(runs, nuisances), runs["seed"].to_numpy()
    return Cells(rows, {setting: frozenset(seeds[own].tolist()) for setting, own in rows.items()})


def equal(offers: Mapping[Hashable, Offer]) -> dict[Hashable, Offer]:
    """The same with as many settings for each compared value as that with the fewest has."""
    fewest = min(len(offer.settings) for offer in offers.values())
    shared = set.intersection(*(set(offer.settings) for offer in offers.values()))
    return {
        value: replace(offer, settings=drawn(offer.settings, shared, fewest))
        for value, offer in offers.items()
    }


def drawn(
    settings: Mapping[Setting, Array], shared: Set[Setting], count: int
) -> dict[Setting, Array]:
    """As many settings as asked for: those that all have, and others by chance.

    The same ones whenever the same are there.
    """
    own = [setting for setting in settings if setting not in shared]
    places = np.random.default_rng(0).choice(len(own), count - len(shared), replace=False)
    chosen = {*shared, *(own[place] for place in places)}
    return {setting: rows for setting, rows in settings.items() if setting in chosen}


def cells(runs: pd.DataFrame, nuisances: Sequence[str]) -> dict[Setting, Array]:
    """Setting → positions of its rows, one a seed, by seed; settings in natural order.

    Of two runs that differ in nothing that is compared, such as the engine, the last counts.
    """
    seeds = runs["seed"].to_numpy()
    if not nuisances:
        return {(): last_by_seed(seeds, np.arange(len(runs)))}
    numbers = runs.groupby(list(nuisances), dropna=False, sort=False).ngroup().to_numpy()
    first = np.unique(numbers, return_index=True)[1]
    named = [*runs[list(nuisances)].iloc[first].itertuples(index=False, name=None)]
    # The same number may be written in several ways: the first of them stands for all.
    same: dict[Setting, int] = {}
    numbers = np.array([
        same.setdefault(tuple(map(mark, setting)), number) for number, setting in enumerate(named)
    ])[numbers]  # fmt: skip
    return {
        setting: last_by_seed(seeds, np.flatnonzero(numbers == number))
        for setting, number in sorted(same.items(), key=lambda entry: ranked(named[entry[1]]))
    }


def last_by_seed(seeds: Array, rows: Array) -> Array:
    """Last of some rows for every seed, by seed."""
    backwards = rows[::-1]
    return np.asarray(backwards[np.unique(seeds[backwards], return_index=True)[1]])
