"""The verdict: what the runs show as a whole, after what they can't show."""

from collections import Counter
from collections.abc import Iterator, Sequence

import pandas as pd

from nnbench.pages.formatting import count_text
from nnbench.report.analysis.contrasts import Contrast, Outcome
from nnbench.report.analysis.findings import Findings
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.question import noun_of
from nnbench.report.text.across_datasets import across_text
from nnbench.report.text.caveats import caveats, fairness
from nnbench.report.text.chance import chance_notes
from nnbench.report.text.engines import curve_notes, engine_notes
from nnbench.report.text.numbers import and_text
from nnbench.report.text.outcome_sentences import MOST_NAMED, sentences_at, sides
from nnbench.report.text.rate_limits import rate_limit_sentences
from nnbench.report.text.trends import trend_sentences, trendless_sentences

MOST_PLACES = 6
"""Data sets that have sentences of their own; of two compared keys, with each value of one."""


def verdicts(findings: Findings) -> list[str]:
    """Sentences on what the runs show, after those on what is left out and on their limits."""
    comparison, runs = findings.comparison, findings.comparison.runs
    notes = [*engine_notes(comparison.engines), *curve_notes(comparison.curves)]
    if not (runs["status"] == "finished").any():
        reason = most_often(runs)
        count = count_text(len(runs), "run")
        return [*notes, f"Not one of {count} finished, so nothing can be compared{reason}."]
    if not findings.contrasts:
        missing = (incomparable if comparison.lost else nothing_compared)(comparison)
        unlike = fairness(comparison, findings.question).brief
        return [*notes, *unlike, *missing, *failures(comparison)]
    return [
        *notes,
        *(text for caveat in caveats(findings) for text in caveat.brief),
        *chance_notes(comparison),
        *trend_sentences(findings.trends, comparison),
        *trendless_sentences(findings),
        *rate_limit_sentences(findings.rate_limits, comparison),
        *overview(findings),
        *by_place(findings),
        *incomparable(comparison),
        *failures(comparison),
    ]


def by_place(findings: Findings) -> Iterator[str]:
    """Sentences on the places at which the most was decided, in their order."""
    places = findings.places
    decided = {
        name: sum(contrast.outcome.claims_difference for contrast in contrasts)
        for name, contrasts in places.items()
    }
    detailed = sorted(places, key=decided.__getitem__, reverse=True)[:MOST_PLACES]
    for name in [name for name in places if name in detailed]:
        yield from sentences_at(name, places[name], findings.comparison)
    others = [name for name in places if name not in detailed]
    if others:
        yield f"The tables also cover {and_text(others, MOST_NAMED)}."


def nothing_compared(comparison: Comparison) -> Iterator[str]:
    """Sentences on runs of which no two values share a place."""
    if len(comparison.values) == 1:
        (only,) = comparison.values
        yield (
            f"These runs compare nothing: all have {comparison.named(only)}, and a comparison "
            "needs at least two values."
        )
        return
    yield (
        f"These runs compare nothing: no {comparison.place_noun} has two values of "
        f"{noun_of(comparison.keys[-1])}{besides(comparison, comparison.groups)}."
    )
    yield from alone(comparison)


def besides(comparison: Comparison, groups: Sequence[Group]) -> str:
    """The demonstrations among groups, which count as no value; begins with a space, or empty."""
    names = [comparison.named(group.value) for group in groups if not comparison.competes(group)]
    if not names:
        return ""
    kind = "a demonstration" if len(set(names)) == 1 else "demonstrations"
    return f" besides {and_text([*dict.fromkeys(names)], MOST_NAMED)} ({kind})"


def alone(comparison: Comparison) -> Iterator[str]:
    """Sentences on places with a single value."""
    compared = {group for pair in comparison.pairs() for group in pair}
    places: dict[tuple[str, str], list[str]] = {}
    # Of two keys the second is what is compared.
    shared = comparison.keys[:-1]
    for group in comparison.groups:
        is_alone = group not in compared and comparison.competes(group)
        if is_alone and group.dataset not in comparison.lost:
            place = comparison.place(group.dataset, group.value, shared)
            beside = [other for other in comparison.of(group.dataset)
                      if other.reference == group.reference]  # fmt: skip
            subject = comparison.named(group.value, but=shared), besides(comparison, beside)
            places.setdefault(subject, []).append(place)
    for (name, aside), where in places.items():
        yield (
            f"On {and_text(where, MOST_NAMED)}, {name} is the only value{aside}, with nothing to "
            "compare it with."
        )


def incomparable(comparison: Comparison) -> Iterator[str]:
    """Sentences on data on which nothing is compared: one value only, or no run finished."""
    yield from alone(comparison)
    for name in comparison.lost:
        runs = pd.concat([group.runs for group in comparison.of(name)])
        count = count_text(len(runs), "compared run")
        yield f"On {name}, all of {count} diverged or failed{most_often(runs)}."


def most_often(runs: pd.DataFrame) -> str:
    """The reason that most runs have; begins with a semicolon, or is empty if none has one."""
    reasons = Counter(reason for reason in runs["reason"] if reason)
    return "".join(f"; most often: {reason}" for reason, _ in reasons.most_common(1))


def overview(findings: Findings) -> Iterator[str]:
    """Sentences on where something is better, or worse, than the reference."""
    comparison = findings.comparison
    # With one reference for all combinations either key may differ, and data are a whole.
    is_one = isinstance(findings.question.reference, list) and len(comparison.keys) > 1
    places: dict[str, list[Contrast]] = {}
    for place, contrasts in findings.places.items():
        name = contrasts[0].group.dataset if is_one else place
        places.setdefault(name, []).extend(contrasts)
    if len(places) < 2:
        return
    references = {
        comparison.named(contrasts[0].reference.value) if is_one
        else sides(contrasts[0], comparison)[1]
        for contrasts in places.values()
    }  # fmt: skip
    reference = references.pop() if len(references) == 1 else "the reference"
    value = comparison.one_of_them if is_one else noun_of(comparison.keys[-1])
    preposition = "on" if is_one or len(comparison.keys) == 1 else "in"
    count = count_text(len(places), "data set" if is_one else comparison.place_noun)
    better, worse = (
        [name for name, contrasts in places.items()
         if any(contrast.outcome is outcome for contrast in contrasts)]
        for outcome in (Outcome.BETTER, Outcome.WORSE)
    )  # fmt: skip
    yield (
        f"Another {value} is better than {reference} {preposition} "
        f"{on_text(better, f' of {count}')}; {reference} is better than another {preposition} "
        f"{on_text(worse)}."
    )
    if findings.across is not None:
        yield across_text(findings.across, comparison)


def on_text(places: Sequence[str], of: str = "") -> str:
    """The number of places, and their names."""
    if not places:
        return f"none{of}"
    more = ", …" if len(places) > MOST_NAMED else ""
    return f"{len(places)}{of} ({', '.join(places[:MOST_NAMED])}{more})"


def failures(comparison: Comparison) -> Iterator[str]:
    """Sentences on how many runs diverged or failed, and how many learnt nothing, if any."""
    runs = comparison.runs
    failed = int((runs["status"] != "finished").sum())
    if failed:
        chosen = sum(int((group.runs["status"] != "finished").sum()) for group in comparison.groups)
        yield (
            f"{count_text(failed, 'run')} of {len(runs):,} diverged or failed, "
            f"{f'{chosen:,}' if chosen else 'none'} of them at a chosen setting."
        )
    stalled = int((runs["trouble"] == "stalled").sum())
    if stalled:
        yield (
            f"{count_text(stalled, 'run')} of {len(runs):,} finished without "
            "learning, or with layers that did not learn."
        )
