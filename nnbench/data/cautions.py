"""Limits of the sets of a split, checked on the splits themselves."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from nnbench.data.dataset import Dataset
from nnbench.data.split import Split, split
from nnbench.run.config import RunConfig

FEWEST_ROWS = 10
"""Fewer rows than this choose an epoch, or compare networks, by chance: one row is 10 percentage
points of accuracy or more."""

USES = {"validation": "choose epochs and settings", "test": "compare networks"}


def notes(data: Mapping[str, Dataset], configs: Iterable[RunConfig]) -> Iterator[tuple[str, str]]:
    """Name of a data set, and what is to be known of it or of the splits of its runs.

    `data` is by the representation of a run's `dataset`.
    """
    splits: dict[str, dict[tuple[float, float], set[int]]] = {name: {} for name in data}
    for config in configs:
        sizes = config.validation_size, config.test_size
        splits[repr(config.dataset)].setdefault(sizes, set()).add(config.seed)
    remarks = []
    for name, dataset in data.items():
        remarks += [(dataset.name, dataset.note)] * bool(dataset.note)
        for sizes, seeds in splits[name].items():
            remarks += [(dataset.name, text) for text in cautions(dataset, sorted(seeds), *sizes)]
    # Those that differ only in their rows for training have their notes in common.
    yield from dict.fromkeys(remarks)


def cautions(
    data: Dataset, seeds: Sequence[int], validation_size: float, test_size: float
) -> Iterator[str]:
    """A sentence for everything that the splits of some runs can't measure."""

    def split_of(seed: int) -> Split:
        return split(data, seed, validation_size, test_size)

    first = split_of(seeds[0])
    # Only where a value is so frequent can it fill a set; and splitting large data takes long.
    frequent = np.inf if data.classes else most_frequent(data)
    smallest = min(len(first.validation), len(first.test))
    splits = [split_of(seed) for seed in seeds] if 1 < smallest <= frequent < np.inf else [first]
    for name, use in USES.items():
        sets = [getattr(rows, name) for rows in splits]
        if len(sets[0]) < FEWEST_ROWS:
            rows = "1 row" if len(sets[0]) == 1 else f"{len(sets[0])} rows"
            yield f"the {name} set has {rows}, too few to {use} by"
        if data.classes:
            lacking = data.classes - len(np.unique(data.y[sets[0]]))
            if lacking:
                yield f"the {name} set has no row of {lacking} of the {data.classes} classes"
        elif len(sets[0]) > 1:
            constant = sum(bool((np.ptp(data.y[rows], axis=0) == 0).any()) for rows in sets)
            if constant:
                yield (
                    f"all {name} targets are equal in {constant} of {len(sets)} splits, where R² "
                    "is 0 unless every one is met"
                )


def most_frequent(data: Dataset) -> int:
    """Number of rows that share the most frequent number of a target."""
    counts = (np.unique(column, return_counts=True)[1].max() for column in data.y.T)
    return int(max(counts))
