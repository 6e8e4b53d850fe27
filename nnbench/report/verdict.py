"""Sentences that carry their evidence, or say that there is too little."""

from collections import Counter
from collections.abc import Hashable, Mapping

import numpy as np

from nnbench.pages.wording import METRIC_NAMES, count_text, setting_text
from nnbench.report.select import Comparison, Group
from nnbench.report.statistics import FEWEST_PAIRS, Estimate, joint_confidence, paired_difference
from nnbench.report.wording import difference_text

MOST_SENTENCES = 20
MOST_ALIKE = 4
"""Values of which the same is said one by one."""


def differences(comparison: Comparison) -> dict[tuple[str, Hashable], Estimate]:
    """(data set, value) → its paired difference to the reference; all hold jointly at 95%."""
    found = list(comparison.pairs())
    confidence = joint_confidence(len(found))
    return {
        (group.dataset, group.value): paired_difference(
            group.figures("test"), reference.figures("test"), confidence
        )
        for reference, group in found
    }


def verdicts(comparison: Comparison) -> list[str]:
    """What the runs show, a sentence for each value beside its reference."""
    if all(group.lost == len(group.runs) for group in comparison.groups):
        runs = comparison.runs
        (reason, _), *_ = Counter(runs["reason"]).most_common(1)
        return [
            f"Not one of {count_text(len(runs), 'run')} finished, so that there is nothing to "
            f"compare; most often: {reason}."
        ]
    found = list(comparison.pairs())
    if not found:
        only = setting_text(comparison.values[0]) if comparison.values else "nothing"
        return [
            f"These runs compare nothing: {comparison.compare} was {only} throughout. Give it "
            "several values with -m to learn which is best.",
            *stalls(comparison),
        ]
    estimates = differences(comparison)
    together, alone = joined(comparison, estimates)
    if len(alone) > MOST_SENTENCES:
        # The largest differences; the table has them all.
        sizes = {group: abs(np.nan_to_num(estimates[at(group)].mean)) for _, group in alone}
        least = sorted(sizes.values(), reverse=True)[MOST_SENTENCES - 1]
        shown = [pair for pair in alone if sizes[pair[1]] >= least][:MOST_SENTENCES]
        together.append(f"The table has {count_text(len(alone) - len(shown), 'more comparison')}.")
        alone = shown
    singly = [
        sentence(comparison.compare, reference, group, estimates[at(group)])
        for reference, group in alone
    ]
    return singly + together + stalls(comparison) + caveats(comparison)


def at(group: Group) -> tuple[str, Hashable]:
    """Where the differences have a group."""
    return group.dataset, group.value


def joined(
    comparison: Comparison, estimates: Mapping[tuple[str, Hashable], Estimate]
) -> tuple[list[str], list[tuple[Group, Group]]]:
    """Sentences about many values at once, and the pairs of which each has one of its own."""
    sentences, alone = [], []
    for dataset in comparison.datasets:
        reference, *others = comparison.of(dataset)
        few: list[Group] = []
        alike: list[Group] = []
        for group in others:
            estimate = estimates[at(group)]
            if group.lost or reference.lost:
                continue
            if estimate.count < FEWEST_PAIRS:
                few.append(group)
            elif np.isfinite(estimate.low) and not estimate.settled:
                alike.append(group)
        best = f"{comparison.compare} {setting_text(reference.value)}"
        for groups, text in (
            (few, f"{{count}} are too few for a verdict on any of these against {best}"),
            (alike, f"none of these can be told from {best} ({{count}})"),
        ):
            if len(groups) <= MOST_ALIKE:
                continue
            others = [group for group in others if group not in groups]
            pairs = max(estimates[at(group)].count for group in groups)
            said = text.format(count=count_text(pairs, "paired seed"))
            names = ", ".join(setting_text(group.value) for group in groups)
            sentences.append(f"On {dataset}, {said}: {names}. The table has the differences.")
        alone += [(reference, group) for group in others]
    return sentences, alone


def stalls(comparison: Comparison) -> list[str]:
    """How many runs learnt nothing, if any."""
    runs = comparison.runs
    stalled = int((runs["trouble"] == "stalled").sum())
    if not stalled:
        return []
    return [
        f"{count_text(stalled, 'run')} of {len(runs):,} stalled: they ended in order, but learnt "
        "nothing, or some layers did not."
    ]


def caveats(comparison: Comparison) -> list[str]:
    """What would turn the sentences round, if it were otherwise."""
    said = []
    others = [key for key in comparison.confounded if key != "lr"]
    if others:
        said.append(
            f"Take care: {', '.join(others)} differed along with {comparison.compare}, so that "
            "what is said of one may be due to the other."
        )
    rates = comparison.rates()
    if rates:
        tried = ", ".join(map(setting_text, rates))
        said.append(
            f"This holds for the learning rate in use ({tried}): one chosen for each "
            f"{comparison.compare} by itself may change it."
        )
    return said


def sentence(compare: str, reference: Group, group: Group, difference: Estimate) -> str:
    """What is known of one value beside the reference."""
    mine, other = (f"{compare} {setting_text(g.value)}" for g in (group, reference))
    where = f"On {group.dataset}"
    lost = [(name, g) for name, g in ((mine, group), (other, reference)) if g.lost]
    if lost:
        stories = " and ".join(
            f"{g.lost} of {count_text(len(g.runs), 'run')} with {name} came to nothing"
            for name, g in lost
        )
        return f"{where}, {stories}, so that means can't be compared; the table shows medians."
    evidence = evidence_text(group.metric, difference)
    if difference.count < FEWEST_PAIRS:
        evidence = evidence.partition(" (")[0]
        return (
            f"{where}, {count_text(difference.count, 'paired seed')} "
            f"{'is' if difference.count == 1 else 'are'} too few for a verdict on {mine} against "
            f"{other}{evidence and ': ' + evidence}."
        )
    if np.isnan(difference.low):
        return (
            f"{where}, {mine} differs from {other} by the same in all of "
            f"{count_text(difference.count, 'pair')}, {evidence}: that gives no interval."
        )
    if not difference.settled:
        return f"{where}, {mine} can't be told from {other}: {evidence}."
    size = difference_text(group.metric, abs(difference.mean), sign=False)
    unit = "points of test accuracy" if group.metric == "accuracy" else "of test R²"
    low, high = sorted((abs(difference.low), abs(difference.high)))
    bounds = " to ".join(difference_text(group.metric, b, sign=False) for b in (low, high))
    beats = "beats" if difference.mean > 0 else "loses to"
    return (
        f"{where}, {mine} {beats} {other} by {size} {unit} (95% interval {bounds}, "
        f"{count_text(difference.count, 'paired seed')})."
    )


def evidence_text(metric: str, difference: Estimate) -> str:
    """The difference, its interval and the number of pairs."""
    if np.isnan(difference.mean):
        return ""
    name = METRIC_NAMES[metric]
    unit = f"points of test {name}" if metric == "accuracy" else f"of test {name}"
    text = f"{difference_text(metric, difference.mean)} {unit}"
    if np.isnan(difference.low):
        return text
    bounds = " to ".join(difference_text(metric, b) for b in (difference.low, difference.high))
    return f"{text} (95% interval {bounds}, {count_text(difference.count, 'paired seed')})"
