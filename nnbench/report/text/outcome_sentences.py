"""Sentences on the outcomes of contrasts: one template an outcome, and its evidence."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import groupby

from nnbench.pages.formatting import count_text, metric_text
from nnbench.report.analysis.contrasts import Contrast, Outcome
from nnbench.report.compare.comparison import Comparison
from nnbench.report.statistics import FEWEST_PAIRS
from nnbench.report.text.numbers import (
    and_text,
    best_p_text,
    negligible_text,
    pairs_text,
    parameters_text,
    seeds_text,
    sizes_text,
    worst_p_text,
)

MOST_NAMED = 8
"""Values that a sentence names."""
SAME = 1e-9
"""The largest difference that rounding alone can make."""

TEMPLATES: Mapping[Outcome, str] = {
    Outcome.BETTER: "{values} {are} better than {reference}",
    Outcome.WORSE: "{values} {are} worse than {reference}",
    Outcome.EQUIVALENT: "{values} {are} practically equivalent to {reference}",
    Outcome.INCONCLUSIVE: "{values} {show} no significant difference from {reference} "
    "(inconclusive)",
    Outcome.NOT_COMPARABLE: "{values} {are} not comparable with {reference}",
}
"""Claim of each outcome, in the order of reading."""


class Cause(StrEnum):
    """Reason for an outcome that decides which evidence its sentence gives; in reading order."""

    PLAIN = "the interval and the test"
    SLIGHT = "a difference too small to matter"
    NO_PAIRS = "no seed in common"
    SAME_SCORES = "equal scores"
    SAME_DIFFERENCES = "equal differences"
    TEST = "the test alone"
    CHOICE = "the choice of settings"
    FAILED = "runs that diverged or failed"


def cause(contrast: Contrast) -> Cause:
    """The reason for a contrast's outcome."""
    is_constant = contrast.is_constant and contrast.outcome is Outcome.INCONCLUSIVE
    is_same = is_constant and abs(contrast.difference.mean) <= SAME
    reasons = {
        Cause.FAILED: contrast.lost > 0,
        Cause.NO_PAIRS: contrast.count == 0,
        Cause.CHOICE: contrast.rests_on_choice,
        Cause.SAME_SCORES: is_same,
        Cause.SAME_DIFFERENCES: is_constant,
        Cause.TEST: contrast.rests_on_test,
        Cause.SLIGHT: contrast.is_slight,
    }
    return next((reason for reason, holds in reasons.items() if holds), Cause.PLAIN)


def sentences_at(
    place: str, contrasts: Sequence[Contrast], comparison: Comparison
) -> Iterator[str]:
    """Sentences on the contrasts of one place; those alike in outcome and cause share one."""
    where = f"On {place}{parameters_text(contrasts)}"

    def order(contrast: Contrast) -> tuple[int, int, int]:
        reason = cause(contrast)
        # Runs that failed are a story of their own for each value.
        own = contrasts.index(contrast) if reason is Cause.FAILED else -1
        return list(TEMPLATES).index(contrast.outcome), list(Cause).index(reason), own

    for _, alike in groupby(sorted(contrasts, key=order), key=order):
        yield f"{where}, {sentence(list(alike), comparison)}."


def sentence(contrasts: Sequence[Contrast], comparison: Comparison) -> str:
    """The claim about contrasts of one outcome and cause, with its evidence; no full stop."""
    first = contrasts[0]
    names = [sides(contrast, comparison)[0] for contrast in contrasts]
    is_one = len(names) == 1
    reference = sides(first, comparison)[1]
    claim = TEMPLATES[first.outcome].format(
        values=and_text(names, MOST_NAMED),
        are="is" if is_one else "are",
        show="shows" if is_one else "show",
        reference=reference,
    )
    reason = cause(first)
    if reason is Cause.FAILED:
        return claim + failed_evidence(first, names[0], reference)
    return claim + EVIDENCE[first.outcome](contrasts, reason)


def sides(contrast: Contrast, comparison: Comparison) -> tuple[str, str]:
    """A value and its reference in words, without what they have in common."""
    value, reference = contrast.group.value, contrast.reference.value
    shared = comparison.in_common(value, reference)
    return comparison.named(value, but=shared), comparison.named(reference, but=shared)


def decided(contrasts: Sequence[Contrast], reason: Cause) -> str:
    """The evidence for a difference."""
    slight = ", too small a difference to matter in practice" if reason is Cause.SLIGHT else ""
    return (
        f" by {sizes_text(contrasts[:MOST_NAMED], sign=False)}{slight}; "
        f"{pairs_text(contrasts)}, {worst_p_text(contrasts)}"
    )


def equivalent(contrasts: Sequence[Contrast], reason: Cause) -> str:
    """The evidence for a difference that is too small to matter, if there is one."""
    cis = "the 95% CI lies" if len(contrasts) == 1 else "the 95% CIs lie"
    return f": {cis} within {negligible_text(contrasts)}; {pairs_text(contrasts)}"


def inconclusive(contrasts: Sequence[Contrast], reason: Cause) -> str:
    """The evidence that there is, and why it decides nothing."""
    pairs, shown = pairs_text(contrasts), sizes_text(contrasts[:MOST_NAMED])
    is_one = len(contrasts) == 1
    # A large difference that isn't claimed must not look like none.
    sizes = f": {shown}" if is_one or reason is Cause.TEST else ""
    match reason:
        case Cause.SAME_SCORES:
            return f": every seed gave the same score with both, which leaves no interval; {pairs}"
        case Cause.SAME_DIFFERENCES:
            same = f": every seed gave the same difference, {shown}, which leaves no interval"
            return f"{same}; {pairs}, {best_p_text(contrasts)}"
        case Cause.CHOICE:
            return (
                f"{sizes}; {pairs}; the difference depends on settings whose validation scores do "
                "not differ significantly"
            )
        case Cause.TEST:
            them = "the 95% CI excludes" if is_one else "the 95% CIs exclude"
            return (
                f"{sizes}; {pairs}; {them} zero, but the test is not significant "
                f"({best_p_text(contrasts)})"
            )
    return f"{sizes}; {pairs}{seeds_text(contrasts)}"


def not_comparable(contrasts: Sequence[Contrast], reason: Cause) -> str:
    """How many pairs a verdict lacks."""
    if reason is Cause.NO_PAIRS:
        return ": they have no seed in common"
    shown = f" ({sizes_text(contrasts)})" if len(contrasts) == 1 else ""
    return f": {pairs_text(contrasts)}{shown}; a verdict needs at least {FEWEST_PAIRS}"


EVIDENCE: Mapping[Outcome, Callable[[Sequence[Contrast], Cause], str]] = {
    Outcome.BETTER: decided,
    Outcome.WORSE: decided,
    Outcome.EQUIVALENT: equivalent,
    Outcome.INCONCLUSIVE: inconclusive,
    Outcome.NOT_COMPARABLE: not_comparable,
}
"""Evidence of each outcome, as it follows the claim."""


def failed_evidence(contrast: Contrast, value: str, reference: str) -> str:
    """The evidence of a contrast some of whose runs failed: ranks and medians, but no mean."""
    sides_of = ((value, contrast.group), (reference, contrast.reference))
    failures = and_text(
        [f"{group.lost} of {count_text(len(group.runs), 'run')} with {name}"
         for name, group in sides_of if group.lost]
    ) + " diverged or failed"  # fmt: skip
    if contrast.outcome is Outcome.NOT_COMPARABLE:
        return f": {failures}; {pairs_text([contrast])}, but a verdict needs {FEWEST_PAIRS}"
    if contrast.outcome is Outcome.INCONCLUSIVE:
        evidence = f": {failures}; {pairs_text([contrast])}, {best_p_text([contrast])}"
        alone = contrast.lost_alone
        if alone:
            are = "is" if alone == 1 else "are"
            evidence += (
                f"; the test does not count {alone} of them, which {are} in no pair, as the other "
                "value lacks the seed"
            )
        return evidence
    metric = contrast.group.metric
    medians = [metric_text(metric.name, group.median("test")) for _, group in sides_of]
    return (
        f": {failures} and count as the worst; {value} is better in {contrast.improvement:.0%} of "
        f"{count_text(contrast.count, 'pair')} (median test {metric.title} "
        f"{' and '.join(medians)}), {worst_p_text([contrast])}"
    )
