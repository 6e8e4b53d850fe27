"""Parts of sentences: differences with their intervals, how many seeds, how sure a test is."""

from collections.abc import Sequence

import numpy as np

from nnbench.pages.formatting import count_text
from nnbench.report.analysis.contrasts import ALPHA, Contrast
from nnbench.report.text.numbers import bounds_text, difference_text, p_text, paired_text

MOST_NAMED = 8
"""Values that a sentence names."""
MOST_SEEDS = 1_000
"""Beyond that nobody wants to know how many more it would take."""
CAN_BE_RUN = 100_000
"""Seeds that anybody could run."""
EQUAL_SIZE = 1.25
"""Times as large as the smallest network, up to which networks are of equal size."""
SAME = 1e-9
"""A difference up to this is none but for how numbers are rounded."""


def holm_text(contrasts: Sequence[Contrast]) -> str:
    """The smallest corrected p, and whether it could be small enough at all."""
    best = min(contrasts, key=lambda each: each.p_holm)
    said = f"Holm-corrected p {p_text(best.p_holm)}" + (" or more" if len(contrasts) > 1 else "")
    if best.lowest_p <= ALPHA:
        return said
    bound = p_text(best.lowest_p).removeprefix("= ")
    return f"{said}, which can't be below {bound} with so few seeds"


def seeds_text(contrasts: Sequence[Contrast]) -> str:
    """How many more seeds would tell a difference that matters; nothing if that isn't known."""
    more = sorted({each.more_seeds for each in contrasts if each.more_seeds})
    if not more:
        return ""
    least, most = more[0], more[-1]
    metric = contrasts[0].group.metric
    size = difference_text(metric, contrasts[0].negligible, sign=False)
    points = " points" if metric.is_share else ""
    if least > CAN_BE_RUN:
        count = "more seeds than can be run"
    elif least > MOST_SEEDS:
        count = f"over {MOST_SEEDS:,} more seeds"
    else:
        upper = f"{most:,}" if most <= MOST_SEEDS else f"over {MOST_SEEDS:,}"
        upto = f" to {upper}" if most > least else ""
        count = f"about {least:,}{upto} more {'seed' if most == 1 else 'seeds'}"
    return f"; {count} would be needed to tell a difference of {size}{points}"


def seed_count_text(seeds: int | None) -> str:
    """A number of further seeds, if it is known and could be run."""
    if seeds is None:
        return "—"
    return f"{seeds:,}" if seeds <= CAN_BE_RUN else "more than can be run"


def differences_text(contrasts: Sequence[Contrast]) -> str:
    """The differences of the values that are named, each with its interval."""
    metric = contrasts[0].group.metric
    shown = [paired_text(metric, each.difference) for each in contrasts[:MOST_NAMED]]
    return f"{'; '.join(shown)} {metric.unit}"


def interval_text(contrast: Contrast, *, sign: bool = True) -> str:
    """What stands in the brackets of a difference; nothing if it has none."""
    if np.isnan(contrast.difference.low):
        return ""
    return f"95% interval {bounds_text(contrast.group.metric, contrast.difference, sign=sign)}, "


def intervals_text(contrasts: Sequence[Contrast]) -> str:
    """What stands in the brackets of differences; nothing if they have none."""
    return "" if contrasts[0].is_constant else "95% intervals, "


def same_text(contrasts: Sequence[Contrast]) -> str:
    """Differences that are the same for all seeds."""
    if all(abs(each.difference.mean) <= SAME for each in contrasts):
        return "all seeds gave the same figure as with it"
    metric = contrasts[0].group.metric
    shown = [difference_text(metric, each.difference.mean) for each in contrasts[:MOST_NAMED]]
    return f"all seeds gave the same difference, {'; '.join(shown)} {metric.unit}"


def pairs_text(contrasts: Sequence[Contrast]) -> str:
    """How many seeds were compared."""
    return count_text(min(each.count for each in contrasts), "paired seed")


def size_text(contrasts: Sequence[Contrast]) -> str:
    """At which size the networks are compared, if it is the same for all; begins with a space."""
    groups = [contrasts[0].reference, *(each.group for each in contrasts)]
    sizes = [size for group in groups for size in group.sizes]
    if not sizes or max(sizes) > EQUAL_SIZE * min(sizes):
        return ""
    typical = float(f"{np.median(sizes):.2g}")
    return f" at about {typical:,.0f} parameters"
