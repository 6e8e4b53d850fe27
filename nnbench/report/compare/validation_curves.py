"""Validation curves of runs as settings are chosen by them: all finite, higher is better."""

from collections.abc import Sequence

import numpy as np

from nnbench.engine.arrays import LARGEST, Array
from nnbench.report.metric import Metric
from nnbench.report.statistics import fill_stopped, smooth
from nnbench.run.result import History


def validation_curve(history: History, metric: Metric) -> Array | None:
    """The metric on the validation set by epoch, (epochs + 1,), higher is better; None for none.

    The first is that of the network before training. What isn't finite is NaN.
    """
    curve = history.curves.get(f"validation_{metric.name}")
    return None if curve is None or not len(curve) else signed(curve, metric)


def signed(curve: Array, metric: Metric) -> Array:
    """A curve in the direction in which higher is better; NaN where it isn't finite."""
    values = metric.sign * np.asarray(curve, float)
    return np.where(np.abs(values) <= LARGEST, values, np.nan)


def aligned(curves: Sequence[Sequence[Array | None]], chance: float) -> Array:
    """Curves of settings and seeds as (settings, seeds, epochs), without epoch 0.

    A run that stopped early keeps its last smoothed value. One that diverged or failed is None,
    and counts at chance level in every epoch.
    """
    epochs = max((len(c) - 1 for row in curves for c in row if c is not None), default=0) or 1
    out = np.full((len(curves), len(curves[0]), epochs), np.nan)
    for setting, row in enumerate(curves):
        for seed, curve in enumerate(row):
            if curve is not None:
                out[setting, seed, : len(curve) - 1] = curve[1:]
    filled = fill_stopped(out)
    return np.where(np.isfinite(filled), filled, chance)


def last_tenth(curves: Array) -> Array:
    """Score at the end of training, (…, 1), of curves (…, epochs): the mean of the last tenth.

    It chooses settings for what is reported after the last epoch.
    """
    return smooth(curves)[..., -1:]
