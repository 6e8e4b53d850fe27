"""The headline of a report: what was found, in one sentence with its evidence."""

import shlex
from collections.abc import Sequence
from numbers import Real

import numpy as np

from nnbench.pages.formatting import count_text, setting_text
from nnbench.report.analysis.above_chance import is_above_chance
from nnbench.report.analysis.contrasts import Contrast, Outcome
from nnbench.report.analysis.findings import Findings
from nnbench.report.analysis.trends import Trend
from nnbench.report.compare.chance import chance_of
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.compare.runs_table import is_tuned
from nnbench.report.question import noun_of
from nnbench.report.statistics import FEWEST_PAIRS, Course, estimate
from nnbench.report.text.commands import is_quick
from nnbench.report.text.headline_exceptions import DETAILS
from nnbench.report.text.headline_over_places import over_places
from nnbench.report.text.headline_phrases import (
    LONGEST,
    MOST_NAMED,
    by_size,
    counted_text,
    effect_parts,
    effect_text,
    ends_of,
    failed_text,
    large_but_unproven,
    names_in,
    no_value,
    none_better,
    score_text,
    with_level,
)
from nnbench.report.text.keys import differing_text, words_of
from nnbench.report.text.numbers import and_text, has_size, same_size_text
from nnbench.report.text.outcome_sentences import failures_remark, sides, unsettled_remark
from nnbench.report.text.rate_limits import rate_limit_headline
from nnbench.report.text.trends import are_text, doubling_text, unsettled_text
from nnbench.report.text.verdict import most_often
from nnbench.run.key_values import QUICK
from nnbench.run.metrics import RATE_LIMIT


def headline(findings: Findings) -> str:
    """The answer in one sentence, never worded beyond what is decided."""
    comparison = findings.comparison
    runs = comparison.runs
    if not (runs["status"] == "finished").any():
        count = count_text(len(runs), "run")
        return f"Not one of {count} finished, so there is no answer{most_often(runs)}."
    if len(comparison.values) == 1:
        return scores_alone(comparison.groups, comparison.named(comparison.values[0]))
    if not findings.contrasts:
        return (
            f"No {comparison.place_noun} has two values of {noun_of(comparison.keys[-1])}, so "
            "nothing can be compared."
        )
    if findings.question.metric == RATE_LIMIT:
        return rate_limit_headline(findings.rate_limits, comparison)
    limits = scope(findings)
    if len(findings.places) == 1:
        return at_one_place(findings, limits)
    datasets = {contrast.group.dataset for contrast in findings.contrasts}
    where = f"on {min(datasets)}" if len(datasets) == 1 else ""
    where = f"{where}{same_size_text(comparison.groups)}".strip()
    texts = [
        ", ".join(text for text in (where, limits, over_places(findings, detail)) if text)
        for detail in DETAILS
    ]
    return next((text for text in texts if len(text) <= LONGEST), texts[-1])


def scope(findings: Findings) -> str:
    """The limits of an answer as a whole, as a phrase; empty if there are none."""
    comparison = findings.comparison
    limits = []
    rates = comparison.rates()
    if rates:
        limits.append(f"at learning rate {setting_text(rates[0])} only" if len(rates) == 1
                      else "at one learning rate each")  # fmt: skip
    chosen = [key for key in comparison.nuisances if not is_tuned(key)]
    if chosen:
        limits.append(f"with {and_text(words_of(chosen), MOST_NAMED)} chosen on validation")
    limits += differing_text(comparison)
    epochs = comparison.fixed.get("epochs")
    if isinstance(epochs, Real) and epochs <= QUICK["epochs"]:
        count = count_text(int(epochs), "epoch")
        is_preview = any(map(is_quick, shlex.split(findings.question.command)))
        limits.append(f"in a quick preview that can't show more than {count}"
                      if is_preview else f"after only {count}")  # fmt: skip
    return and_text(limits) if limits else ""


def scores_alone(groups: Sequence[Group], name: str) -> str:
    """The scores of a single configuration on its data."""
    scores = []
    for group in groups[:MOST_NAMED]:
        count = count_text(len(group.runs), "seed")
        if group.lost:
            scores.append(
                f"unknown on {group.dataset} ({group.lost} of {count} diverged or failed)"
            )
            continue
        mean = estimate(group.values, group.measure.within)
        score = score_text(group.measure, mean.mean)
        scores.append(f"{score} on {group.dataset} ({with_level(group, mean)}{count})")
    omitted = len(groups) - len(scores)
    more = f"; the table has {omitted} more" if omitted else ""
    return f"With {name}, {groups[0].measure.title} is {and_text(scores)}{more}."


def at_one_place(findings: Findings, limits: str) -> str:
    """The answer on one data set; its trend first, if one is claimed."""
    comparison = findings.comparison
    ((place, contrasts),) = findings.places.items()
    groups = [contrasts[0].reference, *(contrast.group for contrast in contrasts)]
    where = f"on {place}{same_size_text(groups)}, {limits}{', ' if limits else ''}"
    measure = contrasts[0].group.measure
    if measure.is_usual and all(is_above_chance(group) is False for group in groups):
        level = score_text(measure, chance_of(groups[0].runs, groups[0].metric))
        none = f"no {comparison.one_of_them} is above chance ({level} {measure.title})"
        return f"{where}{none}{failed_text(groups)}."
    trend = next((t for t in findings.trends if t.decision.outcome.claims_difference), None)
    if trend is not None and trend.slope.line.key == comparison.keys[-1]:
        return f"{where}{trend_phrase(trend)}{failed_text(groups)}."
    if len(contrasts) == 1:
        return f"{where}{pair_text(contrasts[0], comparison)}."
    return f"{where}{several_text(contrasts, comparison)}{failed_text(groups)}."


def trend_phrase(trend: Trend) -> str:
    """A claimed trend, with its interval, and where its best value is, if not at an end."""
    slope, line = trend.slope, trend.slope.line
    measure = line.groups[0].measure
    size, interval = effect_parts(measure, slope.mean, trend.bounds, trend.decision.level)
    turning = f"in the middle, at {line.key} {setting_text(slope.turning)}"
    bends = {
        Course.BEST_IN_THE_MIDDLE: f", but is best {turning}",
        Course.WORST_IN_THE_MIDDLE: f", but is worst {turning}",
        Course.LATE: f", more steeply at larger {noun_of(line.key)}",
        Course.EARLY: f", less steeply at larger {noun_of(line.key)}",
        Course.STRAIGHT: "",
    }[slope.course]
    bracket = f" ({interval})" if interval else ""
    return f"{doubling_text(slope, size)}{bracket}{unsettled_text(slope)}{bends}"


def pair_text(contrast: Contrast, comparison: Comparison) -> str:
    """One value beside its reference, with the runs that diverged or failed."""
    text = unproven_text(contrast, comparison) or verdict_text(contrast, comparison)
    return text + failures_remark(contrast, comparison) if contrast.lost else text


def unproven_text(contrast: Contrast, comparison: Comparison) -> str:
    """A large difference that so few seeds can't show, beside its reference; else empty."""
    value, reference = sides(contrast, comparison)
    why = large_but_unproven(contrast)
    return f"whether {value} differs from {reference} is inconclusive: {why}" if why else ""


def verdict_text(contrast: Contrast, comparison: Comparison) -> str:
    """The outcome of one value beside its reference, with its size or reason."""
    value, reference = sides(contrast, comparison)
    outcome = contrast.outcome
    if outcome is Outcome.NOT_COMPARABLE:
        return f"{value} is not comparable with {reference}: {reason(contrast, comparison)}"
    where = f" in {contrast.group.measure.title}"
    verdict = {
        Outcome.EQUIVALENT: f"{value} is equivalent to {reference}{where}",
        Outcome.INCONCLUSIVE: f"whether {value} differs from {reference}{where} is inconclusive",
    }.get(outcome, f"{value} is {outcome.value} than {reference}")
    if np.isinf(contrast.difference.mean):
        which = {Outcome.BETTER: value, Outcome.WORSE: reference}.get(outcome, "one of the two")
        return f"{verdict}: most seeds reach the target with {which} only"
    arguments = (contrast.group.measure, contrast.difference.mean, ends_of(contrast),
                 contrast.decision.level)  # fmt: skip
    if outcome.claims_difference:
        return f"{verdict} by {effect_text(*arguments, noun=True)}"
    count = count_text(contrast.count, "seed")
    if not has_size(contrast):
        return f"{verdict}: most seeds reach the target with neither ({count})"
    size, interval = effect_parts(*arguments, sign=True)
    evidence = ", ".join(text for text in (size, interval, count) if text)
    return f"{verdict} ({evidence})"


def reason(contrast: Contrast, comparison: Comparison) -> str:
    """The reason why two values are not comparable."""
    if contrast.decision.is_unsettled:
        return unsettled_remark(contrast, comparison).removeprefix("; ")
    count = count_text(contrast.count, "paired seed")
    return f"{count}, and at least {FEWEST_PAIRS} are needed"


def several_text(contrasts: Sequence[Contrast], comparison: Comparison) -> str:
    """Several values beside one reference: those that are better, or else that none is."""
    better, worse = by_size(contrasts, Outcome.BETTER), by_size(contrasts, Outcome.WORSE)
    reference = sides(contrasts[0], comparison)[1]
    undecided = [c for c in contrasts if not c.outcome.claims_difference]
    if better:
        others = [verdict_text(better[0], comparison)]
        if better[1:]:
            others.append(f"{names_in(better[1:], comparison)} {are_text(better[1:])} better, too")
        if worse:
            others.append(f"{names_in(worse, comparison)} {are_text(worse)} worse")
        return "; ".join(others)
    if worse:
        none = none_better(contrasts, comparison, reference)
        text = f"{none}; {worse_text(worse, comparison)}"
        return f"{text}; of the others, {counted_text(undecided)}" if undecided else text
    if all(contrast.outcome is Outcome.EQUIVALENT for contrast in contrasts):
        what = f"{noun_of(comparison.keys[-1])} is equivalent to {reference}"
        return f"every other {what} in {contrasts[0].group.measure.title}"
    largest = by_size(contrasts, Outcome.INCONCLUSIVE)
    unproven = [text for c in largest if (text := unproven_text(c, comparison))]
    if unproven:
        return unproven[0]
    # A number alone reads like a value, such as depth 1.
    of = f"of {len(contrasts)}, " if len({c.outcome for c in contrasts}) > 1 else ""
    return (
        f"{no_value(comparison)} is shown to differ from {reference} in "
        f"{contrasts[0].group.measure.title}: {of}{counted_text(contrasts)}"
    )


def worse_text(worse: Sequence[Contrast], comparison: Comparison) -> str:
    """Values that are worse, the first with the size of its difference."""
    most = worse[0]
    size = effect_text(
        most.group.measure, most.difference.mean, ends_of(most), most.decision.level,
        noun=True,
    )  # fmt: skip
    first = f"{sides(most, comparison)[0]} is worse by {size}"
    if not worse[1:]:
        return first
    return f"{first}, and {names_in(worse[1:], comparison)} {are_text(worse[1:])} worse, too"
