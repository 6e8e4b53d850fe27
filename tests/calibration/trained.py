"""Experiments of runs that were really trained, of which the truth is known all the same."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

import nnbench
from nnbench.run.result import RunResult

SEEDS = 10
RATES = (0.003, 0.01, 0.03)
"""Learning rates to choose from."""

KNOWN = {
    "parity": (
        (1, 2),
        (
            "dataset.bits=8",
            "dataset.distractors=4",
            "dataset.samples=2000",
            "params=300",
            "epochs=40",
        ),
    ),
    "sawtooth": ((1, 3), ("dataset.samples=600", "params=500", "epochs=40")),
}
"""Data → a shallow depth and a deep one of equal size, and what they are trained with.

So small that the shallow network can't do it: parity of many bits takes it many units, and a
sawtooth a unit for every tooth (Telgarsky 2016).
"""


def equal_depths(experiments: int, rates: Sequence[float] = RATES) -> pd.DataFrame:
    """Depth 3 against depth 3: halves of disjoint seeds, one of which is called depth 4.

    Each data set of the table is an experiment.
    """
    words = ["dataset=iris", "depth=3", "width=8", "epochs=6", f"seeds={2 * SEEDS * experiments}"]
    configs = nnbench.compose_all(words)
    rows = []
    for rate in rates:
        results = nnbench.train_stack([replace(config, lr=rate) for config in configs])
        for number, result in enumerate(results):
            experiment, position = divmod(number, 2 * SEEDS)
            group, seed = divmod(position, SEEDS)
            named = {"dataset": experiment, "depth": 3 + group, "seed": seed}
            rows.append({**row(result), **named, "key": f"{rate} {number}"})
    return pd.DataFrame(rows)


def deep_and_shallow(dataset: str, *more: str) -> pd.DataFrame:
    """Networks of equal size on data of which theory says that depth helps."""
    depths, words = KNOWN[dataset]
    rows = []
    for depth in depths:
        asked = [f"dataset={dataset}", f"depth={depth}", f"seeds={SEEDS}", *words, *more]
        configs = nnbench.compose_all(asked)
        tuned = [replace(config, lr=rate) for rate in RATES for config in configs]
        rows += [row(result) for result in nnbench.train_stack(tuned)]
    return pd.DataFrame(rows)


def row(result: RunResult) -> dict[str, object]:
    """A run as a table has it."""
    return {
        **result.config.flat(),
        **result.final,
        "run_id": repr(result.config),
        "key": repr(result.config),
        "status": result.status,
        "sweep": "s",
        "reason": result.reason,
        "trouble": result.trouble,
    }
