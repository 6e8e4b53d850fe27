"""The comparisons of each data set that are tested together, counted before anything is trained."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nnbench.options.components import is_number
from nnbench.report.compare.compare_runs import check_keys, value_of
from nnbench.report.compare.engines import of_one_engine
from nnbench.report.compare.measure import Measure, measure_of
from nnbench.report.compare.reference import each_of, is_demonstration, references_of
from nnbench.report.compare.runs_table import as_asked, data_names, plain, records, settings_of
from nnbench.report.compare.where_filter import only
from nnbench.report.question import Question
from nnbench.report.statistics import FEWEST_PAIRS, FEWEST_VALUES
from nnbench.run.varied import telling_keys


@dataclass(frozen=True)
class Family:
    """The comparisons of one data set."""

    dataset: str
    measure: Measure
    pairs: int
    """Values beside their reference, which share their errors with the trends."""
    trends: int
    """Slopes over values that are numbers, which are first tested without the pairs."""
    spread: float
    """Standard deviation of paired differences between tracked runs; NaN if there are none."""

    @property
    def comparisons(self) -> int:
        """Number of tests that are corrected together."""
        return self.pairs + self.trends

    @property
    def fewest_comparisons(self) -> int:
        """The same of the least strict test: trends come first."""
        return self.trends or self.pairs


def families(tracked: pd.DataFrame, planned: pd.DataFrame, question: Question) -> list[Family]:
    """The family of each data set of the planned runs, given the runs that are tracked already.

    `planned` has a row for each of the settings of the planned runs, with one seed. Runs of an
    earlier engine aren't compared with those.
    """
    # A store has truth values as text.
    planned = planned.map(lambda value: str(value) if isinstance(value, bool) else value)
    runs = pd.concat([tracked, planned], ignore_index=True) if len(tracked) else planned
    check_keys(runs, question.keys)
    runs, _ = of_one_engine(only(runs, question.where))
    runs = as_asked(runs)
    runs = runs.assign(dataset=data_names(runs, question.keys))
    datasets = dict.fromkeys(runs["dataset"][runs.index >= len(tracked)])
    return [family(dataset, runs[runs["dataset"] == dataset], question) for dataset in datasets]


def family(dataset: str, runs: pd.DataFrame, question: Question) -> Family:
    """The family of the runs of one data set."""
    by_value = {
        value_of(name): of_value
        for name, of_value in runs.groupby(list(question.keys), dropna=False, sort=False)
    }
    rows = {value: records(of_value.iloc[:1])[0] for value, of_value in by_value.items()}
    references = references_of(question.keys, list(by_value), question.reference, rows)
    competing = {value: own for value, own in references.items()
                 if not is_demonstration(question.keys, value, own)}  # fmt: skip
    beside = {value: own for value, own in competing.items() if value != own}
    measure = measure_of(runs, question)
    scores = {value: best_scores(runs, measure) for value, runs in by_value.items()}
    variances = [
        float(np.var(paired, ddof=1))
        for value, own in beside.items()
        if len(paired := (scores[value] - scores[own]).dropna()) >= FEWEST_PAIRS
    ]
    spread = float(np.sqrt(np.mean(variances))) if variances else np.nan
    trends = count_trends(list(competing)) if beside else 0
    return Family(dataset, measure, len(beside), trends, spread)


def count_trends(values: Sequence[Hashable]) -> int:
    """Number of trends: one over the numbers of each key, for each value of the other."""
    along: dict[tuple[int, tuple[Hashable, ...]], list[Hashable]] = {}
    for own in map(each_of, values):
        for place, number in enumerate(own):
            others = own[:place] + own[place + 1 :]
            along.setdefault((place, others), []).append(number)
    return sum(map(has_trend, along.values()))


def has_trend(values: Sequence[Hashable]) -> bool:
    """True if values are numbers, of which enough for a trend are above 0."""
    numbers = [plain(value) for value in values]
    above = [n for n in numbers if isinstance(n, int | float) and n > 0]
    return all(map(is_number, numbers)) and len(above) >= FEWEST_VALUES


def best_scores(runs: pd.DataFrame, measure: Measure) -> pd.Series:
    """Outcome by seed, of the settings with the best mean validation score; NaN if lost.

    Curves, by which reports choose, aren't read before training: here only the spread of
    differences is of interest. None of a time to a target, which takes curves.
    """
    if measure.is_time:
        return pd.Series(dtype=float)
    scored = runs[measure.values(runs).notna()]
    if scored.empty:
        return pd.Series(dtype=float)
    scored = scored.drop_duplicates("key", keep="last")
    varied = telling_keys(settings_of(scored), records(scored[settings_of(scored)]))
    settings = scored.groupby(varied or ["dataset"], dropna=False, sort=False).ngroup()
    chosen = measure.metric.signed(scored, "best_validation").groupby(settings).mean().idxmax()
    best = scored[settings == chosen].drop_duplicates("seed", keep="last")
    return measure.values(best).set_axis(best["seed"])
