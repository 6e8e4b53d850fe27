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
from nnbench.report.order import ranked
from nnbench.report.where import mark

Setting = tuple[Hashable, ...]
"""The values of the nuisances."""


@dataclass(frozen=True)
class Offer:
    """What a compared value has to choose from."""

    settings: dict[Setting, Array]
    """Setting → positions of its rows, one a seed, by seed; settings in natural order."""
    complete: int
    """How many there were before all values were given the same number."""
    incomplete: int
    """How many more lack some of their seeds: they had it easier or harder, and are left out."""
    unshared: int
    """How many seeds only some of these settings have: their runs with those are left out."""
    common: tuple[int, ...]
    """The seeds that all settings have, those that are left out among them."""


def offer(runs: pd.DataFrame, nuisances: Sequence[str]) -> Offer:
    """The settings of a value's runs that have the same seeds, and their runs with those seeds.

    They are the seeds of one of the settings, such that the most runs are kept: ten settings with
    six seeds are not given up for one that has twenty, nor twenty seeds for one setting's six.
    """
    found, seeds = cells(runs, nuisances), runs["seed"].to_numpy()
    seeds_of = {setting: frozenset(seeds[rows].tolist()) for setting, rows in found.items()}
    candidates = sorted(set(seeds_of.values()), key=lambda those: (-len(those), sorted(those)))
    kept = max(
        candidates, key=lambda those: len(those) * sum(those <= own for own in seeds_of.values())
    )
    whole = {
        setting: rows[np.isin(seeds[rows], list(kept))]
        for setting, rows in found.items() if kept <= seeds_of[setting]
    }  # fmt: skip
    unshared = frozenset.union(*(seeds_of[setting] for setting in whole)) - kept
    common = frozenset.intersection(*seeds_of.values())
    return Offer(whole, len(whole), len(found) - len(whole), len(unshared), tuple(sorted(common)))


def equal(offers: Mapping[Hashable, Offer]) -> dict[Hashable, Offer]:
    """The same with as many settings for each compared value as that with the fewest has."""
    fewest = min(len(each.settings) for each in offers.values())
    shared = set.intersection(*(set(each.settings) for each in offers.values()))
    return {
        value: replace(each, settings=drawn(each.settings, shared, fewest))
        for value, each in offers.items()
    }


def drawn(
    settings: Mapping[Setting, Array], shared: Set[Setting], count: int
) -> dict[Setting, Array]:
    """As many settings as asked for: those that all have, and others by chance.

    The same ones whenever the same are there.
    """
    own = [setting for setting in settings if setting not in shared]
    places = np.random.default_rng(0).choice(len(own), count - len(shared), replace=False)
    kept = {*shared, *(own[place] for place in places)}
    return {setting: rows for setting, rows in settings.items() if setting in kept}


def cells(runs: pd.DataFrame, nuisances: Sequence[str]) -> dict[Setting, Array]:
    """Setting → positions of its rows, one a seed, by seed; settings in natural order.

    Of two runs that differ in nothing that is compared, such as the engine, the last counts.
    """
    seeds = runs["seed"].to_numpy()
    if not nuisances:
        return {(): last_by_seed(seeds, np.arange(len(runs)))}
    numbers = runs.groupby(list(nuisances), dropna=False, sort=False).ngroup().to_numpy()
    first = np.unique(numbers, return_index=True)[1]
    named = runs[list(nuisances)].iloc[first].itertuples(index=False, name=None)
    settings = sorted(enumerate(named), key=lambda entry: ranked(entry[1]))
    return {
        tuple(map(mark, setting)): last_by_seed(seeds, np.flatnonzero(numbers == number))
        for number, setting in settings
    }


def last_by_seed(seeds: Array, rows: Array) -> Array:
    """Of some rows the last of every seed, by seed."""
    backwards = rows[::-1]
    return np.asarray(backwards[np.unique(seeds[backwards], return_index=True)[1]])
