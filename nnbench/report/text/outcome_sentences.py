"""Sentences on the outcomes of contrasts: one template an outcome."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from nnbench.pages.formatting import count_text
from nnbench.report.analysis.contrasts import Contrast, Outcome
from nnbench.report.analysis.new_rows import is_shown
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.statistics import FEWEST_PAIRS
from nnbench.report.text.keys import words_of
from nnbench.report.text.numbers import (
    and_text,
    cost_text,
    negligible_text,
    p_range_text,
    pairs_text,
    parameters_text,
    seeds_text,
    sizes_text,
)

MOST_NAMED = 8
"""Values that a sentence names."""

TEMPLATES: Mapping[Outcome, str] = {
    Outcome.BETTER: "{values} {are} better than {reference}{by}; {pairs}, {p}",
    Outcome.WORSE: "{values} {are} worse than {reference}{by}; {pairs}, {p}",
    Outcome.EQUIVALENT: "{values} {are} practically equivalent to {reference}{sizes}, within "
    "{negligible}; {pairs}",
    Outcome.INCONCLUSIVE: "{values} {show} no significant difference from {reference} "
    "(inconclusive){sizes}; {pairs}, {p}{seeds}",
    Outcome.NOT_COMPARABLE: "{values} {are} not comparable with {reference}{sizes}; {pairs}{few}",
}
"""Sentence of each outcome, in the order of reading."""


def sentences_at(
    place: str, contrasts: Sequence[Contrast], comparison: Comparison
) -> Iterator[str]:
    """Sentences on the contrasts of one place; those alike in outcome and remark share one."""
    alike: dict[tuple[Outcome, str], list[Contrast]] = {}
    for contrast in sorted(contrasts, key=lambda contrast: list(TEMPLATES).index(contrast.outcome)):
        key = contrast.outcome, remark(contrast, comparison)
        alike.setdefault(key, []).append(contrast)
    where = f"On {place}{parameters_text(contrasts)}"
    for (_, remarked), group in alike.items():
        yield f"{where}, {sentence(group, comparison)}{remarked}{reached_text(group, comparison)}."


def sentence(contrasts: Sequence[Contrast], comparison: Comparison) -> str:
    """The template of the outcome that contrasts share, with their numbers; no full stop."""
    names = [sides(contrast, comparison)[0] for contrast in contrasts]
    named = contrasts[:MOST_NAMED]
    sizes, absolute = sizes_text(named), sizes_text(named, sign=False)
    return TEMPLATES[contrasts[0].outcome].format(
        values=and_text(names, MOST_NAMED),
        are="is" if len(names) == 1 else "are",
        show="shows" if len(names) == 1 else "show",
        reference=sides(contrasts[0], comparison)[1],
        by=f" by {absolute}" if absolute else "",
        sizes=f": {sizes}" if sizes else "",
        negligible=negligible_text(contrasts),
        pairs=pairs_text(contrasts),
        p=p_range_text(contrasts),
        seeds=seeds_text(contrasts),
        few="" if contrasts[0].tested else f", but a verdict needs at least {FEWEST_PAIRS}",
    )


def reached_text(contrasts: Sequence[Contrast], comparison: Comparison) -> str:
    """Share of runs that reach a target, and their median time; begins with a semicolon, or empty.

    The reference comes last.
    """
    if not contrasts[0].group.measure.is_time:
        return ""
    named = contrasts[:MOST_NAMED]
    names = [sides(contrast, comparison)[0] for contrast in named]
    groups = [*(contrast.group for contrast in named), contrasts[0].reference]
    texts = [
        f"{group.reached} of {group.tuned.per_seed.size} seeds with {name}{median_text(group)}"
        for name, group in zip([*names, sides(contrasts[0], comparison)[1]], groups, strict=True)
    ]
    return f"; {groups[0].measure.target_text} is reached by {and_text(texts)}"


def median_text(group: Group) -> str:
    """The median time to a target in brackets; empty if more than half never reach it."""
    median = group.typical
    unit = group.measure.unit_of_time
    unit = unit.removesuffix("s") if median == 1 else unit
    return f" (median {cost_text(median)} {unit})" if np.isfinite(median) else ""


def sides(contrast: Contrast, comparison: Comparison) -> tuple[str, str]:
    """A value and its reference in words, without what they have in common."""
    value, reference = contrast.group.value, contrast.reference.value
    shared = comparison.in_common(value, reference)
    return comparison.named(value, but=shared), comparison.named(reference, but=shared)


def remark(contrast: Contrast, comparison: Comparison) -> str:
    """The reason for an outcome that its numbers don't show; begins with a semicolon, or empty."""
    if contrast.decision.is_unsettled:
        return unsettled_remark(contrast, comparison)
    new_rows = "" if is_shown_for_new_rows(contrast) else "; not shown for new rows"
    if contrast.lost:
        return failures_remark(contrast, comparison) + new_rows
    if new_rows:
        return new_rows
    if contrast.outcome.claims_difference and contrast.is_slight:
        return "; too small a difference to matter in practice"
    if contrast.outcome is Outcome.INCONCLUSIVE and contrast.is_constant:
        return "; all seeds gave the same difference, so there is no CI"
    if contrast.rests_on_test:
        return "; the CI excludes zero, but the test is not significant"
    return ""


def is_shown_for_new_rows(contrast: Contrast) -> bool:
    """True unless a difference is claimed of these rows alone."""
    return not contrast.outcome.claims_difference or is_shown(contrast)


def unsettled_remark(contrast: Contrast, comparison: Comparison) -> str:
    """The reasons why the best setting of either side isn't known."""
    texts, improving = [], []
    for name, why in zip(sides(contrast, comparison), contrast.unsettled, strict=True):
        if why and why.edge_keys:
            keys = and_text(words_of(why.edge_keys))
            texts.append(f"the best {keys} of {name} may lie beyond what was tried")
        if why and why.is_improving:
            improving.append(name)
    if improving:
        were = "was" if len(improving) == 1 else "were both"
        texts.append(f"{and_text(improving)} {were} still improving when training ended")
    return "; " + and_text(texts)


def failures_remark(contrast: Contrast, comparison: Comparison) -> str:
    """The failures on both sides, and those that the test can't count."""
    groups = zip(sides(contrast, comparison), (contrast.group, contrast.reference), strict=True)
    failures = and_text(
        [f"{group.lost} of {count_text(len(group.runs), 'run')} with {name}"
         for name, group in groups if group.lost]
    )  # fmt: skip
    alone = contrast.lost_alone
    uncounted = f"; {alone} of them are not in the test, since only one of the two has their seeds"
    counted = contrast.group.measure.lost_text
    return f"; {failures} diverged or failed (counted {counted}){uncounted if alone else ''}"
