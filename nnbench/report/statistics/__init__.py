"""Estimates, tests and decisions: arrays in, plain data out; scipy and statsmodels do the rest."""

from nnbench.report.statistics.best_sets import BestSet, best_set
from nnbench.report.statistics.choosing import (
    TunedScores,
    choose,
    choose_by_halves,
    choosing_scores,
    fill_stopped,
    first_best,
    ranks_within_seeds,
    resampled_scores,
    smooth,
)
from nnbench.report.statistics.decisions import (
    ALPHA,
    Decision,
    Ordered,
    Outcome,
    decide,
    difference_level,
    equivalence_level,
)
from nnbench.report.statistics.effects import LEVEL, Effect, difference
from nnbench.report.statistics.estimates import (
    CONFIDENCE,
    FEWEST_PAIRS,
    RESAMPLES,
    Estimate,
    estimate,
    expanded,
    intervals,
)
from nnbench.report.statistics.new_rows import new_rows_interval
from nnbench.report.statistics.resampling import interval, resamples
from nnbench.report.statistics.seeds_needed import (
    MOST_PAIRS,
    POWER,
    seeds_needed,
    smallest_difference,
)
from nnbench.report.statistics.signed_ranks import fewest_pairs, holm, signed_rank, smallest_p
from nnbench.report.statistics.summaries import (
    improvement,
    interquartile_mean,
    median_time,
    median_with_lost,
)
from nnbench.report.statistics.trends import FEWEST_VALUES, Course, course, slope, trend
from nnbench.report.statistics.tuning_limits import STEP_LEVEL, open_ends, still_improving

__all__ = [
    "ALPHA",
    "CONFIDENCE",
    "FEWEST_PAIRS",
    "FEWEST_VALUES",
    "LEVEL",
    "MOST_PAIRS",
    "POWER",
    "RESAMPLES",
    "STEP_LEVEL",
    "BestSet",
    "Course",
    "Decision",
    "Effect",
    "Estimate",
    "Ordered",
    "Outcome",
    "TunedScores",
    "best_set",
    "choose",
    "choose_by_halves",
    "choosing_scores",
    "course",
    "decide",
    "difference",
    "difference_level",
    "equivalence_level",
    "estimate",
    "expanded",
    "fewest_pairs",
    "fill_stopped",
    "first_best",
    "holm",
    "improvement",
    "interquartile_mean",
    "interval",
    "intervals",
    "median_time",
    "median_with_lost",
    "new_rows_interval",
    "open_ends",
    "ranks_within_seeds",
    "resampled_scores",
    "resamples",
    "seeds_needed",
    "signed_rank",
    "slope",
    "smallest_difference",
    "smallest_p",
    "smooth",
    "still_improving",
    "trend",
]  # fmt: skip
