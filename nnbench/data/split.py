"""The split of a data set into training, validation and test set."""

from dataclasses import dataclass, replace

import numpy as np

from nnbench.data.dataset import Dataset
from nnbench.engine.arrays import Array
from nnbench.engine.streams import stream


@dataclass(frozen=True)
class Split:
    """Row numbers of the three sets, which have no row in common."""

    train: Array
    validation: Array
    test: Array


def split(data: Dataset, seed: int, validation_size: float, test_size: float) -> Split:
    """The split that belongs to a run's seed; classes keep their shares in every set.

    Sizes are shares of all rows of the run; where the data have a test set of their own,
    `validation_size` is one of the others. Every set that is drawn has a row of every class. Of the
    training set, `data.train_rows` are kept. Raises ValueError if a set would be empty or too small
    for that, or a class is.
    """
    whole = whole_split(data, seed, validation_size, test_size)
    return reduced(whole, data, seed) if data.train_rows else whole


def whole_split(data: Dataset, seed: int, validation_size: float, test_size: float) -> Split:
    """The same with all rows of the training set."""
    rng = stream(seed, "split")
    rows = data.rows_of(seed)
    labels = data.y if data.classes else None
    if data.test_rows:
        rows, test_rows = rows[: -data.test_rows], rows[-data.test_rows :]
        size, other_rows = len(rows), rows
    else:
        size = len(rows)
        # Two of each class, for the training and the validation set.
        other_rows, test_rows = draw(rows, test_size * size, labels, rng, least=2)
    train_rows, validation_rows = draw(other_rows, validation_size * size, labels, rng, least=1)
    return Split(train_rows, validation_rows, test_rows)


def reduced(whole: Split, data: Dataset, seed: int) -> Split:
    """The split with `data.train_rows` random rows of its training set, classes by their shares.

    Every class keeps a row. Fewer rows are among those of any larger number. Raises ValueError if
    the training set has fewer rows, or there are more classes.
    """
    count, rows = data.train_rows, whole.train
    if count > len(rows):
        allowed = f"must be at most {len(rows)}, the rows of the training set"
        raise ValueError(f"train_rows={count}: {allowed}")
    if count < data.classes:
        raise ValueError(f"train_rows={count}: must be at least {data.classes}, one for each class")
    rows = stream(seed, "train_rows").permutation(rows)
    if data.classes:
        # Each row's place among those of its class: the first ones first, then by its share.
        labels = data.y[rows]
        places = np.empty(len(rows))
        for label in np.unique(labels):
            own = np.flatnonzero(labels == label)
            places[own] = (np.arange(len(own)) + 0.5) / len(own)
            places[own[0]] = 0
        rows = rows[np.argsort(places, kind="stable")]
    return replace(whole, train=rows[:count])


def draw(
    rows: Array, size: float, labels: Array | None, rng: np.random.Generator, least: int
) -> tuple[Array, Array]:
    """Rows in two sets at random, `size` of them in the second, classes by their shares.

    The first set has `least` rows of every class or more, the second has one.
    """
    # A second to load, which a configuration that is only checked need not wait for.
    from sklearn.model_selection import train_test_split

    first, second = train_test_split(
        rows,
        test_size=max(1, round(size)),
        stratify=None if labels is None else labels[rows],
        random_state=int(rng.integers(2**32)),
    )
    if labels is not None:
        # Shares alone give a class of few rows to one set only.
        classes, counts = np.unique(labels[rows], return_counts=True)
        if counts.min() <= least:
            rare = classes[counts.argmin()]
            raise ValueError(f"class {rare} has {counts.min()} rows, a row for each set is needed")
        exchange(second, first, 1, classes, labels, rng)
        exchange(first, second, least, classes, labels, rng)
    return first, second


def exchange(
    own: Array, other: Array, least: int, classes: Array, labels: Array, rng: np.random.Generator
) -> None:
    """Exchange rows of two sets until the own one has `least` of every class."""
    for label in classes:
        while np.count_nonzero(labels[own] == label) < least:
            frequent = np.bincount(labels[own]).argmax()
            if np.count_nonzero(labels[own] == frequent) <= least:
                raise ValueError(f"{len(own)} rows are too few for {least} of every class")
            gained = rng.choice(np.flatnonzero(labels[other] == label))
            returned = rng.choice(np.flatnonzero(labels[own] == frequent))
            other[gained], own[returned] = own[returned], other[gained]
