"""From a table of runs to the groups that are compared."""

import re
from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from nnbench.pages.formatting import count_text, setting_text
from nnbench.report.compare.budgets import Offer, equal, offers
from nnbench.report.compare.candidates import candidates_of
from nnbench.report.compare.comparison import Comparison, in_blocks
from nnbench.report.compare.engines import of_one_engine
from nnbench.report.compare.group import Group
from nnbench.report.compare.measure import Measure, measure_of, refuse_one_rate
from nnbench.report.compare.outcomes import with_outcomes
from nnbench.report.compare.read_curves import ValidationCurves, read_curves
from nnbench.report.compare.reference import (
    check_reference,
    is_demonstration,
    ranked,
    references_of,
)
from nnbench.report.compare.runs_table import (
    as_asked,
    blind,
    comparable,
    component_of,
    data_names,
    plain,
    records,
    settings_of,
)
from nnbench.report.compare.where_filter import only
from nnbench.report.metric import has
from nnbench.report.question import Question
from nnbench.run.errors import ConfigError, suggestion
from nnbench.run.result import RunHistories
from nnbench.run.varied import telling_keys

PAIRED = {
    "dataset": "data sets stand side by side in every report; compare what varied on them",
    "seed": "seeds are repeats, which runs are paired by; compare what varied besides",
}
"""Keys that every comparison is made within → the reason why they aren't compared."""


def compare_runs(
    runs: pd.DataFrame, question: Question, histories: RunHistories | None = None
) -> Comparison:
    """Group the runs that a question is about, and choose the settings of each group.

    Runs differ in the compared key, in their seeds (repeats), and perhaps in other keys, the
    nuisances. Without histories, as of planned runs, nothing is chosen. Raises ConfigError if there
    are no runs, or they haven't got the keys, values and metrics that are asked for.
    """
    require_runs(runs, question.experiment)
    check_keys(runs, question.keys)
    runs, engines = of_one_engine(only(runs, question.where))
    wrong = count_text(engines.wrong, "run")
    known_to_be = "of an earlier engine that is known to compute them wrongly"
    require_runs(runs, question.experiment, f", without {wrong} {known_to_be}")
    runs = once(runs)
    compared = list(question.keys)
    runs["dataset"] = data_names(runs, compared)
    runs = as_asked(runs)
    measures = {str(dataset): measure_of(of_data, question, runs)
                for dataset, of_data in runs.groupby("dataset", sort=False)}  # fmt: skip
    metrics = {dataset: measure.metric for dataset, measure in measures.items()}
    curves = read_curves(runs, metrics, histories)
    runs = runs[~curves.missing].reset_index(drop=True)
    if histories is not None:
        runs = with_outcomes(runs, measures, curves)
    require_runs(runs, question.experiment, " whose curves are there; settings are chosen by them")
    keys = [key for key in settings_of(runs) if key not in compared]
    check_reference(compared, values_in(runs, compared), question.reference)
    fixed_keys = ["dataset", *compared]
    nuisances = telling_keys(
        keys, records(runs[list(dict.fromkeys([*fixed_keys, *keys]))]), fixed_keys
    )
    refuse_one_rate(question.metric, nuisances)
    groups = [
        group
        for dataset, of_data in sorted(
            runs.groupby("dataset"), key=lambda pair: in_order(str(pair[0]))
        )
        for group in groups_of(measures[str(dataset)], of_data, question, nuisances, keys, curves)
    ]
    check_target(groups, question.target)
    fixed = {
        key: runs[key].iloc[0] for key in ["dataset", *keys] if runs[key].nunique(dropna=False) == 1
    }
    return Comparison(
        question.keys, runs, tuple(groups), tuple(nuisances),
        confounded(groups, keys, compared, nuisances), fixed, engines, curves,
    )  # fmt: skip


def require_runs(runs: pd.DataFrame, experiment: str, without: str = "") -> None:
    """Raise ConfigError if there are no runs; `without` says which are left out."""
    if runs.empty:
        allowed = f"has no runs to report on{without}"
        raise ConfigError("experiment", experiment, allowed)


def confounded(
    groups: Sequence[Group],
    keys: Sequence[str],
    compared: Sequence[str],
    nuisances: Sequence[str],
) -> tuple[str, ...]:
    """The keys in which runs that stand beside each other differ, though nobody varied them."""
    along = {key for group in groups for key in group.along}
    # A component's own options are part of what is compared, or chosen.
    components = {component_of(key) for key in (*compared, *nuisances)}
    return tuple(
        key
        for key in keys
        if key not in {*nuisances, *along}
        and component_of(key) not in components
        and any(differs(key, block) for block in in_blocks(groups))
    )


def check_keys(runs: pd.DataFrame, compared: Sequence[str]) -> None:
    """Raise ConfigError if runs have no such key, or it isn't comparable."""
    for key in compared:
        if key in PAIRED:
            raise ConfigError("compare", key, PAIRED[key])
        if key not in comparable(runs):
            raise ConfigError("compare", key, suggestion(key, comparable(runs)))


def once(runs: pd.DataFrame) -> pd.DataFrame:
    """Each run once, as it came out the last time that the program did not fail it."""
    failed = runs["status"] == "failed"
    came_out = set(runs.loc[~failed, "key"])
    unique_runs = runs[~(failed & runs["key"].isin(came_out))]
    return unique_runs.drop_duplicates("key", keep="last").reset_index(drop=True)


def groups_of(
    measure: Measure,
    runs: pd.DataFrame,
    question: Question,
    nuisances: Sequence[str],
    keys: Sequence[str],
    curves: ValidationCurves,
) -> list[Group]:
    """The groups of one data set, each after its reference, with equally many settings each."""
    parts = {
        value_of(name): rows
        for name, rows in runs.groupby(list(question.keys), dropna=False, sort=False)
    }
    rows = {value: records(table.iloc[:1])[0] for value, table in parts.items()}
    references = references_of(question.keys, list(parts), question.reference, rows)
    competing = {
        value: table for value, table in parts.items()
        if not is_demonstration(question.keys, value, references[value])
    }  # fmt: skip
    offered: dict[Hashable, Offer] = {}
    for reference in {references[value] for value in competing}:
        block = {
            value: table for value, table in competing.items() if references[value] == reference
        }
        offered |= offers(block, nuisances)
    if question.equal_budgets and offered:
        offered = equal(offered)
    # Demonstrations have their own settings and seeds, which the others' don't depend on.
    for value in parts.keys() - competing.keys():
        offered |= offers({value: parts[value]}, nuisances)

    def place(value: Hashable) -> tuple[object, ...]:
        return ranked(references[value]), value != references[value], ranked(value)

    return [
        group_of(
            value, references[value], parts[value], measure, nuisances, keys, offered[value], curves
        )
        for value in sorted(parts, key=place)
    ]


def group_of(
    value: Hashable,
    reference: Hashable,
    table: pd.DataFrame,
    measure: Measure,
    nuisances: Sequence[str],
    keys: Sequence[str],
    offered: Offer,
    curves: ValidationCurves,
) -> Group:
    """The group of one data set and value, at its best settings."""
    settings = list(offered.settings.values())
    candidates = candidates_of(table, settings, nuisances, measure, curves)
    runs = table.loc[candidates.rows[candidates.best]]
    tried = blind(table).iloc[np.sort(np.concatenate(settings))]
    chosen = {key: distinct(runs[key]) for key in nuisances}
    along = {
        key: distinct(runs[key])
        for key in keys
        # The options of what was chosen among go with its name.
        if not {key, key.partition(".")[0]} & set(nuisances)
        and table[key].nunique(dropna=False) > 1
    }
    return Group(
        str(table["dataset"].iloc[0]), value, reference, runs, tried, candidates, measure, chosen,
        offered.complete, offered.incomplete, offered.unshared,
        offered.common, along,
    )  # fmt: skip


def check_target(groups: Sequence[Group], asked: float | None) -> None:
    """Raise ConfigError if no run of some data set could ever have the score that is asked for."""
    # Data without any score have no metric whose range could be checked.
    metrics = {group.metric: group.dataset for group in groups if has(group.tried, group.metric)}
    for metric, dataset in metrics.items():
        low, high = metric.within
        if asked is not None and not low <= asked <= high:
            allowed = f"no run on {dataset} can have it; {metric.within_text}"
            raise ConfigError("target", setting_text(asked), allowed)


def in_order(name: str) -> list[float | str]:
    """A key that sorts names of data by their words and, within those, by the size of numbers."""
    pieces = re.split(r"(\d+(?:\.\d+)?)", name)
    return [float(piece) if place % 2 else piece for place, piece in enumerate(pieces)]


def differs(key: str, groups: Sequence[Group]) -> bool:
    """True if runs that are compared with each other have several values of a key."""
    return bool(pd.concat([group.runs[key] for group in groups]).nunique(dropna=False) > 1)


def distinct(values: pd.Series) -> tuple[Hashable, ...]:
    """The values there are, in their natural order."""
    return tuple(sorted({plain(value) for value in values}, key=ranked))


def values_in(runs: pd.DataFrame, keys: Sequence[str]) -> list[Hashable]:
    """The compared values that runs have."""
    return [value_of(name) for name in runs[list(keys)].drop_duplicates().itertuples(False, None)]


def value_of(name: tuple[Hashable, ...]) -> Hashable:
    """The compared value that a table's group is named by; a tuple of several keys only."""
    values = tuple(map(plain, name))
    return values[0] if len(values) == 1 else values
