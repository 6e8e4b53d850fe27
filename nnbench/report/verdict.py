"""Sentences that carry their evidence, or say that there is too little."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from nnbench.pages.wording import count_text, metric_text, setting_text
from nnbench.report import across
from nnbench.report.analysis import ALPHA, Contrast, Outcome
from nnbench.report.findings import Findings
from nnbench.report.groups import Comparison
from nnbench.report.statistics import FEWEST_PAIRS, fewest_pairs, median_with_lost, smallest_p
from nnbench.report.wording import and_text, bounds_text, difference_text, p_text, paired_text

MOST_DATASETS = 6
"""Data sets that have sentences of their own."""
MOST_NAMED = 8
"""Values that a sentence names."""
MOST_SEEDS = 1_000
"""Beyond that nobody wants to know how many more it would take."""
EQUAL_SIZE = 1.25
"""Times as large as the smallest network, up to which networks are of equal size."""
VERBS = {Outcome.BETTER: ("beats", "beat"), Outcome.WORSE: ("loses to", "lose to")}


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
    told = [name for name in most_telling(findings) if findings.contrasts_on(name)]
    sentences = [s for name in told for s in sentences_on(findings.contrasts_on(name), comparison)]
    left = len(comparison.datasets) - len(told)
    if left:
        sentences.append(f"The table has {count_text(left, 'more data set')}.")
    return [*unsupported(findings), *overview(findings), *sentences, *stalls(comparison)]


def most_telling(findings: Findings) -> list[str]:
    """The data sets that have sentences, in their order: those on which the most was decided."""

    def decided(name: str) -> int:
        return sum(each.outcome in VERBS for each in findings.contrasts_on(name))

    names = findings.comparison.datasets
    best = sorted(names, key=decided, reverse=True)[:MOST_DATASETS]
    return [name for name in names if name in best]


def unsupported(findings: Findings) -> Iterator[str]:
    """What would have to be otherwise for a verdict on the compared key in itself."""
    comparison = findings.comparison
    rates = comparison.rates()
    if rates:
        tried = and_text([setting_text(rate) for rate in rates])
        yield (
            f"These runs can't say which {comparison.compare} is best at its best: all were "
            f"trained at one learning rate ({tried}), which may suit one better than another. "
            "What follows holds for that rate."
        )
    count = min((each.count for each in findings.contrasts if each.tested), default=0)
    tested = sum(each.tested for each in findings.contrasts)
    if count and smallest_p(count) * tested > ALPHA:
        yield (
            f"{count} seeds are too few for {tested} comparisons at once: even one on which all of "
            f"them agree could have p {p_text(min(1.0, smallest_p(count) * tested))} at best "
            f"(Holm-corrected), so that hardly anything can be claimed; "
            f"{fewest_pairs(tested)} seeds are the fewest."
        )
    others = [key for key in comparison.confounded if key != "lr"]
    if others:
        yield (
            f"Take care: {and_text(others)} differed along with {comparison.compare}, so that "
            "what is said of one may be due to the other."
        )


def overview(findings: Findings) -> Iterator[str]:
    """On which data sets there is something better, or worse, than the reference."""
    comparison = findings.comparison
    if len(comparison.datasets) < 2:
        return
    better, worse = (
        [name for name in comparison.datasets
         if any(each.outcome is outcome for each in findings.contrasts_on(name))]
        for outcome in VERBS
    )  # fmt: skip
    references = {comparison.of(name)[0].value for name in comparison.datasets}
    beside = comparison.named(references.pop()) if len(references) == 1 else "the reference"
    yield (
        f"Of {len(comparison.datasets)} data sets, another {comparison.compare} beats {beside} on "
        f"{on_text(better)}, and one loses to it on {on_text(worse)}."
    )
    yield from filter(None, [across.sentence(findings)])


def on_text(datasets: Sequence[str]) -> str:
    """On how many data sets, and which."""
    if not datasets:
        return "none"
    more = ", …" if len(datasets) > MOST_NAMED else ""
    return f"{len(datasets)} ({', '.join(datasets[:MOST_NAMED])}{more})"


def sentences_on(contrasts: Sequence[Contrast], comparison: Comparison) -> Iterator[str]:
    """What is known of the values of one data set, each outcome in a sentence."""
    where = f"On {contrasts[0].group.dataset}{size_text(contrasts)}"
    reference = comparison.named(contrasts[0].reference.value)
    for outcome, say in (
        (Outcome.BETTER, decided),
        (Outcome.WORSE, decided),
        (Outcome.EQUAL, equal),
        (Outcome.UNDECIDED, undecided),
        (Outcome.TOO_FEW, too_few),
    ):
        found = [each for each in contrasts if each.outcome is outcome]
        whole = [each for each in found if not each.lost]
        if whole:
            yield f"{where}, {say(whole, names_of(whole, comparison), reference)}."
        for each in found:
            if each.lost:
                yield f"{where}, {lost(each, comparison)}."


def names_of(contrasts: Sequence[Contrast], comparison: Comparison) -> str:
    """The values in words, those with the largest differences if there are many."""
    names = [comparison.named(each.group.value) for each in contrasts]
    if len(names) > MOST_NAMED:
        return f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more"
    return and_text(names)


def decided(contrasts: Sequence[Contrast], names: str, reference: str) -> str:
    """Values that are better, or worse, than the reference."""
    metric = contrasts[0].group.metric
    one, many = VERBS[contrasts[0].outcome]
    worst = max(each.p_holm for each in contrasts)
    if len(contrasts) == 1:
        (each,) = contrasts
        size = difference_text(metric, abs(each.difference.mean), sign=False)
        interval = bounds_text(metric, each.difference, sign=False)
        bounds = "" if np.isnan(each.difference.low) else f"95% interval {interval}, "
        return (
            f"{names} {one} {reference} by {size} {metric.unit} ({bounds}"
            f"{count_text(each.count, 'paired seed')}, Holm-corrected p {p_text(worst)})"
        )
    differences = [paired_text(metric, each.difference) for each in contrasts[:MOST_NAMED]]
    at_most = p_text(worst).replace("=", "at most")
    pairs = count_text(min(each.count for each in contrasts), "paired seed")
    return (
        f"{names} {many} {reference}: {'; '.join(differences)} {metric.unit} (95% intervals, "
        f"{pairs}, Holm-corrected p {at_most})"
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
    if len(contrasts) == 1:
        (each,) = contrasts
        bounds = bounds_text(metric, each.difference)
        interval = "" if np.isnan(each.difference.low) else f"95% interval {bounds}, "
        evidence = (
            f": {difference_text(metric, each.difference.mean)} {metric.unit} ({interval}{pairs})"
        )
    return f"{names} can't be told from {reference}{evidence}{seeds_text(contrasts)}"


def seeds_text(contrasts: Sequence[Contrast]) -> str:
    """How many more seeds would tell a difference that matters; nothing if that isn't known."""
    more = sorted({each.more_seeds for each in contrasts if each.more_seeds})
    if not more:
        return ""
    least, most = more[0], more[-1]
    if least > MOST_SEEDS:
        count = f"more than {MOST_SEEDS:,}"
    else:
        count = f"about {least:,}" + (f" to {most:,}" if most > least else "")
    size = difference_text(contrasts[0].group.metric, contrasts[0].negligible, sign=False)
    return f"; {count} more seeds would be needed to tell a difference of {size}"


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


def lost(contrast: Contrast, comparison: Comparison) -> str:
    """A value of which, or of whose reference, runs came to nothing: they count as the worst."""
    group, reference = contrast.group, contrast.reference
    mine, other = comparison.named(group.value), comparison.named(reference.value)
    stories = and_text(
        [f"{each.lost} of {count_text(len(each.runs), 'run')} with {name} came to nothing"
         for name, each in ((mine, group), (other, reference)) if each.lost]
    )  # fmt: skip
    if contrast.outcome not in VERBS:
        return f"{stories}, and {mine} can't be told from {other} ({pairs_text([contrast])})"
    middle = [
        metric_text(group.metric.name, group.metric.sign * median_with_lost(each.signed("test")))
        for each in (group, reference)
    ]
    return (
        f"{mine} {VERBS[contrast.outcome][0]} {other}: {stories}, which count as the worst; it is "
        f"better in {contrast.improvement:.0%} of {count_text(contrast.count, 'pair')} (medians of "
        f"test {group.metric.title}: {' and '.join(middle)}; Holm-corrected p "
        f"{p_text(contrast.p_holm)})"
    )


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


def stalls(comparison: Comparison) -> Iterator[str]:
    """How many runs learnt nothing, if any."""
    stalled = int((comparison.runs["trouble"] == "stalled").sum())
    if stalled:
        yield (
            f"{count_text(stalled, 'run')} of {len(comparison.runs):,} stalled: they ended in "
            "order, but learnt nothing, or some layers did not."
        )
