"""Scores, differences, intervals and probabilities as a report writes them."""

from collections.abc import Sequence

import numpy as np

from nnbench.pages.formatting import WIDE, count_text, metric_text, rounded
from nnbench.report.analysis.contrasts import Contrast
from nnbench.report.compare.group import Group
from nnbench.report.compare.measure import Measure
from nnbench.report.metric import Metric
from nnbench.report.statistics import Estimate

MOST_SEEDS = 1_000
"""Seeds beyond which nobody wants to know how many more it would take."""
CAN_BE_RUN = 100_000
"""Seeds that anybody could run."""
EQUAL_SIZE = 1.25
"""Largest ratio of two networks' parameters at which they count as equally large."""


def difference_text(metric: Metric | Measure, value: float, *, sign: bool = True) -> str:
    """A difference: percentage points of accuracy, three decimals of R², else three digits."""
    if np.isnan(value):
        return "—"
    if np.isinf(value):
        return "∞" if value > 0 else "−∞"
    if metric.is_share:
        number = f"{100 * value:.2f}"
    else:
        has_places = metric.has_places and abs(value) < WIDE
        number = f"{value:.3f}" if has_places else f"{value:.3g}"
    plus = "+" if sign and float(number) > 0 else ""
    return plus + rounded(number)


def estimate_text(metric: Metric, estimate: Estimate) -> str:
    """A mean with its interval."""
    mean = metric_text(metric.name, estimate.mean)
    if np.isnan(estimate.low):
        return mean
    ends = (estimate.low, estimate.high)
    low, high = (metric_text(metric.name, bound).rstrip("%") for bound in ends)
    return f"{mean} ({low} to {high})"


def paired_text(metric: Metric | Measure, estimate: Estimate) -> str:
    """A difference with its interval."""
    if np.isnan(estimate.low):
        return difference_text(metric, estimate.mean)
    return f"{difference_text(metric, estimate.mean)} ({bounds_text(metric, estimate)})"


def bounds_text(metric: Metric | Measure, estimate: Estimate, *, sign: bool = True) -> str:
    """The ends of the interval of a difference; without signs the smaller size first."""
    ends = [estimate.low, estimate.high]
    if not sign:
        ends = sorted(map(abs, ends))
    return ends_text(metric, *ends, sign=sign)


def ends_text(metric: Metric | Measure, low: float, high: float, *, sign: bool = True) -> str:
    """Two differences as an interval."""
    return " to ".join(difference_text(metric, end, sign=sign) for end in (low, high))


def level_text(level: float) -> str:
    """The confidence level of an interval in per cent."""
    return f"{100 * level:.3g}%"


def levels_text(levels: Sequence[float]) -> str:
    """The lowest and the highest of sorted levels."""
    return and_text([level_text(level) for level in dict.fromkeys((levels[0], levels[-1]))])


def p_text(p: float) -> str:
    """A probability, as it stands after `p`."""
    if np.isnan(p):
        return "—"
    return "< 0.0001" if p < 0.0001 else f"= {p:.2g}"


def and_text(names: Sequence[str], most: int | None = None) -> str:
    """Several names as one of a sentence; of more than `most` the first, and how many are left."""
    if most is not None and len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def cost_text(cost: float) -> str:
    """A cost: whole numbers up to a million, larger ones with three digits."""
    if np.isnan(cost):
        return "—"
    if np.isinf(cost):
        return "never"
    if cost >= 1e6:
        return f"{cost:.2e}".replace("e+0", "e").replace("e+", "e")
    return f"{cost:,.0f}" if cost >= 100 or cost == round(cost) else f"{cost:.3g}"


def typical_text(group: Group) -> str:
    """The outcome that stands for a value: a mean score, or the median of times."""
    if group.measure.is_time:
        return cost_text(group.typical)
    return metric_text(group.metric.name, group.typical)


def sizes_text(contrasts: Sequence[Contrast], *, sign: bool = True) -> str:
    """Differences with the intervals that decide; empty if there are none.

    A median of zero, since most seeds miss a target on both sides, is none.
    """
    measure = contrasts[0].group.measure
    if not any(has_size(contrast) for contrast in contrasts):
        return ""
    size_texts = []
    for contrast in contrasts:
        difference = contrast.difference
        if np.isinf(difference.mean):
            # Most seeds reach the target with one of the two only.
            size_texts.append("more than any number")
            continue
        size = difference.mean if sign else abs(difference.mean)
        text = f"{difference_text(measure, size, sign=sign)}{measure.points}"
        if not contrast.effect.is_finite:
            text = f"a median of {text}"
        if not np.isnan(difference.low):
            level = level_text(contrast.decision.level)
            text += f" ({level} CI {bounds_text(measure, difference, sign=sign)})"
        size_texts.append(text)
    return f"{and_text(size_texts)} in {measure.title}"


def has_size(contrast: Contrast) -> bool:
    """True unless a difference is unknown, infinite, or the zero of pairs that miss a target."""
    mean = contrast.difference.mean
    return bool(np.isfinite(mean)) and (contrast.effect.is_finite or mean != 0)


def negligible_text(contrasts: Sequence[Contrast]) -> str:
    """The region in which no difference matters."""
    measure, most = contrasts[0].group.measure, max(c.negligible for c in contrasts)
    size = difference_text(measure, most, sign=False)
    return f"±{size}{measure.points}"


def pairs_text(contrasts: Sequence[Contrast]) -> str:
    """The number of paired seeds, from the fewest to the most."""
    counts = [contrast.count for contrast in contrasts]
    fewest = f"{min(counts):,} to " if min(counts) < max(counts) else ""
    return fewest + count_text(max(counts), "paired seed")


def p_range_text(contrasts: Sequence[Contrast]) -> str:
    """The p by which is decided, from the smallest to the largest."""
    ends = (min(c.p_holm for c in contrasts), max(c.p_holm for c in contrasts))
    low, high = map(p_text, ends)
    is_corrected = any(contrast.comparisons > 1 for contrast in contrasts)
    return f"{corrected_text(is_corrected)}p {low}" + (
        "" if low == high else f" to {high.removeprefix('= ')}"
    )


def corrected_text(is_corrected: bool) -> str:
    """The adjective of a p that is corrected for several comparisons; else empty."""
    return "Holm-corrected " if is_corrected else ""


def seeds_text(contrasts: Sequence[Contrast]) -> str:
    """The number of further seeds that would detect a difference that matters; empty if unknown."""
    more = [contrast.more_seeds for contrast in contrasts if contrast.more_seeds]
    if not more:
        return ""
    ends = (min(more), max(more))
    counts = dict.fromkeys(f"{n:,}" if n <= MOST_SEEDS else f"over {MOST_SEEDS:,}" for n in ends)
    measure = contrasts[0].group.measure
    size = difference_text(measure, contrasts[0].negligible, sign=False)
    return (
        f"; detecting a difference of {size}{measure.points} would need {' to '.join(counts)} more "
        f"{'seed' if max(more) == 1 else 'seeds'}"
    )


def seed_count_text(seeds: int | None) -> str:
    """A number of further seeds, if it is known and could be run."""
    if seeds is None:
        return "—"
    return f"{seeds:,}" if seeds <= CAN_BE_RUN else "more than can be run"


def parameters_text(contrasts: Sequence[Contrast]) -> str:
    """The size of the networks, if it is the same for all; begins with a space."""
    return same_size_text([contrasts[0].reference, *(contrast.group for contrast in contrasts)])


def same_size_text(groups: Sequence[Group]) -> str:
    """The same of groups, whose runs were all given a size; empty if none was asked for."""
    if any("params" not in group.runs or group.runs["params"].isna().any() for group in groups):
        return ""
    sizes = [size for group in groups for size in group.sizes]
    if not sizes or max(sizes) > EQUAL_SIZE * min(sizes):
        return ""
    typical = float(f"{np.median(sizes):.2g}")
    return f" at about {typical:,.0f} parameters"
