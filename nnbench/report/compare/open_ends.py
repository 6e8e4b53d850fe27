"""Ends of a key's range beyond which the best setting may lie, judged by what chooses settings."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from nnbench.engine.arrays import Array
from nnbench.report.compare.candidates import choosing_curves
from nnbench.report.compare.measure import Measure
from nnbench.report.compare.outcomes import time_of
from nnbench.report.compare.validation_curves import aligned
from nnbench.report.statistics import LEVEL, STEP_LEVEL, choosing_scores, first_best, open_ends
from nnbench.run.config import Scalar
from nnbench.run.varied import natural

Setting: TypeAlias = frozenset[tuple[str, Scalar]]
"""Keys and values of runs that differ in their seeds alone."""


@dataclass(frozen=True, eq=False)
class Finished:
    """Validation data of a finished run."""

    curve: Array
    """(epochs + 1,) of the metric, higher for better; the first is before training."""
    steps: float
    """Number of steps that it trained."""


Ended: TypeAlias = dict[Setting, dict[int, Finished | None]]
"""Setting → seed → run; None of one that diverged or failed."""


def open_ends_of(
    runs: Ended, key: str, measure: Measure, chance: float
) -> list[tuple[int, object]]:
    """Ends of a key's range beyond which a grid goes on for a value; see `ends_along`.

    The seeds that all settings have are used. There are none where no run of the best finished.
    """
    settings = sorted(runs, key=lambda setting: [(name, natural(v)) for name, v in sorted(setting)])
    settings.sort(key=lambda setting: natural(dict(setting).get(key)))
    seeds = sorted(set.intersection(*(set(runs[setting]) for setting in settings)))
    if not seeds or np.isnan(chance):
        return []
    table = [[runs[setting][seed] for seed in seeds] for setting in settings]
    curves = aligned([[run.curve if run else None for run in row] for row in table], chance)
    times = np.full(curves.shape[:2], np.nan)
    if measure.is_time:
        spent = [[time_of(run.curve, run.steps, measure) if run else np.inf for run in row]
                 for row in table]  # fmt: skip
        times = measure.sign * np.array(spent)
    choosing = choosing_curves(measure, curves, times)
    best = settings[int(first_best(choosing_scores(choosing)))]
    if all(runs[best][seed] is None for seed in seeds):
        return []
    return ends_along([dict(setting) for setting in settings], choosing, key, STEP_LEVEL)


def ends_along(
    names: Sequence[Mapping[str, Hashable]], choosing: Array, key: str, level: float = LEVEL
) -> list[tuple[int, object]]:
    """Open ends of a key's range, and what the key is there: −1 is the lowest, 1 the highest.

    `names` are settings, which are chosen by `choosing` (settings, seeds, epochs). Settings that
    differ from the best in this key alone are judged, by intervals of this level; where settings
    were drawn there are none, and all are.
    """
    best = names[int(first_best(choosing_scores(choosing)))]
    others = [name for name in best if name != key]
    along = sorted(range(len(names)), key=lambda place: natural(names[place].get(key)))
    line = [place for place in along
            if all(names[place].get(name) == best[name] for name in others)]  # fmt: skip
    line = line if len(line) > 1 else along
    return [
        (end, names[line[0 if end < 0 else -1]].get(key))
        for end in open_ends(choosing[line], level=level)
    ]
