"""Factors that depend on the step alone, as bias corrections do, for many steps at once.

Doing it step by step takes as long as a tenth of everything else in a small network.
"""

import numpy as np

from nnbench.engine.arrays import Array, Column, ParamStack

STEPS_AHEAD = 256
"""Steps whose bias corrections are worked out together."""


def table(params: ParamStack) -> Array:
    """Buffer for a number of every run at each of the next steps, (runs, STEPS_AHEAD, 1)."""
    return np.empty((params.runs, STEPS_AHEAD, 1), params.values.dtype)


def place(t: int) -> int:
    """Index of step `t` in a table; tables are made anew whenever it is 0."""
    return (t - 1) % STEPS_AHEAD


def steps_from(t: int) -> Array:
    """The steps that a table is for, which begins at step `t`, (STEPS_AHEAD, 1)."""
    return np.arange(t, t + STEPS_AHEAD, dtype=np.float64)[:, None]


def products(last: Array, factors: Array) -> Array:
    """Running products of a table of factors, (runs, STEPS_AHEAD, 1), in float64.

    They go on from `last`, (runs, 1), which moves to the end.
    """
    running: Array = last[:, None] * np.cumprod(factors, axis=1)
    last[:] = running[:, -1]
    return running


def powers(last: Array, base: Column) -> Array:
    """The next powers of each run's base, as `products`."""
    return products(last, np.broadcast_to(each_run(base), (len(last), STEPS_AHEAD, 1)))


def each_run(value: Column) -> Array:
    """A hyperparameter in float64, shaped (runs, 1, 1), to be combined with a row of steps."""
    return np.reshape(np.asarray(value, np.float64), (-1, 1, 1))
