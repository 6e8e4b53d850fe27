"""Outcomes of the rules of verdicts in experiments whose truth is known: shares by name."""

from collections.abc import Callable
from functools import partial

import joblib
import numpy as np
from scipy import stats

from nnbench.report.statistics import Ordered, Outcome, best_set, decide, difference, trend
from nnbench.report.statistics.effects import Effect
from nnbench.report.statistics.trends import slope
from tests.calibration.designs import Design, Experiment, experiment

DEPTHS = (1, 2, 3, 4, 6)
"""Values of a trend."""

Row = dict[str, float]
AT_ONCE = 25


def shares(
    rule: Callable[[np.random.Generator], Row], experiments: int, jobs: int
) -> dict[str, float]:
    """Means over experiments of what a rule gives for each."""
    sizes = [min(AT_ONCE, experiments - done) for done in range(0, experiments, AT_ONCE)]
    streams = np.random.default_rng(0).spawn(len(sizes))
    work = (joblib.delayed(several)(rule, *task) for task in zip(sizes, streams, strict=True))
    rows = [row for rows in joblib.Parallel(jobs)(work) for row in rows]
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}


def several(
    rule: Callable[[np.random.Generator], Row], count: int, rng: np.random.Generator
) -> list[Row]:
    return [rule(rng) for _ in range(count)]


def pair(design: Design, shift: float, seeds: int, values: int = 2) -> Callable[..., Row]:
    """One value beside others that are all better by `shift`."""
    return partial(pair_row, design, (0.0,) + (shift,) * (values - 1), seeds)


def pair_row(
    design: Design, shifts: tuple[float, ...], seeds: int, rng: np.random.Generator
) -> Row:
    drawn = experiment(rng, design, shifts, seeds)
    effects = [difference(value, drawn.tuned[0]) for value in drawn.tuned[1:]]
    decisions = decide(effects, [0.0] * len(effects))
    return {
        "claimed": any(decision.outcome.claims_difference for decision in decisions),
        "better": decisions[0].outcome is Outcome.BETTER,
        **coverage(effects[0], shifts[1]),
        "known": at_known(drawn, np.array([-1.0, 1.0] + [0.0] * (len(shifts) - 2))),
    }


def coverage(effect: Effect, truth: float) -> Row:
    """True if intervals hold the truth."""
    ends = {level: effect.interval(level) for level in (0.95, 0.9)}
    return {f"{level:.0%}": low <= truth <= high for level, (low, high) in ends.items()}


def at_known(drawn: Experiment, coefficients: np.ndarray) -> bool:
    """True if a paired t-test at the settings that are best finds something."""
    return bool(stats.ttest_1samp(coefficients @ np.stack(drawn.true_scores), 0).pvalue <= 0.05)


def trended(design: Design, per_doubling: float, seeds: int) -> Callable[..., Row]:
    """Five values of which each doubling is worth so much."""
    return partial(trend_row, design, per_doubling, seeds)


def trend_row(design: Design, per_doubling: float, seeds: int, rng: np.random.Generator) -> Row:
    shifts = tuple(per_doubling * float(np.log2(depth)) for depth in DEPTHS)
    drawn = experiment(rng, design, shifts, seeds)
    measured = trend(DEPTHS, drawn.tuned)
    assert measured is not None
    (alone,) = decide([measured], [0.0])
    return {
        "claimed": alone.outcome.claims_difference,
        **coverage(measured, per_doubling),
        "known": at_known(drawn, slope([float(np.log2(depth)) for depth in DEPTHS])),
    }


def ordered(design: Design, shifts: tuple[float, ...], seeds: int) -> Callable[..., Row]:
    """Five depths, of which the first is the reference, and their trend before them."""
    return partial(ordered_row, design, shifts, seeds)


def ordered_row(
    design: Design, shifts: tuple[float, ...], seeds: int, rng: np.random.Generator
) -> Row:
    drawn = experiment(rng, design, shifts, seeds)
    effects = [difference(value, drawn.tuned[0]) for value in drawn.tuned[1:]]
    measured = trend(DEPTHS, drawn.tuned)
    assert measured is not None
    sequence = tuple(reversed(range(len(effects))))
    *pairs, along = decide(effects, [0.0] * len(effects), trends=[Ordered(measured, sequence)])
    true_signs = np.sign(np.subtract(shifts[1:], shifts[0]))
    false = any(
        decision.outcome.claims_difference and np.sign(effect.mean) != sign
        for decision, effect, sign in zip(pairs, effects, true_signs, strict=True)
    )
    return {
        "false": false,
        "trend": along.outcome.claims_difference,
        "farthest": pairs[-1].outcome.claims_difference,
        "nearest": pairs[0].outcome.claims_difference,
    }


def equivalent(
    design: Design, margin: float, difference_: float, seeds: int, values: int
) -> Callable[..., Row]:
    """Values beside the first that differ from it by so much in truth."""
    return partial(equivalence_row, design, margin, difference_, seeds, values)


def equivalence_row(
    design: Design, margin: float, shift: float, seeds: int, values: int, rng: np.random.Generator
) -> Row:
    drawn = experiment(rng, design, (0.0,) + (shift,) * (values - 1), seeds)
    effects = [difference(value, drawn.tuned[0]) for value in drawn.tuned[1:]]
    decisions = decide(effects, [margin] * len(effects))
    return {"equivalent": any(decision.outcome is Outcome.EQUIVALENT for decision in decisions)}


def among(design: Design, shifts: tuple[float, ...], seeds: int) -> Callable[..., Row]:
    """Values of which several may be the best."""
    return partial(set_row, design, shifts, seeds)


def set_row(design: Design, shifts: tuple[float, ...], seeds: int, rng: np.random.Generator) -> Row:
    drawn = experiment(rng, design, shifts, seeds)
    effects = [difference(value, drawn.tuned[0]) for value in drawn.tuned[1:]]
    decisions = decide(effects, [0.0] * len(effects))
    worse = [i for i, decision in enumerate(decisions, 1) if decision.outcome is Outcome.WORSE]
    if any(decision.outcome is Outcome.BETTER for decision in decisions):
        worse.append(0)
    members = set(best_set(drawn.tuned, worse).members)
    best = {i for i, shift in enumerate(shifts) if shift == max(shifts)}
    alone = set(best_set(drawn.tuned).members)
    return {
        "all best in": best <= members, "without pairs": best <= alone,
        "size": len(members), "best": len(best),
    }  # fmt: skip
