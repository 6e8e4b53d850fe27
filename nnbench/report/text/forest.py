"""Words of the forest plot: titles, caption, and a description for those who can't see it."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from nnbench.report.analysis.contrasts import Contrast
from nnbench.report.analysis.standings import Standings
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.measure import Measure
from nnbench.report.statistics import CONFIDENCE, FEWEST_PAIRS, Outcome
from nnbench.report.text.keys import words_of
from nnbench.report.text.numbers import (
    and_text,
    difference_text,
    levels_text,
    paired_text,
    typical_text,
)

MOST_DESCRIBED = 4
"""Rows that a description lists; of more it counts outcomes and names the largest difference."""


def panel_title(comparison: Comparison, block: Standings) -> str:
    """The data set, and what all its rows share."""
    return comparison.place(block.reference.dataset, block.reference.value, block.shared)


def axis_title(comparison: Comparison, block: Standings) -> str:
    """The difference that is drawn, with its unit and, if lower is better, that it is."""
    measure = block.measure
    reference = comparison.named(block.reference.value, but=block.shared)
    return f"difference in {measure.title} to {reference}{unit_text(measure)}"


def unit_text(measure: Measure) -> str:
    """The end of an axis's title: the unit and, if lower is better, that it is."""
    lower = "; lower is better" if measure.sign < 0 else ""
    return (f",{measure.points}" if measure.points else "") + lower


def caption(blocks: Sequence[Standings], *, is_cut: bool) -> str:
    """The meaning of every mark that is there."""
    contrasts = [contrast for block in blocks for _, contrast in block.rows if contrast]
    sentences = ["Paired difference to the reference, with score and outcome at the right."]
    sentences += [intervals_text(contrasts)] if has_interval(contrasts) else []
    sizes = dict.fromkeys(
        f"±{difference_text(block.measure, block.negligible, sign=False)}{block.measure.points}"
        for block in blocks
    )
    if len(sizes) == 1:
        sentences.append(f"Grey band: too small to matter ({next(iter(sizes))}).")
    else:
        sentences.append("Grey band: too small to matter.")
    if any(block.trend for block in blocks):
        sentences.append("Dashed: the trend with each doubling.")
    if any(group.lost for block in blocks for group, _ in block.rows):
        sentences.append(failures_text(blocks))
    if is_cut:
        sentences.append("The axis is cut: arrows mark what lies beyond.")
    return " ".join(sentences)


def omitted_rows_text(blocks: Sequence[Standings], drawn: Sequence[Standings]) -> str:
    """Number of rows that a plot has of all; begins with a space, or is empty."""
    rows, everything = (sum(len(block.rows) for block in some) for some in (drawn, blocks))
    return f" {rows} of {everything} rows; the table has all." if rows < everything else ""


def has_interval(contrasts: Sequence[Contrast]) -> bool:
    """True if any interval is drawn."""
    return any(
        contrast.outcome is not Outcome.NOT_COMPARABLE and np.isfinite(contrast.difference.low)
        for contrast in contrasts
    )


def intervals_text(contrasts: Sequence[Contrast]) -> str:
    """The levels of the thick and the thin lines."""
    levels = sorted({contrast.decision.level for contrast in contrasts if contrast.tested})
    level = levels_text(levels)
    between = " (the table says which)" if len(levels) > 1 else ""
    thin = " Thin: 95% CI." if levels[0] < CONFIDENCE else ""
    return f"Thick: the CI that decides, {level}{between}.{thin}"


def failures_text(blocks: Sequence[Standings]) -> str:
    """The sign of runs that diverged or failed, and how they count."""
    counted = blocks[0].measure.lost_text
    return f"Failed: runs that diverged or failed, counted {counted}."


def alt_text(comparison: Comparison, blocks: Sequence[Standings]) -> str:
    """The finding of each row, for readers who can't see the chart."""
    rows = [
        f"{comparison.named(group.value, but=block.shared)} on {panel_title(comparison, block)} "
        f"{typical_text(group)}, {finding_text(contrast)}"
        for block in blocks for group, contrast in block.rows
    ]  # fmt: skip
    pairs = [(block, own) for block in blocks for _, own in block.rows if own]
    if len(rows) <= MOST_DESCRIBED or not pairs:
        return f"Forest plot: {'; '.join(rows[:MOST_DESCRIBED])}."
    outcomes = counts_text(contrast.outcome for _, contrast in pairs)
    block, most = max(pairs, key=lambda pair: size_of(pair[1]))
    named = comparison.named(most.group.value, but=block.shared)
    return (
        f"Forest plot of {len(pairs)} differences: {outcomes}. Largest: {named} on "
        f"{panel_title(comparison, block)}, {finding_text(most)}. The table has all values."
    )


def counts_text(outcomes: Iterable[Outcome]) -> str:
    """The number of each outcome, the most frequent first."""
    counts = Counter(outcome.value for outcome in outcomes)
    return and_text([f"{count} {outcome}" for outcome, count in counts.most_common()])


def size_of(contrast: Contrast) -> tuple[bool, float]:
    """The place of a difference by its size, those that are claimed first."""
    size = abs(contrast.difference.mean)
    return contrast.outcome.claims_difference, 0.0 if np.isnan(size) else size


def finding_text(contrast: Contrast | None) -> str:
    """The outcome of a row with its difference."""
    if contrast is None:
        return "not compared"
    measure = contrast.group.measure
    return f"{contrast.outcome.value}: {paired_text(measure, contrast.difference)}{measure.points}"


def reason_text(contrast: Contrast) -> str:
    """The reason why no difference is claimed, if not the interval; empty for none."""
    if not contrast.tested:
        return f"fewer than {FEWEST_PAIRS} paired seeds"
    if contrast.decision.is_unsettled:
        reasons = [why for why in contrast.unsettled if why]
        keys = dict.fromkeys(key for why in reasons for key in why.edge_keys)
        edges = [f"best {and_text(words_of(keys))} at the edge of what was tried"] if keys else []
        improving = ["still improving"] if any(why.is_improving for why in reasons) else []
        return " and ".join([*edges, *improving])
    if contrast.outcome is Outcome.INCONCLUSIVE and contrast.lost_alone:
        return "runs that diverged or failed have no partner"
    return ""
