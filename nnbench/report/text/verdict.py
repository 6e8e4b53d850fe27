"""The verdict: what the runs show as a whole, after what they can't show."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from nnbench.pages.formatting import count_text, setting_text
from nnbench.report.analysis.contrasts import ALPHA, Contrast
from nnbench.report.analysis.findings import Findings
from nnbench.report.analysis.grid_edges import Edge, edges
from nnbench.report.compare.comparison import Comparison
from nnbench.report.question import Question
from nnbench.report.statistics import fewest_pairs
from nnbench.report.text.across_datasets import across_text
from nnbench.report.text.commands import wider_grid
from nnbench.report.text.engines import engine_notes
from nnbench.report.text.fairness import unlike
from nnbench.report.text.numbers import and_text, p_text
from nnbench.report.text.phrases import MOST_NAMED
from nnbench.report.text.sentences import VERBS, sentences_at, sides

MOST_PLACES = 6
"""Data sets that have sentences of their own; of two compared keys, with each value of one."""


def verdicts(findings: Findings) -> list[str]:
    """What the runs show, data set by data set, after what was left out and can't be shown."""
    return [*engine_notes(findings.comparison.engines), *shown(findings)]


def shown(findings: Findings) -> list[str]:
    """What the runs show, data set by data set, after what they can't show."""
    comparison = findings.comparison
    runs = comparison.runs
    if not (runs["status"] == "finished").any():
        return [
            f"Not one of {count_text(len(runs), 'run')} finished, so that there is nothing to "
            f"compare{most_often(runs)}."
        ]
    if not findings.contrasts:
        said = (
            incomparable(comparison) if comparison.lost
            else nothing_compared(comparison, findings.question)
        )  # fmt: skip
        return [*unlike_texts(findings), *said, *troubles(comparison)]
    told = most_telling(findings.places)
    sentences = [
        sentence for name in told
        for sentence in sentences_at(name, findings.places[name], comparison)
    ]  # fmt: skip
    left = [name for name in findings.places if name not in told]
    if left:
        sentences.append(f"The tables have {and_text(left, MOST_NAMED)}, too.")
    sentences += incomparable(comparison)
    return [*unsupported(findings), *overview(findings), *sentences, *troubles(comparison)]


def nothing_compared(comparison: Comparison, question: Question) -> Iterator[str]:
    """That there is no place with two values, and which value is where."""
    if len(comparison.values) == 1:
        (only,) = comparison.values
        help_text = (
            "There may be others among the runs that where leaves out."
            if question.where else "Give it several values with -m to learn which is best."
        )  # fmt: skip
        yield (
            f"These runs compare nothing: {comparison.compare} was {setting_text(only)} "
            f"throughout. {help_text}"
        )
        return
    yield (
        f"These runs compare nothing: on none of their data is there a second "
        f"{comparison.keys[-1]} beside the first."
    )
    yield from alone(comparison)


def alone(comparison: Comparison) -> Iterator[str]:
    """Places at which there is a single value."""
    compared = {group for pair in comparison.pairs() for group in pair}
    places: dict[str, list[str]] = {}
    for group in comparison.groups:
        if group not in compared and group.dataset not in comparison.lost:
            # Of two keys the second is what is compared.
            shared = comparison.keys[:-1]
            where = comparison.place(group.dataset, group.value, shared)
            places.setdefault(comparison.named(group.value, but=shared), []).append(where)
    for name, found in places.items():
        shown = (
            and_text(found) if len(found) <= MOST_NAMED
            else f"{len(found)} {comparison.place_noun}s"
        )  # fmt: skip
        yield f"On {shown} there is only {name}, and nothing to compare."


def incomparable(comparison: Comparison) -> Iterator[str]:
    """Data on which nothing is compared: there is a single value, or no run came to anything."""
    yield from alone(comparison)
    for name in comparison.lost:
        runs = pd.concat([group.runs for group in comparison.of(name)])
        yield (
            f"On {name}, none of {count_text(len(runs), 'compared run')} came to "
            f"anything{most_often(runs)}."
        )


def most_often(runs: pd.DataFrame) -> str:
    """The reason that most runs have; begins with a semicolon, or is empty if none has one."""
    reasons = Counter(reason for reason in runs["reason"] if reason)
    return "".join(f"; most often: {reason}" for reason, _ in reasons.most_common(1))


def most_telling(places: Mapping[str, Sequence[Contrast]]) -> list[str]:
    """The places that have sentences, in their order: those at which the most was decided."""
    best = sorted(places, key=lambda name: decided(places[name]), reverse=True)[:MOST_PLACES]
    return [name for name in places if name in best]


def decided(contrasts: Sequence[Contrast]) -> int:
    """How many of them show a difference."""
    return sum(each.outcome in VERBS for each in contrasts)


def unsupported(findings: Findings) -> Iterator[str]:
    """What would have to be otherwise for a verdict on the compared key in itself."""
    comparison = findings.comparison
    rates = comparison.rates()
    if rates:
        tried = and_text([setting_text(rate) for rate in rates])
        yield (
            f"These runs can't say which {comparison.one_of_them} is best at its best: "
            f"{'all were' if len(rates) == 1 else 'each was'} compared at one learning rate "
            f"({tried}), which may suit one better than another. What follows holds for "
            f"{'that rate' if len(rates) == 1 else 'those rates'}."
        )
    yield from at_edges(comparison, findings.question)
    tested = [each for each in findings.contrasts if each.tested]
    most = max(tested, key=lambda each: each.count, default=None)
    if most is not None and most.lowest_p > ALPHA:
        yield (
            f"{most.count} seeds are too few for {len(tested)} comparisons at once: even one on "
            f"which all of them agree could have p {p_text(most.lowest_p)} at best "
            f"(Holm-corrected), so that no difference can be claimed; "
            f"{fewest_pairs(len(tested))} seeds are the fewest."
        )
    yield from unlike_texts(findings)
    others = [key for key in comparison.confounded if key != "lr"]
    if others:
        yield (
            f"Take care: {and_text(others)} differed along with {comparison.compare}, so that "
            "what is said of one may be due to the other."
        )


def unlike_texts(findings: Findings) -> Iterator[str]:
    """What some values had and others not."""
    for text in unlike(findings.comparison, findings.question):
        yield f"Take care: {text[0].lower()}{text[1:]}"


def at_edges(comparison: Comparison, question: Question) -> Iterator[str]:
    """How many values may not have been seen at their best."""
    found = edges(comparison, question)
    if found:
        keys: dict[str, list[Edge]] = {}
        for edge in found:
            keys.setdefault(edge.key, []).append(edge)
        cases = {edge.group for edge in found}
        has_command = any(wider_grid(question, of_key) for of_key in keys.values())
        hint = " (What these runs can't show has the commands)" if has_command else ""
        yield (
            f"In {len(cases)} of {count_text(len(comparison.groups), 'case')} the best "
            f"{' or '.join(keys)} was the smallest or the largest that was tried, so that a wider "
            f"grid may change what follows{hint}."
        )


def overview(findings: Findings) -> Iterator[str]:
    """Where there is something better, or worse, than the reference."""
    comparison, places = findings.comparison, findings.places
    if len(places) < 2:
        return
    # With one reference for all combinations either key may differ.
    is_one = isinstance(findings.question.reference, list) and len(comparison.keys) > 1
    if is_one:
        # They are compared on data as a whole then.
        places = {}
        for each in findings.contrasts:
            places.setdefault(each.group.dataset, []).append(each)
        if len(places) < 2:
            return
    better, worse = (
        [
            name + slight_text(found)
            for name, there in places.items()
            if (found := [each for each in there if each.outcome is outcome])
        ]
        for outcome in VERBS
    )
    references = {
        comparison.named(there[0].reference.value) if is_one else sides(there[0], comparison)[1]
        for there in places.values()
    }
    beside = references.pop() if len(references) == 1 else "the reference"
    another = comparison.one_of_them if is_one else comparison.keys[-1]
    noun = "data set" if is_one else comparison.place_noun
    yield (
        f"Of {count_text(len(places), noun)}, {beside} is beaten by another "
        f"{another} on {on_text(better)}, and beats one on {on_text(worse)}."
    )
    if findings.across is not None:
        yield across_text(findings.across, comparison)


def slight_text(contrasts: Sequence[Contrast]) -> str:
    """That no difference matters, if so; begins with a comma, or is empty."""
    return ", by too little to matter" if all(each.is_slight for each in contrasts) else ""


def on_text(places: Sequence[str]) -> str:
    """On how many data sets, and which."""
    if not places:
        return "none"
    more = "; …" if len(places) > MOST_NAMED else ""
    shown = places[:MOST_NAMED]
    between = "; " if any(", " in name for name in shown) else ", "
    return f"{len(places)} ({between.join(shown)}{more})"


def troubles(comparison: Comparison) -> Iterator[str]:
    """How many runs were lost, and how many learnt nothing, if any."""
    runs = comparison.runs
    gone = int((runs["status"] != "finished").sum())
    if gone:
        chosen = sum(int((group.runs["status"] != "finished").sum()) for group in comparison.groups)
        yield (
            f"{count_text(gone, 'run')} of {len(runs):,} diverged or failed, "
            f"{f'{chosen:,}' if chosen else 'none'} of them at a chosen setting."
        )
    stalled = int((runs["trouble"] == "stalled").sum())
    if stalled:
        yield (
            f"{count_text(stalled, 'run')} of {len(runs):,} stalled, ending in order, but without "
            "having learnt anything, or with layers that had not."
        )
