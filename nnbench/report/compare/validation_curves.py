"""Validation curves of runs as settings are chosen by them: all finite, higher is better."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np

from nnbench.data.columns import LARGEST
from nnbench.engine.arrays import Array
from nnbench.report.metric import Metric
from nnbench.report.statistics import choosing_scores, fill_stopped, first_best, open_ends, smooth
from nnbench.run.config import Scalar
from nnbench.run.result import History
from nnbench.run.varied import natural

Setting: TypeAlias = frozenset[tuple[str, Scalar]]
"""Keys and values of runs that differ in their seeds alone."""

Curves: TypeAlias = dict[Setting, dict[int, Array | None]]
"""Setting → seed → validation curve; None of a run that diverged or failed."""


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


def chance_level(curves: Iterable[Array], metric: Metric) -> float:
    """The score of a run that learnt nothing, higher is better.

    It is 0 for R², else the mean before training over the runs of the data set; NaN for no runs.
    """
    if metric.name == "r2":
        return 0.0
    before = np.array([curve[0] for curve in curves])
    finite = before[np.isfinite(before)]
    return float(finite.mean()) if finite.size else np.nan


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


def open_ends_of(runs: Curves, key: str, chance: float) -> list[tuple[int, object]]:
    """Ends of a key's range beyond which the best setting of a value may lie; see `ends_along`.

    The seeds that all settings have are used. There are none where no run of the best finished.
    """
    settings = sorted(runs, key=lambda setting: [(name, natural(v)) for name, v in sorted(setting)])
    settings.sort(key=lambda setting: natural(dict(setting).get(key)))
    seeds = sorted(set.intersection(*(set(runs[setting]) for setting in settings)))
    if not seeds or np.isnan(chance):
        return []
    curves = aligned([[runs[setting][seed] for seed in seeds] for setting in settings], chance)
    best = settings[int(first_best(choosing_scores(curves)))]
    if all(runs[best][seed] is None for seed in seeds):
        return []
    return ends_along([dict(setting) for setting in settings], curves, key)


def ends_along(
    names: Sequence[Mapping[str, Hashable]], curves: Array, key: str
) -> list[tuple[int, object]]:
    """Open ends of a key's range, and what the key is there: −1 is the lowest, 1 the highest.

    `names` are settings, whose validation curves are `curves` (settings, seeds, epochs). Settings
    that differ from the best in this key alone are judged; where settings were drawn there are
    none, and all are.
    """
    best = names[int(first_best(choosing_scores(curves)))]
    others = [name for name in best if name != key]
    along = sorted(range(len(names)), key=lambda place: natural(names[place].get(key)))
    line = [place for place in along
            if all(names[place].get(name) == best[name] for name in others)]  # fmt: skip
    line = line if len(line) > 1 else along
    return [(end, names[line[0 if end < 0 else -1]].get(key)) for end in open_ends(curves[line])]
