"""The verdict: what the runs show as a whole, after what they can't show."""

from collections import Counter
from collections.abc import Iterator, Sequence

from nnbench.pages.wording import count_text, setting_text
from nnbench.report import across
from nnbench.report.analysis import ALPHA
from nnbench.report.edges import edges
from nnbench.report.findings import Findings
from nnbench.report.groups import Comparison
from nnbench.report.sentences import MOST_NAMED, VERBS, sentences_on
from nnbench.report.statistics import fewest_pairs
from nnbench.report.wording import and_text, p_text

MOST_DATASETS = 6
"""Data sets that have sentences of their own."""


def verdicts(findings: Findings) -> list[str]:
    """What the runs show, data set by data set, after what they can't show."""
    comparison = findings.comparison
    if all(group.lost == len(group.runs) for group in comparison.groups):
        runs = comparison.runs
        (reason, _), *_ = Counter(runs["reason"]).most_common(1)
        return [
            f"Not one of {count_text(len(runs), 'run')} finished, so that there is nothing to "
            f"compare; most often: {reason}."
        ]
    if not findings.contrasts:
        only = setting_text(comparison.values[0]) if comparison.values else "nothing"
        return [
            f"These runs compare nothing: {comparison.compare} was {only} throughout. Give it "
            "several values with -m to learn which is best.",
            *stalls(comparison),
        ]
    told = most_telling(findings)
    sentences = [s for name in told for s in sentences_on(findings.contrasts_on(name), comparison)]
    left = len(compared_on(findings)) - len(told)
    if left:
        sentences.append(f"The table has {count_text(left, 'more data set')}.")
    sentences += alone(findings)
    return [*unsupported(findings), *overview(findings), *sentences, *stalls(comparison)]


def compared_on(findings: Findings) -> list[str]:
    """The data sets on which there is something to compare."""
    return [name for name in findings.comparison.datasets if findings.contrasts_on(name)]


def alone(findings: Findings) -> Iterator[str]:
    """Data sets on which there is a single value."""
    comparison = findings.comparison
    for value in comparison.values:
        names = [
            name for name in comparison.datasets
            if [group.value for group in comparison.of(name)] == [value]
        ]  # fmt: skip
        if names:
            shown = and_text(names) if len(names) <= MOST_NAMED else f"{len(names)} data sets"
            yield f"On {shown} there is only {comparison.named(value)}, and nothing to compare."


def most_telling(findings: Findings) -> list[str]:
    """The data sets that have sentences, in their order: those on which the most was decided."""

    def decided(name: str) -> int:
        return sum(each.outcome in VERBS for each in findings.contrasts_on(name))

    names = compared_on(findings)
    best = sorted(names, key=decided, reverse=True)[:MOST_DATASETS]
    return [name for name in names if name in best]


def unsupported(findings: Findings) -> Iterator[str]:
    """What would have to be otherwise for a verdict on the compared key in itself."""
    comparison = findings.comparison
    rates = comparison.rates()
    if rates:
        tried = and_text([setting_text(rate) for rate in rates])
        yield (
            f"These runs can't say which {comparison.one_of_them} is best at its best: "
            f"{'all were' if len(rates) == 1 else 'each was'} trained at one learning rate "
            f"({tried}), which may suit one better than another. What follows holds for "
            f"{'that rate' if len(rates) == 1 else 'those rates'}."
        )
    yield from at_edges(comparison)
    tested = [each for each in findings.contrasts if each.tested]
    fewest = min(tested, key=lambda each: each.count, default=None)
    if fewest is not None and fewest.lowest_p > ALPHA:
        yield (
            f"{fewest.count} seeds are too few for {len(tested)} comparisons at once: even one on "
            f"which all of them agree could have p {p_text(fewest.lowest_p)} at best "
            f"(Holm-corrected), so that hardly anything can be claimed; "
            f"{fewest_pairs(len(tested))} seeds are the fewest."
        )
    others = [key for key in comparison.confounded if key != "lr"]
    if others:
        yield (
            f"Take care: {and_text(others)} differed along with {comparison.compare}, so that "
            "what is said of one may be due to the other."
        )


def at_edges(comparison: Comparison) -> Iterator[str]:
    """How many values may not have been seen at their best."""
    found = edges(comparison)
    if found:
        keys = dict.fromkeys(edge.key for edge in found)
        cases = {edge.group for edge in found}
        yield (
            f"In {len(cases)} of {count_text(len(comparison.groups), 'case')} the best "
            f"{' or '.join(keys)} was the smallest or the largest that was tried, so that a wider "
            "grid may change what follows (What these runs can't show has the commands)."
        )


def overview(findings: Findings) -> Iterator[str]:
    """On which data sets there is something better, or worse, than the reference."""
    comparison = findings.comparison
    names = compared_on(findings)
    if len(names) < 2:
        return
    better, worse = (
        [name for name in names
         if any(each.outcome is outcome for each in findings.contrasts_on(name))]
        for outcome in VERBS
    )  # fmt: skip
    references = {comparison.of(name)[0].value for name in names}
    beside = comparison.named(references.pop()) if len(references) == 1 else "the reference"
    yield (
        f"Of {len(names)} data sets, {beside} is beaten by another {comparison.one_of_them} on "
        f"{on_text(better)}, and beats one on {on_text(worse)}."
    )
    if findings.across is not None:
        yield across.sentence(findings.across, comparison)


def on_text(datasets: Sequence[str]) -> str:
    """On how many data sets, and which."""
    if not datasets:
        return "none"
    more = ", …" if len(datasets) > MOST_NAMED else ""
    return f"{len(datasets)} ({', '.join(datasets[:MOST_NAMED])}{more})"


def stalls(comparison: Comparison) -> Iterator[str]:
    """How many runs learnt nothing, if any."""
    stalled = int((comparison.runs["trouble"] == "stalled").sum())
    if stalled:
        yield (
            f"{count_text(stalled, 'run')} of {len(comparison.runs):,} stalled: they ended in "
            "order, but learnt nothing, or some layers did not."
        )
