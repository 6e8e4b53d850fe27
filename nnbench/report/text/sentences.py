"""What is said of the values on the same data, each outcome in a sentence with its evidence."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from nnbench.pages.formatting import count_text, metric_text
from nnbench.report.analysis.contrasts import Contrast, Outcome
from nnbench.report.compare.comparison import Comparison
from nnbench.report.statistics import FEWEST_PAIRS
from nnbench.report.text.numbers import and_text, difference_text, p_text
from nnbench.report.text.phrases import (
    MOST_NAMED,
    differences_text,
    holm_text,
    interval_text,
    intervals_text,
    pairs_text,
    same_text,
    seeds_text,
    size_text,
)

VERBS = {Outcome.BETTER: ("beats", "beat"), Outcome.WORSE: ("loses to", "lose to")}


def sentences_at(
    where: str, contrasts: Sequence[Contrast], comparison: Comparison
) -> Iterator[str]:
    """What is known of the values that have a place in common, each outcome in a sentence."""
    where = f"On {where}{size_text(contrasts)}"
    for _, found in groupby(sorted(contrasts, key=kind), key=kind):
        alike = list(found)
        if alike[0].lost:
            yield from (f"{where}, {lost(each, comparison)}." for each in alike)
        else:
            say, (_, reference) = SAY[alike[0].outcome], sides(alike[0], comparison)
            yield f"{where}, {say(alike, names_of(alike, comparison), reference)}."


def sides(contrast: Contrast, comparison: Comparison) -> tuple[str, str]:
    """A value and its reference in words, without what they have in common."""
    value, reference = contrast.group.value, contrast.reference.value
    shared = comparison.in_common(value, reference)
    return comparison.named(value, but=shared), comparison.named(reference, but=shared)


def kind(contrast: Contrast) -> tuple[int | bool, ...]:
    """What values of which the same is said have in common, in the order of reading."""
    return (
        list(SAY).index(contrast.outcome),
        bool(contrast.lost),
        not contrast.count,
        contrast.is_slight,
        contrast.is_constant,
        contrast.rests_on_test,
        contrast.rests_on_choice,
    )


def names_of(contrasts: Sequence[Contrast], comparison: Comparison) -> str:
    """The values in words, the first of them if there are many."""
    return and_text([sides(each, comparison)[0] for each in contrasts], MOST_NAMED)


def decided(contrasts: Sequence[Contrast], names: str, reference: str) -> str:
    """Values that are better, or worse, than the reference."""
    metric = contrasts[0].group.metric
    one, many = VERBS[contrasts[0].outcome]
    worst = max(each.p_holm for each in contrasts)
    slight = ", which is too little to matter" if contrasts[0].is_slight else ""
    if len(contrasts) == 1:
        (each,) = contrasts
        size = difference_text(metric, abs(each.difference.mean), sign=False)
        return (
            f"{names} {one} {reference} by {size} {metric.unit} ({interval_text(each, sign=False)}"
            f"{pairs_text(contrasts)}, Holm-corrected p {p_text(worst)}){slight}"
        )
    at_most = p_text(worst).replace("=", "at most")
    return (
        f"{names} {many} {reference}: {differences_text(contrasts)} ({intervals_text(contrasts)}"
        f"{pairs_text(contrasts)}, Holm-corrected p {at_most}){slight}"
    )


def equal(contrasts: Sequence[Contrast], names: str, reference: str) -> str:
    """Values that differ too little from the reference to matter."""
    metric, most = contrasts[0].group.metric, max(each.negligible for each in contrasts)
    bound = difference_text(metric, most, sign=False)
    verb, what = ("does", "its interval") if len(contrasts) == 1 else ("do", "their intervals")
    return (
        f"{names} {verb} as well as {reference} for practical purposes: the difference is within "
        f"{bound} {metric.unit} ({what} of 95%, {pairs_text(contrasts)})"
    )


def undecided(contrasts: Sequence[Contrast], names: str, reference: str) -> str:
    """Values that can't be told from the reference, and what it would take."""
    metric = contrasts[0].group.metric
    pairs = pairs_text(contrasts)
    evidence = f" ({pairs})"
    if contrasts[0].is_constant and not contrasts[0].rests_on_choice:
        tested = f", {holm_text(contrasts)}" if contrasts[0].rests_on_test else ""
        return (
            f"{names} can't be told from {reference}: {same_text(contrasts)}, which leaves no "
            f"interval ({pairs}{tested})"
        )
    if len(contrasts) == 1:
        (each,) = contrasts
        size = difference_text(metric, each.difference.mean)
        evidence = f": {size} {metric.unit} ({interval_text(each)}{pairs})"
    elif contrasts[0].rests_on_test:
        # A large difference that isn't claimed must not look like none.
        evidence = f": {differences_text(contrasts)} ({intervals_text(contrasts)}{pairs})"
    if contrasts[0].rests_on_choice:
        return (
            f"{names} can't be told from {reference}{evidence}, since the difference depends on "
            "settings that the validation part can't tell apart"
        )
    if contrasts[0].rests_on_test:
        them = "its interval leaves" if len(contrasts) == 1 else "their intervals leave"
        return (
            f"{names} can't be told from {reference}{evidence}; {them} out zero, but the test "
            f"doesn't show a difference ({holm_text(contrasts)})"
        )
    return f"{names} can't be told from {reference}{evidence}{seeds_text(contrasts)}"


def too_few(contrasts: Sequence[Contrast], names: str, reference: str) -> str:
    """Fewer seeds than a verdict needs."""
    metric = contrasts[0].group.metric
    fewest = min(each.count for each in contrasts)
    if fewest == 0:
        return f"{names} and {reference} have no seed in common"
    is_one = "is" if fewest == 1 else "are"
    figures = f": {difference_text(metric, contrasts[0].difference.mean)} {metric.unit}"
    return (
        f"{count_text(fewest, 'paired seed')} {is_one} too few for a verdict on {names} against "
        f"{reference}{figures if len(contrasts) == 1 else ''}; {FEWEST_PAIRS} are the fewest"
    )


SAY = {
    Outcome.BETTER: decided,
    Outcome.WORSE: decided,
    Outcome.EQUAL: equal,
    Outcome.UNDECIDED: undecided,
    Outcome.TOO_FEW: too_few,
}
"""Outcome → what makes its sentence, in the order of reading."""


def lost(contrast: Contrast, comparison: Comparison) -> str:
    """A value of which, or of whose reference, runs came to nothing: they count as the worst."""
    group, reference = contrast.group, contrast.reference
    mine, other = sides(contrast, comparison)
    stories = and_text(
        [f"{each.lost} of {count_text(len(each.runs), 'run')} with {name} came to nothing"
         for name, each in ((mine, group), (other, reference)) if each.lost]
    )  # fmt: skip
    if contrast.outcome not in VERBS:
        evidence = f", {holm_text([contrast])}" if contrast.tested else ""
        alone = contrast.lost_alone
        missing = (
            f"; {count_text(alone, 'lost run')} {'is' if alone == 1 else 'are'} in no pair, since "
            "the other has not got the seed"
            if alone else ""
        )  # fmt: skip
        return (
            f"{stories}, and {mine} can't be told from {other} "
            f"({pairs_text([contrast])}{evidence}){missing}"
        )
    middle = [metric_text(group.metric.name, each.median("test")) for each in (group, reference)]
    return (
        f"{mine} {VERBS[contrast.outcome][0]} {other}: {stories}, which count as the worst; it is "
        f"better in {contrast.improvement:.0%} of {count_text(contrast.count, 'pair')} (medians of "
        f"test {group.metric.title}: {' and '.join(middle)}; Holm-corrected p "
        f"{p_text(contrast.p_holm)})"
    )
