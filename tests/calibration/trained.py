"""Experiments of runs that were really trained, of which the truth is known all the same."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

import nnbench
from nnbench.report import Question
from nnbench.report.analysis.findings import find
from nnbench.run.result import History, RunHistories, RunResult

QUESTION = Question("calibration", ("depth",), (), "")
SEEDS = 10
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
"""Learning rates to choose from."""

KNOWN = {
    "parity": (
        (1, 2),
        (
            "dataset.bits=8",
            "dataset.distractors=4",
            "dataset.samples=2000",
            "params=300",
            "epochs=100",
        ),
    ),
    "sawtooth": ((1, 3), ("dataset.samples=600", "params=500", "epochs=200")),
}
"""Data → a shallow depth and a deep one of equal size, and what they are trained with.

So small that the shallow network can't do it: parity of many bits takes it many units, and a
sawtooth a unit for every tooth (Telgarsky 2016). After 100 epochs the deep one still improves.
"""


class Histories(dict[str, History], RunHistories):
    """Curves of trained runs by run_id."""


def claimed(experiments: int, rates: Sequence[float] = RATES) -> float:
    """Share of experiments in which depth 3 is said to differ from depth 3, of other seeds."""
    verdicts = find(*equal_depths(experiments, rates), QUESTION).contrasts
    return float(np.mean([verdict.outcome.claims_difference for verdict in verdicts]))


def equal_depths(experiments: int, rates: Sequence[float]) -> tuple[pd.DataFrame, Histories]:
    """Depth 3 against depth 3: halves of disjoint seeds, one of which is called depth 4.

    Each data set of the table is an experiment.
    """
    words = ["dataset=iris", "depth=3", "width=8", "epochs=6", f"seeds={2 * SEEDS * experiments}"]
    configs = nnbench.compose_all(words)
    rows, histories = [], Histories()
    for rate in rates:
        results = nnbench.train_stack([replace(config, lr=rate) for config in configs])
        for number, result in enumerate(results):
            experiment, position = divmod(number, 2 * SEEDS)
            group, seed = divmod(position, SEEDS)
            run_id = f"{rate} {number}"
            named = {"dataset": experiment, "depth": 3 + group, "seed": seed}
            rows.append({**row(result), **named, "run_id": run_id, "key": run_id})
            if result.history is not None:
                histories[run_id] = result.history
    return pd.DataFrame(rows), histories


def deep_and_shallow(dataset: str, *more: str) -> tuple[pd.DataFrame, Histories]:
    """Networks of equal size on data of which theory says that depth helps."""
    depths, words = KNOWN[dataset]
    rows, histories = [], Histories()
    for depth in depths:
        asked = [f"dataset={dataset}", f"depth={depth}", f"seeds={SEEDS}", *words, *more]
        configs = nnbench.compose_all(asked)
        tuned = [replace(config, lr=rate) for rate in RATES for config in configs]
        for result in nnbench.train_stack(tuned):
            rows.append(row(result))
            if result.history is not None:
                histories[repr(result.config)] = result.history
    return pd.DataFrame(rows), histories


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
