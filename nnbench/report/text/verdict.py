"""The verdict: what the runs show as a whole, after what they can't show."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from nnbench.pages.formatting import count_text, setting_text
from nnbench.report.analysis.contrasts import Contrast, Outcome
from nnbench.report.analysis.findings import Findings
from nnbench.report.compare.comparison import Comparison
from nnbench.report.question import Question
from nnbench.report.text.across_datasets import across_text
from nnbench.report.text.caveats import caveats, fairness
from nnbench.report.text.engines import engine_notes
from nnbench.report.text.numbers import and_text
from nnbench.report.text.outcome_sentences import MOST_NAMED, sentences_at, sides

MOST_PLACES = 6
"""Data sets that have sentences of their own; of two compared keys, with each value of one."""


def verdicts(findings: Findings) -> list[str]:
    """Sentences on what the runs show, after those on what is left out and on their limits."""
    comparison, runs = findings.comparison, findings.comparison.runs
    notes = [*engine_notes(comparison.engines)]
    if not (runs["status"] == "finished").any():
        reason = most_often(runs)
        count = count_text(len(runs), "run")
        return [*notes, f"Not one of {count} finished, so nothing can be compared{reason}."]
    if not findings.contrasts:
        missing = (
            incomparable(comparison) if comparison.lost
            else nothing_compared(comparison, findings.question)
        )  # fmt: skip
        unlike = fairness(comparison, findings.question).brief
        return [*notes, *unlike, *missing, *failures(comparison)]
    return [
        *notes,
        *(text for caveat in caveats(findings) for text in caveat.brief),
        *overview(findings),
        *by_place(findings),
        *incomparable(comparison),
        *failures(comparison),
    ]


def by_place(findings: Findings) -> Iterator[str]:
    """Sentences on the places at which the most was decided, in their order."""
    places = findings.places
    decided = {name: sum(map(is_decided, contrasts)) for name, contrasts in places.items()}
    shown = sorted(places, key=decided.__getitem__, reverse=True)[:MOST_PLACES]
    for name in [name for name in places if name in shown]:
        yield from sentences_at(name, places[name], findings.comparison)
    left = [name for name in places if name not in shown]
    if left:
        yield f"The tables also cover {and_text(left, MOST_NAMED)}."


def is_decided(contrast: Contrast) -> bool:
    """Whether a difference is claimed."""
    return contrast.outcome in (Outcome.BETTER, Outcome.WORSE)


def nothing_compared(comparison: Comparison, question: Question) -> Iterator[str]:
    """Sentences on runs of which no two values share a place."""
    if len(comparison.values) == 1:
        (only,) = comparison.values
        advice = (
            "The runs that where leaves out may have others."
            if question.where else "Give it several values with -m to learn which is best."
        )  # fmt: skip
        yield (
            f"These runs compare nothing: {comparison.compare} was {setting_text(only)} "
            f"throughout. {advice}"
        )
        return
    yield (
        f"These runs compare nothing: no {comparison.place_noun} has two values of "
        f"{comparison.keys[-1]}."
    )
    yield from alone(comparison)


def alone(comparison: Comparison) -> Iterator[str]:
    """Sentences on places with a single value."""
    compared = {group for pair in comparison.pairs() for group in pair}
    places: dict[str, list[str]] = {}
    # Of two keys the second is what is compared.
    shared = comparison.keys[:-1]
    for group in comparison.groups:
        if group not in compared and group.dataset not in comparison.lost:
            place = comparison.place(group.dataset, group.value, shared)
            places.setdefault(comparison.named(group.value, but=shared), []).append(place)
    for name, where in places.items():
        shown = (
            and_text(where) if len(where) <= MOST_NAMED
            else f"{len(where)} {comparison.place_noun}s"
        )  # fmt: skip
        yield f"On {shown}, {name} is the only value, with nothing to compare it with."


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
    places: Mapping[str, Sequence[Contrast]] = findings.places
    if is_one:
        names = dict.fromkeys(contrast.group.dataset for contrast in findings.contrasts)
        places = {
            name: [contrast for contrast in findings.contrasts if contrast.group.dataset == name]
            for name in names
        }
    if min(len(places), len(findings.places)) < 2:
        return
    references = {
        comparison.named(contrasts[0].reference.value) if is_one
        else sides(contrasts[0], comparison)[1]
        for contrasts in places.values()
    }  # fmt: skip
    reference = references.pop() if len(references) == 1 else "the reference"
    value = comparison.one_of_them if is_one else comparison.keys[-1]
    count = count_text(len(places), "data set" if is_one else comparison.place_noun)
    better, worse = (with_outcome(places, outcome) for outcome in (Outcome.BETTER, Outcome.WORSE))
    yield (
        f"Another {value} is better than {reference} on {on_text(better)} of {count}; "
        f"{reference} is better than another on {on_text(worse)}."
    )
    if findings.across is not None:
        yield across_text(findings.across, comparison)


def with_outcome(places: Mapping[str, Sequence[Contrast]], outcome: Outcome) -> list[str]:
    """Places that have a contrast with this outcome, and whether it is too small to matter."""
    names = []
    for name, contrasts in places.items():
        alike = [contrast for contrast in contrasts if contrast.outcome is outcome]
        slight = ", by too little to matter" if all(each.is_slight for each in alike) else ""
        names += [name + slight] if alike else []
    return names


def on_text(places: Sequence[str]) -> str:
    """How many places, and which."""
    if not places:
        return "none"
    more = "; …" if len(places) > MOST_NAMED else ""
    shown = places[:MOST_NAMED]
    between = "; " if any(", " in name for name in shown) else ", "
    return f"{len(places)} ({between.join(shown)}{more})"


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
