"""Limits of what the runs can support, each with the command that would help."""

import shlex
from collections.abc import Iterator

import numpy as np
import pandas as pd

from nnbench.engine.arrays import Array
from nnbench.options.overrides import split_override
from nnbench.pages.formatting import count_text
from nnbench.pages.section import Section
from nnbench.report.analysis.costs import numbers
from nnbench.report.analysis.findings import Findings
from nnbench.report.analysis.new_rows import draws_rows
from nnbench.report.analysis.unsettled import is_improving
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.compare.reference import EQUAL_SIZES
from nnbench.report.compare.runs_table import DATA
from nnbench.report.compare.where_filter import mark
from nnbench.report.metric import Metric, metric_of
from nnbench.report.question import Question
from nnbench.report.statistics import FEWEST_PAIRS, smallest_p
from nnbench.report.text.caveats import caveats
from nnbench.report.text.commands import command_with, command_without, is_quick
from nnbench.report.text.comparison import names_of, varied_text
from nnbench.report.text.engines import curve_notes, engine_caveats
from nnbench.report.text.inclusion import under_tuned
from nnbench.report.text.keys import words_of
from nnbench.report.text.machines import mixed_machines
from nnbench.report.text.numbers import EQUAL_SIZE, and_text
from nnbench.report.text.small_sets import equal_targets, small_sets
from nnbench.report.text.untested_classes import untested_classes

ENOUGH_SEEDS = 20
OTHER_DATA = (("digits", "breast_cancer", "wine"), ("diabetes", "friedman1", "linnerud"))
"""Further data sets to try, for classification and for regression."""
MANY_AT_THE_END = 0.25
"""Share of runs that are best at their last epoch, from which on that is said."""
MOST_DATASETS = 12
MOST_QUESTIONS = 4


def make(findings: Findings) -> Section:
    """The limits that apply."""
    comparison, question = findings.comparison, findings.question
    points = [point for caveat in caveats(findings) for point in caveat.points]
    looks = (other_questions, too_short, under_tuned, few_seeds, unequal_size, own_choice,
             small_sets, untested_classes, equal_targets, one_dataset, same_rows,
             absent_curves)  # fmt: skip
    points += [point for look in looks for point in look(comparison, question)]
    points += engine_caveats(comparison.engines, question)
    points += [(sentence, "") for sentence in mixed_machines(comparison.runs)]
    return Section("limits", "What these runs can't show", points=points)


def other_questions(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """Questions on what varied besides, of which only the best setting is shown."""
    for key in [key for key in comparison.nuisances if key != "lr"][:MOST_QUESTIONS]:
        (name,) = words_of([key])
        yield (
            f"For each {comparison.one_of_them} only the best {name} is shown. Which {name} is "
            "best is a question of its own, which the same runs answer in a report that replaces "
            "this one.",
            # The reference is a value of what is compared now.
            command_with(command_without(question.report_command, "reference"), compare=key),
        )


def too_short(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """Groups and runs that were still getting better when training ended."""
    runs = pd.concat([group.runs for group in comparison.groups])
    if "epochs" not in runs:
        return
    improving = [group for group in comparison.groups if is_improving(group, question)]
    share = float(np.concatenate([improved_last(group) for group in comparison.groups]).mean())
    if not improving and share < MANY_AT_THE_END:
        return
    epochs = pd.to_numeric(runs["epochs"], errors="coerce").max()
    longer = command_with(question.command, epochs=f"{2 * int(epochs)}")
    if any(map(is_quick, shlex.split(question.command))):
        # Without that word they are longer by far.
        longer = command_without(question.command, "quick")
    text = (
        f"The validation score of {names_of(comparison, improving)} was still rising when training "
        "ended, so no difference is claimed where it is the worse value."
        if improving
        else f"In {share:.0%} of the compared runs the last epoch was the best, "
        + schedule_text(runs)
    )
    yield text, longer


def schedule_text(runs: pd.DataFrame) -> str:
    """Caveat on a best last epoch, which is weaker where the learning rate decays by then."""
    if "schedule" in runs and set(runs["schedule"]) != {"constant"}:
        return (
            "as is usual when the learning rate decays by then. Only training that is longer as a "
            "whole, with a schedule as long, shows if it is better."
        )
    return "so longer training may change the answer."


def improved_last(group: Group) -> Array:
    """(runs,): True where the last epoch was better on the validation set than all before it.

    One that is only as good is none: a few hundred rows tie often.
    """
    curves = group.curves[group.tuned.setting]
    return np.asarray(curves[:, -1] > curves[:, :-1].max(axis=1, initial=-np.inf))


def few_seeds(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """Too few seeds can't show a difference even where all of them agree on it."""
    seeds = [
        len({*group.runs["seed"]} & {*reference.runs["seed"]})
        for reference, group in comparison.contrasted()
    ]
    fewest = min(seeds, default=ENOUGH_SEEDS)
    if fewest >= ENOUGH_SEEDS:
        return
    more = command_with(question.command, seeds=str(ENOUGH_SEEDS))
    if fewest == 0:
        yield "Values without a seed in common support no verdict, since they make no pairs.", more
    elif fewest == 1:
        yield f"One seed supports no verdict, since there is none below {FEWEST_PAIRS}.", more
    elif fewest < FEWEST_PAIRS:
        yield (
            f"With {count_text(fewest, 'seed')} even a difference that all of them agree on has "
            f"p = {smallest_p(fewest):.2g} at best (exact Wilcoxon signed-rank test), so no "
            f"verdict is given below {FEWEST_PAIRS}.",
            more,
        )
    else:
        yield (
            f"{count_text(fewest, 'seed')} detect large differences, but not small ones; "
            f"{ENOUGH_SEEDS} would narrow the intervals.",
            more,
        )


def same_rows(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """Splits of the same rows overlap, and so know less than new rows would."""
    runs = comparison.runs
    own = set(runs["dataset"][numbers(runs, "test_rows").fillna(0) > 0])
    drawn = {name for name, of_data in runs.groupby("dataset") if draws_rows(of_data)}
    split = [name for name in comparison.datasets if name not in own | drawn]
    if split:
        where = f"On {and_text(split, MOST_DATASETS)} every" if drawn else "Every"
        yield (
            f"{where} seed splits the same rows anew. The intervals say what other splits of these "
            "rows would give; other rows of the same kind may vary more (Nadeau & Bengio 2003).",
            "",
        )
    if own:
        names = and_text([name for name in comparison.datasets if name in own], MOST_DATASETS)
        yield (
            f"All seeds have the same test set on {names}. The intervals cover other seeds on it, "
            "not other test sets.",
            "",
        )


def unequal_size(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """Deeper networks of one width are also larger."""
    if comparison.keys != ("depth",) or {"width", *EQUAL_SIZES} & set(comparison.nuisances):
        return
    # A size that nobody asked for is None, or NaN as it was tracked.
    if any(mark(comparison.fixed.get(key)) != mark(None) for key in EQUAL_SIZES):
        return
    sizes = [[s for g in comparison.of(d) for s in g.sizes] for d in comparison.datasets]
    if any(max(of_data) > EQUAL_SIZE * min(of_data) for of_data in sizes if of_data):
        # Of the largest there were, so that every depth can have it, with one digit.
        size = f"{float(f'{max(map(max, filter(None, sizes))):.0e}'):.0f}"
        yield (
            "At one width a deeper network also has more parameters, so this compares depth "
            "and size together. With params every depth gets the width that makes all networks "
            "equally large (there is none for depth 0).",
            command_with(question.command, params=size),
        )


def own_choice(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """A single seed has no other half to choose for it."""
    alone = [group for group in comparison.groups if len(group.runs) == 1 and group.settings > 1]
    if alone:
        yield (
            f"One seed chose {varied_text(comparison)} for itself for "
            f"{names_of(comparison, alone)}, so the best may look better than it is.",
            command_with(question.command, seeds=str(ENOUGH_SEEDS)),
        )


def absent_curves(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """Runs that are compared nowhere since their curves are missing."""
    for sentence in curve_notes(comparison.curves):
        yield sentence, question.command


def one_dataset(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """One data set says nothing about others."""
    if len(comparison.datasets) == 1:
        (dataset,) = comparison.datasets
        is_regression = metric_of(comparison.runs) == Metric("r2")
        others = [name for name in OTHER_DATA[is_regression] if name != dataset]
        # Other data have other options, and other scores.
        asked = {split_override(word)[0] for word in shlex.split(question.command)}
        is_own = asked & {"metric", "target", "where"} or any(key.startswith(DATA) for key in asked)
        is_own = is_own or "dataset.path" in comparison.runs
        more = command_with(question.command, dataset=",".join([dataset, *others]))
        yield (
            f"All runs were on {dataset}; on other data the answer may be another.",
            "" if is_own else more,
        )
