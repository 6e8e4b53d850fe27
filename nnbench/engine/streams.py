"""Chance: one independent stream a purpose, derived from a run's seed and nothing else.

The same seed therefore gives every depth, optimizer or activation the same split and batch order,
which makes runs comparable pair by pair (Bouthillier et al. 2021).
"""

from typing import Literal, TypeAlias, get_args

import numpy as np

Purpose: TypeAlias = Literal[
    "split", "init", "order", "dropout", "statistics", "rows", "train_rows", "evaluation"
]
"""Purposes of streams; new ones go to the end, so that the older streams stay as they are."""


def stream(seed: int, purpose: Purpose) -> np.random.Generator:
    """The stream of one run for one purpose."""
    branch = get_args(Purpose).index(purpose)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(branch,)))
