"""Phrases of a headline: effects, names and counts, short enough to be read at once."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from nnbench.pages.formatting import count_text, metric_text, signed
from nnbench.report.analysis.contrasts import ALPHA, Contrast, Outcome
from nnbench.report.compare.comparison import KNOWN_BY_NAME, Comparison
from nnbench.report.compare.group import Group
from nnbench.report.compare.measure import Measure
from nnbench.report.question import noun_of
from nnbench.report.statistics import Estimate, fewest_pairs
from nnbench.report.text.forest import reason_text
from nnbench.report.text.numbers import and_text, difference_text, level_text
from nnbench.report.text.outcome_sentences import sides

MOST_NAMED = 3
"""Names in a headline; of more there is a count."""

LONGEST = 230
"""Letters of a headline over many places: about three lines on a laptop, seven on a phone."""

MOST_REASONS = 2
"""Reasons in a bracket."""

ONE_DECIMAL = 0.095
"""Percentage points from which on one decimal is enough."""


def effect_text(
    measure: Measure,
    mean: float,
    bounds: tuple[float, float],
    level: float,
    *,
    sign: bool = False,
    noun: bool = False,
) -> str:
    """An effect with its unit and interval; without signs, the smaller end first.

    With `noun` also what it is an effect on.
    """
    size, interval = effect_parts(measure, mean, bounds, level, sign=sign)
    of = "" if measure.is_time else " of" if measure.is_share else " in"
    what = f"{of} {measure.title}" if noun else ""
    return size + what + (f" ({interval})" if interval else "")


def effect_parts(
    measure: Measure,
    mean: float,
    bounds: tuple[float, float],
    level: float,
    *,
    sign: bool = False,
) -> tuple[str, str]:
    """An effect with its unit, and its interval, which is empty without one."""
    if np.isinf(mean):
        return "more than any number", ""
    ends = sorted(bounds) if sign else sorted(map(abs, bounds))
    numbers = [mean if sign else abs(mean), *(end for end in ends if np.isfinite(end))]
    size, *texts = short_numbers(measure, numbers, sign=sign)
    interval = f"{level_text(level)} CI {' to '.join(texts)}" if len(texts) == 2 else ""
    return f"{size}{measure.points}", interval


def short_numbers(measure: Measure, numbers: Sequence[float], *, sign: bool) -> list[str]:
    """Differences with as few decimals as tell them from zero."""
    if not measure.is_share:
        return [difference_text(measure, number, sign=sign) for number in numbers]
    smallest = min((abs(100 * n) for n in numbers if round(100 * n, 2)), default=1.0)
    decimals = 1 if smallest >= ONE_DECIMAL else 2
    texts = [f"{100 * number:{'+' if sign else ''}.{decimals}f}" for number in numbers]
    return [signed(text if float(text) else text.lstrip("+-")) for text in texts]


def ends_of(contrast: Contrast) -> tuple[float, float]:
    """The interval of a difference; NaN without one."""
    return contrast.difference.low, contrast.difference.high


def unit_after(measure: Measure) -> str:
    """The unit of a size where no title names it; begins with a space, or empty if it has one."""
    if measure.is_time:
        return f" {measure.unit_of_time}"
    return "" if measure.points else f" {measure.metric.title}"


def score_text(measure: Measure, mean: float) -> str:
    """A score."""
    if measure.is_gap or measure.is_time:
        return f"{difference_text(measure, mean, sign=False)}{measure.points}"
    return metric_text(measure.metric.name, mean)


def with_level(group: Group, mean: Estimate) -> str:
    """The interval of a mean score, before a count; empty without one."""
    if np.isnan(mean.low):
        return ""
    ends = [score_text(group.measure, end) for end in mean.bounds]
    return f"95% CI {ends[0].removesuffix('%')} to {ends[1]}, "


def by_size(contrasts: Sequence[Contrast], outcome: Outcome) -> list[Contrast]:
    """Contrasts of an outcome, the largest difference first."""
    own = [contrast for contrast in contrasts if contrast.outcome is outcome]
    return sorted(own, key=lambda contrast: -abs(contrast.difference.mean))


def names_in(contrasts: Sequence[Contrast], comparison: Comparison) -> str:
    """Values in words; numbers with their key once."""
    names = [sides(contrast, comparison)[0] for contrast in contrasts]
    return short_names(names, comparison)


def short_names(names: Sequence[str], comparison: Comparison) -> str:
    """Names of values, up to a number, with the key that all begin with only once."""
    key = f"{comparison.keys[-1]} "
    if len(names) > 1 and all(name.startswith(key) for name in names):
        return key + and_text([name.removeprefix(key) for name in names], MOST_NAMED)
    return and_text(list(names), MOST_NAMED)


def none_better(contrasts: Sequence[Contrast], comparison: Comparison, reference: str) -> str:
    """Statement that no value is better than the reference, or none shown to be."""
    open_still = {Outcome.INCONCLUSIVE, Outcome.NOT_COMPARABLE}
    hedge = "shown to be " if open_still & {contrast.outcome for contrast in contrasts} else ""
    return f"{no_value(comparison)} is {hedge}better than {reference}"


def no_value(comparison: Comparison) -> str:
    """The subject of a sentence on no value at all."""
    key = comparison.keys[-1]
    return f"no {key}" if key in KNOWN_BY_NAME else f"no other {noun_of(key)}"


def counted_text(contrasts: Sequence[Contrast]) -> str:
    """The number of values with each outcome, and why some are not comparable."""
    counts = Counter(contrast.outcome for contrast in contrasts)
    texts = []
    for outcome in Outcome:
        if counts[outcome]:
            are = "is" if counts[outcome] == 1 else "are"
            why = reasons_text(contrasts) if outcome is Outcome.NOT_COMPARABLE else ""
            texts.append(f"{counts[outcome]} {are} {outcome.value}{why}")
    return and_text(texts)


def reasons_text(contrasts: Sequence[Contrast]) -> str:
    """The reasons of values that are not comparable, in brackets; empty for more than two."""
    reasons = dict.fromkeys(
        reason_text(contrast) for contrast in contrasts
        if contrast.outcome is Outcome.NOT_COMPARABLE
    )  # fmt: skip
    return f" ({' or '.join(reasons)})" if 0 < len(reasons) <= MOST_REASONS else ""


def failed_text(groups: Sequence[Group]) -> str:
    """The runs at chosen settings that diverged or failed; begins with a semicolon, or is empty."""
    failed, count = (sum(numbers) for numbers in zip(
        *((group.lost, len(group.runs)) for group in groups), strict=True))  # fmt: skip
    return f"; {failed:,} of {count_text(count, 'compared run')} diverged or failed" * bool(failed)


def large_but_unproven(contrast: Contrast) -> str:
    """A difference on which all seeds agree, and that so few seeds can't show; else empty."""
    per_seed = contrast.effect.per_seed
    agree = bool((per_seed > 0).all() or (per_seed < 0).all())
    is_unproven = contrast.outcome is Outcome.INCONCLUSIVE and contrast.lowest_p > ALPHA
    if not (is_unproven and agree and contrast.negligible < abs(contrast.difference.mean) < np.inf):
        return ""
    measure = contrast.group.measure
    (size,) = short_numbers(measure, [abs(contrast.difference.mean)], sign=False)
    higher = "more" if contrast.difference.mean > 0 else "less"
    return (
        f"all {contrast.count} seeds "
        f"agree on {size}{measure.points} {higher} {measure.title}, but {contrast.count} seeds "
        f"can't reach p ≤ {ALPHA} after correction; "
        f"seeds={fewest_pairs(contrast.fewest_comparisons)} can"
    )
