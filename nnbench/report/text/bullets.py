"""Sentences below a headline: the values that matter, how they were tuned, and new rows."""

from collections.abc import Iterator
from numbers import Real

import numpy as np

from nnbench.pages.formatting import METRIC_NAMES, count_text, metric_text
from nnbench.report.analysis.contrasts import Contrast, Outcome
from nnbench.report.analysis.findings import Findings
from nnbench.report.analysis.learning_rates import TOLERANCE
from nnbench.report.analysis.lines import lines
from nnbench.report.analysis.new_rows import interval_for_new_rows, is_shown
from nnbench.report.compare.comparison import Comparison
from nnbench.report.text.across_datasets import proven_across_text
from nnbench.report.text.headline import verdict_text
from nnbench.report.text.headline_over_places import only_reference
from nnbench.report.text.headline_phrases import (
    by_size,
    counted_text,
    effect_text,
    ends_of,
    reasons_text,
    short_numbers,
)
from nnbench.report.text.keys import words_of
from nnbench.report.text.numbers import and_text
from nnbench.report.text.outcome_sentences import sides
from nnbench.report.text.rate_limits import short_rate_limits
from nnbench.report.text.trends import not_worse_text
from nnbench.run.metrics import RATE_LIMIT

MOST = 3
"""Sentences that are read."""

TRAINS = (
    f"A rate trains if all its runs finished and their mean validation score is within "
    f"{TOLERANCE:g} of the best rate's."
)
"""Meaning of a question about rates; of losses and errors the distance is a share."""

DECADES = 1_000
"""Ratio of the largest to the smallest rate from which on a grid says where training ends."""


def bullets(findings: Findings) -> Iterator[str]:
    """The sentences, the most important first."""
    if not findings.contrasts:
        if findings.comparison.nuisances:
            yield tuning_text(findings.comparison)
        if len(findings.comparison.groups) == 1:
            yield from alone_text(findings.comparison)
        return
    if findings.question.metric == RATE_LIMIT:
        yield TRAINS
        yield tuning_text(findings.comparison)
        outcomes = outcomes_text(findings)
        yield f"At the chosen rates, {outcomes[0].lower()}{outcomes[1:]}"
        return
    behind = [tuning_text(findings.comparison), *rates_text(findings), *new_rows_text(findings)]
    values = list(values_text(findings))
    # The last of them is about all values.
    yield from values[-max(MOST - len(behind), 1) :]
    yield from behind


def values_text(findings: Findings) -> Iterator[str]:
    """Values that may be best on one data set, and one pair; mean ranks over many."""
    comparison = findings.comparison
    if len(findings.places) > 1:
        proven = findings.across and proven_across_text(findings.across, comparison)
        if proven:
            yield proven
        elif len(findings.contrasts) > len(findings.places):
            yield outcomes_text(findings)
        return
    pairs = pairs_of_note(findings.contrasts)
    if len(findings.contrasts) > 1 and pairs:
        yield "; ".join(pair_text(contrast, comparison) for contrast in pairs) + "."
    for line in lines(comparison, comparison.keys[-1])[:1]:
        best_set = findings.not_worse_of(line)
        if best_set is not None and len(line.groups) > 2:
            yield not_worse_text(best_set, line, comparison)


def outcomes_text(findings: Findings) -> str:
    """The number of values with each outcome, over all places."""
    count, reference = len(findings.contrasts), only_reference(findings)
    outcomes = {contrast.outcome for contrast in findings.contrasts}
    if len(outcomes) == 1:
        which = f"{outcomes.pop().value}{reasons_text(findings.contrasts)}"
        return f"All {count} values compared with {reference} are {which}."
    return f"Of {count} values compared with {reference}, {counted_text(findings.contrasts)}."


def pairs_of_note(contrasts: tuple[Contrast, ...]) -> list[Contrast]:
    """The largest claimed difference of either direction, and one value that is equivalent."""
    outcomes = (Outcome.BETTER, Outcome.EQUIVALENT, Outcome.WORSE)
    return [own[0] for outcome in outcomes if (own := by_size(contrasts, outcome))]


def pair_text(contrast: Contrast, comparison: Comparison) -> str:
    """One value beside its reference, in a few words."""
    value, reference = sides(contrast, comparison)
    if np.isinf(contrast.difference.mean):
        return verdict_text(contrast, comparison)
    is_equivalent = contrast.outcome is Outcome.EQUIVALENT
    size = effect_text(
        contrast.group.measure, contrast.difference.mean, ends_of(contrast),
        contrast.decision.level, sign=is_equivalent,
    )  # fmt: skip
    if is_equivalent:
        return f"{value} is equivalent to {reference}: {size}"
    return f"{value} is {contrast.outcome.value} than {reference} by {size}"


def tuning_text(comparison: Comparison) -> str:
    """The way settings were chosen, and how often each value was repeated."""
    counts = sorted({len(group.seeds) for group in comparison.groups})
    fewest = f"{counts[0]} to " if len(counts) > 1 else ""
    seeds = f"{fewest}{count_text(counts[-1], 'seed')}"
    if not comparison.nuisances:
        return f"No setting was tuned; {seeds}, compared in pairs."
    along = list(dict.fromkeys(key for group in comparison.groups for key in group.along))
    nuisances = [*comparison.nuisances, *along]
    keys = and_text(words_of(nuisances), MOST).replace("learning rate", "the learning rate")
    was = "was" if len(nuisances) == 1 else "were"
    most = max(group.settings for group in comparison.groups)
    choice = f"{count_text(most, 'setting')}" if most > 1 else "one setting"
    whom = f"each {comparison.one_of_them}" if len(comparison.values) > 1 else "this configuration"
    text = f"{keys} {was} chosen for {whom} on the validation set, from {choice}; {seeds}."
    return text[0].upper() + text[1:]


def alone_text(comparison: Comparison) -> Iterator[str]:
    """The scores of a single configuration on the other sets, and what it took."""
    (group,) = comparison.groups
    if group.lost:
        return
    name = group.metric.name
    title = METRIC_NAMES[name]
    training, validation = (
        metric_text(name, float(group.scores(split).mean()))
        for split in ("best_train", "best_validation")
    )
    yield (
        f"{title[0].upper()}{title[1:]} is {training} on the training set and {validation} on "
        "the validation set."
    )
    epochs = comparison.fixed.get("epochs")
    if group.sizes and isinstance(epochs, Real):
        ends = dict.fromkeys((min(group.sizes), max(group.sizes)))
        sizes = " to ".join(f"{size:,}" for size in ends)
        most = count_text(int(epochs), "epoch")
        yield f"The network has {sizes} parameters and was trained for at most {most}."


def rates_text(findings: Findings) -> Iterator[str]:
    """The largest learning rate that trains, where the grid is wide enough to tell."""
    rates = {float(lr) for group in findings.comparison.groups for lr in group.tried["lr"].dropna()}
    if rates and min(rates) > 0 and max(rates) / min(rates) >= DECADES:
        yield from short_rate_limits(findings.rate_limits, findings.comparison)


def new_rows_text(findings: Findings) -> Iterator[str]:
    """The interval for new rows of the largest claimed difference that isn't shown for them.

    If all are shown, it is that of the largest.
    """
    ends = {
        contrast: interval_for_new_rows(contrast)
        for outcome in (Outcome.WORSE, Outcome.BETTER)
        for contrast in by_size(findings.contrasts, outcome)
    }
    bounds = {contrast: sorted(own) for contrast, own in ends.items() if own is not None}
    unsure = [contrast for contrast in bounds if not is_shown(contrast)]
    if not bounds:
        return
    most = max(unsure or bounds, key=lambda contrast: abs(contrast.difference.mean))
    if np.isnan(bounds[most]).any():
        return
    measure = most.group.measure
    low, high = short_numbers(measure, bounds[most], sign=True)
    value, reference = sides(most, findings.comparison)
    are = "is" if len(unsure) == 1 else "are"
    datasets = and_text(list(dict.fromkeys(contrast.group.dataset for contrast in bounds)), MOST)
    are_all = len(bounds) == len(ends)
    split = f"The seeds split the same rows{'' if are_all else f' of {datasets}'}"
    claims = f"{count_text(len(bounds), 'claimed difference')}{'' if are_all else ' there'}"
    share = f"{len(unsure)} of {claims} {are} not shown for"
    yield (
        f"{split}. {share if unsure else 'For'} new rows from the same "
        f"source{': on' if unsure else ', on'} {most.group.dataset}, {value} minus {reference} is "
        f"{low} to {high}{measure.points} (95% CI)."
    )
