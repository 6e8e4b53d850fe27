"""Data sets drawn anew from one source, and two learners of which neither is better on new rows.

Each learner sees half of the inputs, which are alike in the source, so that the difference between
both is 0 over new rows and nothing else on any one data set. The learners are scikit-learn's, since
a thousand of them train in seconds.
"""

import numpy as np
from sklearn.linear_model import LogisticRegression

from nnbench.data.dataset import Dataset, classification
from nnbench.data.split import split
from nnbench.report.statistics import TunedScores, choose, decide, difference
from nnbench.report.statistics.new_rows import new_rows_interval

ROWS, INPUTS = 300, 10
VALIDATION, TEST = 0.1, 0.2


def source(rng: np.random.Generator, rows: int) -> Dataset:
    """Rows of two classes; both halves of the inputs say as much of the class."""
    x = rng.normal(size=(rows, INPUTS))
    return classification("source", x, x.sum(axis=1) + rng.normal(0, 2, rows) > 0, "simulated")


def scores(data: Dataset, seed: int) -> tuple[float, float]:
    """Test accuracy of both learners, split by the seed."""
    rows = split(data, seed, VALIDATION, TEST)
    halves = (slice(INPUTS // 2), slice(INPUTS // 2, INPUTS))
    first, second = (
        LogisticRegression()
        .fit(data.x[rows.train, half], data.y[rows.train])
        .score(data.x[rows.test, half], data.y[rows.test])
        for half in halves
    )
    return float(first), float(second)


def tuned(per_seed: np.ndarray) -> TunedScores:
    """A value with one setting."""
    return choose(per_seed[None, :, None], per_seed[None])


def row(rng: np.random.Generator, seeds: int, *, fresh: bool) -> dict[str, float]:
    """Claims on one data set; with `fresh` rows each seed draws rows of its own."""
    data = source(rng, ROWS)
    per_seed = np.array(
        [scores(source(rng, ROWS) if fresh else data, seed) for seed in range(seeds)]
    )
    effect = difference(tuned(per_seed[:, 1]), tuned(per_seed[:, 0]))
    (decision,) = decide([effect], [0.0])
    low, high = new_rows_interval(
        effect.per_seed, round(TEST * ROWS), round((1 - TEST - VALIDATION) * ROWS)
    )
    claimed = decision.outcome.claims_difference
    return {"claimed": claimed, "shown for new rows": claimed and (low > 0 or high < 0)}
