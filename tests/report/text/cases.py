"""Tables of runs that between them bring about every sentence of a verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from nnbench.report.analysis.findings import Findings, find
from nnbench.report.text.outcome_sentences import MOST_NAMED
from nnbench.report.text.verdict import MOST_PLACES
from nnbench.run.result import History
from tests.report.runs import NOISE, Kept, depths, findings_of, lost, question, run, table

SIX, EIGHT, NINE, TWELVE = range(6), range(8), range(9), range(12)


@dataclass(frozen=True)
class Case:
    """Runs, and what a report is asked of them."""

    runs: pd.DataFrame
    compare: str | tuple[str, ...] = "depth"
    changes: Mapping[str, Any] = field(default_factory=dict)
    firsts: tuple[int | None, ...] = ()
    """First epoch at a validation accuracy of 0.9, of each run; none where curves don't matter."""

    @cached_property
    def findings(self) -> Findings:
        if not self.firsts:
            return findings_of(self.runs, self.compare, **self.changes)
        curves = Kept(zip(self.runs["run_id"], map(reaching, self.firsts), strict=True))
        return find(self.runs, curves, question(self.compare, **self.changes))


def reaching(first: int | None) -> History:
    """Curves over 30 epochs that are at the target from an epoch on; never for None."""
    curve = np.full(31, 0.5)
    if first is not None:
        curve[first:] = 0.9
    return History(np.arange(31), {"validation_accuracy": curve}, (), np.empty(0, int), {})


def timed(*firsts: tuple[int | None, ...], metric: str = "steps_to_target") -> Case:
    """Depth 1, 3, … by the first epoch at the target of each seed; an epoch has three steps."""
    rows = [run(s, 2 * i + 1, steps=90, epochs=30)
            for i, of in enumerate(firsts) for s in range(len(of))]  # fmt: skip
    changes = {"metric": metric, "target": 0.9}
    return Case(table(*rows), changes=changes, firsts=tuple(n for of in firsts for n in of))


def noise(count: int) -> np.ndarray:
    return np.resize(NOISE, count)


def two_keys() -> pd.DataFrame:
    """Depth 1 and 3, on which sgd is the better by far only at depth 3."""
    merit = {(1, "adam"): 0.5, (1, "sgd"): 0.5, (3, "adam"): 0.8, (3, "sgd"): 0.9}
    return table(
        *(run(s, d, at + NOISE[s % 6] / d / (1 + (name == "sgd")), optimizer=name)
          for (d, name), at in merit.items() for s in TWELVE)
    )  # fmt: skip


def activations(scores: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """A run of each seed and activation, words that have no trend."""
    return table(
        *(run(s, 1, score, activation=name)
          for name, own in scores.items() for s, score in enumerate(own))
    )  # fmt: skip


def on_data(effects: dict[str, float], smallness: float = 1) -> pd.DataFrame:
    """Depth 1 and 3 on several data sets, depth 3 better by the effect there."""
    return table(
        *(run(s, d, 0.5 + (d > 1) * effect + NOISE[s % 6] / d / smallness, dataset=name)
          for name, effect in effects.items() for d in (1, 3) for s in NINE)
    )  # fmt: skip


def failed_elsewhere() -> pd.DataFrame:
    """Two data sets with depth 1 and 3, and one on which every run failed."""
    rows = [run(s, d, 0.5 + d / 10 + NOISE[s] * d, dataset=name)
            for name in ("iris", "wine") for d in (1, 3) for s in SIX]  # fmt: skip
    gone = [lost(s, d, "failed", "no such file", dataset="csv") for d in (1, 3) for s in SIX]
    return table(*rows, *gone)


EQUAL, BETTER = np.full(6, 0.8), 0.9 + NOISE
ONE_KEY = table(*(run(s, d, 0.5 + NOISE[s] * d) for d in (1, 3) for s in SIX))

CASES = {
    "better": Case(depths({1: EQUAL, 3: BETTER})),
    "better, at equal size": Case(
        depths({1: EQUAL, 3: BETTER}).assign(n_params=[20_100] * 6 + [19_800] * 6, params=20_000)
    ),
    "worse": Case(depths({1: BETTER, 3: np.full(6, 0.5)})),
    "several better, one worse": Case(
        depths({1: np.full(9, 0.8), **{d: 0.9 + noise(9) / d for d in (2, 3)}, 4: 0.5 + noise(9)})
    ),
    "more better than are named": Case(
        depths({d: 0.5 + d / 100 + noise(12) for d in range(MOST_NAMED + 4)})
    ),
    "better without an interval": Case(depths({1: [27 / 30] * 6, 3: [28 / 30] * 6})),
    "several better without an interval": Case(
        table(*(run(s, d, 0.8 + d / 100 + noise(8)[s]) for d in (1, 3, 5) for s in EIGHT))
    ),
    "slightly better": Case(
        depths({1: np.full(12, 0.8), 2: 0.802 + noise(12) / 50, 3: 0.9 + noise(12) / 50})
    ),
    "better in R²": Case(
        table(*(run(s, d, d / 10 + NOISE[s] * d, metric="r2") for d in (1, 3) for s in SIX))
    ),
    "lower loss": Case(
        table(*(run(s, d, test_loss=(1 + NOISE[s]) / d, best_validation_loss=1 / d)
                for d in (1, 3) for s in SIX)),
        changes={"metric": "test_loss"},
    ),
    "equivalent": Case(depths({1: EQUAL, 3: 0.8 + NOISE / 10})),
    "equivalent within a wider region": Case(
        depths({1: EQUAL, 3: 0.8 + NOISE}), changes={"equivalence": 0.05}
    ),
    "inconclusive": Case(depths({1: EQUAL, 3: 0.8 + NOISE})),
    "several inconclusive": Case(
        depths({d: 0.8 + np.roll(noise(7), d) for d in (1, 2, 3)}),
    ),
    "inconclusive by the test alone": Case(
        activations({"relu": np.full(6, 0.5), "tanh": 0.8 + NOISE, "gelu": 0.5 + NOISE}),
        "activation",
    ),
    "several inconclusive by the test alone": Case(
        activations({"relu": EQUAL, "tanh": 0.9 + NOISE}
                    | dict.fromkeys(("elu", "gelu", "silu"), 0.1 + NOISE)),
        "activation",
    ),
    "better and worse along a trend": Case(
        depths({1: EQUAL, 2: 0.1 + NOISE, 3: 0.9 + NOISE, 4: 0.1 + NOISE, 6: 0.1 + NOISE})
    ),
    "equal scores and equal differences": Case(
        depths({1: [0.8] * 6, 2: [0.801] * 6, 3: [0.8] * 6, 4: [0.8] * 6})
    ),
    "scores equal but for rounding": Case(
        depths({1: [0.5] * 6, 3: 0.5 + 1e-10 * np.array([1, -1, 1, -1, 1, 1])})
    ),
    "one seed": Case(depths({1: [0.8], 3: [0.9]})),
    "five seeds": Case(depths({1: [0.8] * 5, 3: [0.9] * 5, 6: [0.9] * 4})),
    "no seed in common": Case(table(run(0), run(1, 3))),
    "one of six failed": Case(
        table(*(run(s) for s in SIX), *(run(s, 3, 0.99) for s in range(5)), lost(5, 3))
    ),
    "all of one value failed": Case(
        table(*(run(s) for s in SIX), *(lost(s, 3) for s in SIX))
    ),
    "failed, with few seeds": Case(table(*(run(s) for s in range(3)), run(0, 3), lost(1, 3))),
    "failed, with too few seeds for two comparisons": Case(
        table(*(run(s, d, 0.9 + NOISE[s] * d) for d in (1, 6) for s in SIX),
              *(lost(s, 3) for s in SIX))
    ),
    "failed in no pair": Case(
        table(*(run(s, 1, 0.8 + NOISE[s] / 10) for s in SIX),
              *(run(s, 3, 0.9 + NOISE[s]) for s in SIX), *(lost(s, 3) for s in range(6, 20)))
    ),
    "none finished": Case(table(*(lost(s, d) for s in SIX for d in (1, 3)))),
    "none finished, for no known reason": Case(
        table(*(lost(s, d, reason="") for s in SIX for d in (1, 3)))
    ),
    "one value": Case(depths({3: [0.9, 0.8]})),
    "one value of those that were asked for": Case(
        depths({1: [0.9, 0.8], 3: [0.9, 0.8]}), changes={"where": {"depth": 3}}
    ),
    "one value on each data set": Case(
        table(*(run(s, d, dataset=name) for name, d in (("iris", 1), ("wine", 3)) for s in SIX))
    ),
    "one value on one of two data sets": Case(
        pd.concat([ONE_KEY, table(*(run(s, 3, dataset="iris") for s in SIX))])
    ),
    "one value beside one of two": Case(
        pd.concat([ONE_KEY.assign(optimizer="sgd"), table(*(run(s, 3) for s in SIX))]),
        ("optimizer", "depth"),
    ),
    "better, worse and neither": Case(on_data({"iris": 0.1, "wine": -0.1, "moons": 0.0})),
    "better, and slightly better": Case(on_data({"iris": 0.1, "wine": 0.002}, smallness=100)),
    "more data sets than have sentences": Case(
        table(*(run(s, d, 0.5 + d / 10 * (i > 1) + noise(12)[s] / d, dataset=f"d{i}")
                for i in range(MOST_PLACES + 2) for d in (1, 3) for s in TWELVE))
    ),
    "one data set on which all failed": Case(failed_elsewhere()),
    "too few seeds for four comparisons": Case(
        activations({name: 0.4 + d / 10 + NOISE / d
                     for d, name in enumerate(("relu", "elu", "gelu", "silu", "tanh"), 1)}),
        "activation",
    ),
    "another key differed along": Case(
        table(*(run(s, d, d / 10 + NOISE[s] * d, epochs=d) for d in (1, 3) for s in SIX))
    ),
    "two keys": Case(two_keys(), ("depth", "optimizer")),
    "two keys, the other way round": Case(two_keys(), ("optimizer", "depth")),
    "two keys with one reference": Case(
        pd.concat([two_keys(), two_keys().assign(dataset="wine", key=range(48))]),
        ("depth", "optimizer"),
        {"reference": [1, "adam"]},
    ),
    "failed at settings that were not chosen": Case(
        table(*(run(s, d, lr=lr) for d in (1, 3) for lr in (0.1, 0.2) for s in SIX),
              *(lost(s, d, lr=1.0) for d in (1, 3) for s in SIX))
    ),
    "the last epoch": Case(
        table(*(run(s, d, test_accuracy_last=0.7 + d / 50 + NOISE[s] / d)
                for d in (1, 3) for s in SIX)),
        changes={"metric": "test_accuracy_last"},
    ),
    "training loss": Case(
        table(*(run(s, d, train_loss_last=(1 + NOISE[s]) / d, test_loss=1.0,
                    best_validation_loss=1.0) for d in (1, 3) for s in SIX)),
        changes={"metric": "train_loss_last"},
    ),
    "a gap, and runs that failed": Case(
        table(*(run(s, d, 0.9, train=0.9 + d / 100 + NOISE[s] / 10) for d in (1, 3) for s in SIX),
              *(lost(s, 6) for s in SIX)),
        changes={"metric": "generalization_gap"},
    ),
    "faster": timed((10, 11, 9, 10, 12, 10), (4, 5, 3, 4, 6, 5)),
    "faster in epochs": timed(
        (10, 11, 9, 10, 12, 10), (4, 5, 3, 4, 6, 5), metric="epochs_to_target"
    ),
    "as fast": timed((20, 20, 21, 19, 20, 20), (20, 21, 20, 20, 19, 21)),
    "a target that half reach": timed((2, 4, 6, None, None, None), (None,) * 6),
    "a target that one value never reaches": timed((10, 11, 9, 10, 12, 10), (None,) * 6),
    "a target that all of one value and some of another reach": timed(
        (10, None, 9, None, 12, None, None, 10), (4, 5, 3, 4, 6, 5, 5, 4), (None,) * 8
    ),
    "a target that none reach": timed((None,) * 6, (None,) * 6),
    "stalled": Case(
        table(*(run(s, d, 0.1, trouble="stalled", reason="stalled")
                for s in SIX for d in (1, 3)))
    ),
}  # fmt: skip
