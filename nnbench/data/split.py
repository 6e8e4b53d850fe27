"""The split of a data set into training, validation and test part."""

from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import train_test_split

from nnbench.data.dataset import Dataset
from nnbench.engine.arrays import Array
from nnbench.streams import stream


@dataclass(frozen=True)
class Split:
    """Row numbers of the three parts, which have no row in common."""

    train: Array
    validation: Array
    test: Array


def split(data: Dataset, seed: int, validation_size: float, test_size: float) -> Split:
    """The split that belongs to a run's seed; classes keep their shares in every part.

    Sizes are shares of all rows; where the data have a test part of their own, `validation_size` is
    one of the others. Raises ValueError if a part would be empty or a class is too
    small to be in every part.
    """
    rng = stream(seed, "split")
    rows = np.arange(len(data.x))
    stratify = data.y if data.classes else None
    if data.test_rows:
        rest, test_rows = rows[: -data.test_rows], rows[-data.test_rows :]
        rows = rest
    else:
        rest, test_rows = train_test_split(
            rows,
            test_size=max(1, round(test_size * len(rows))),
            stratify=stratify,
            random_state=int(rng.integers(2**32)),
        )
    train_rows, validation_rows = train_test_split(
        rest,
        test_size=max(1, round(validation_size * len(rows))),
        stratify=None if stratify is None else stratify[rest],
        random_state=int(rng.integers(2**32)),
    )
    return Split(train_rows, validation_rows, test_rows)
