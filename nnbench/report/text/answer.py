"""The answer: one sentence with its evidence, at most three more, and what may change it."""

from collections.abc import Iterator
from math import ceil

import numpy as np

from nnbench.pages import Answer, Caveat
from nnbench.pages.formatting import count_text
from nnbench.report.analysis.contrasts import ALPHA
from nnbench.report.analysis.findings import Findings
from nnbench.report.compare.comparison import KNOWN_BY_NAME
from nnbench.report.statistics import FEWEST_PAIRS, Outcome, fewest_pairs
from nnbench.report.text.bullets import MOST, bullets
from nnbench.report.text.caveats import (
    comparisons_at_once,
    confounded,
    fairness,
    grid_edges,
    one_rate,
    reference_at_chance,
)
from nnbench.report.text.commands import command_with
from nnbench.report.text.headline import headline
from nnbench.report.text.keys import key_once
from nnbench.report.text.machines import mixed_machines

MOST_CAVEATS = 5
MOST_SEEDS = 1_000
"""Further seeds that anybody would train."""


def answer_of(findings: Findings) -> Answer:
    """The answer to the question of a report."""
    comparison = findings.comparison
    sentence = key_once(headline(findings), comparison)
    return Answer(
        capitalised(sentence, findings),
        tuple(key_once(bullet, comparison) for bullet in bullets(findings))[:MOST],
        tuple(caveats_of(findings))[:MOST_CAVEATS],
    )


def title_of(findings: Findings) -> str:
    """The question in words; of a single value not which is best, but how good it is."""
    question, comparison = findings.question, findings.comparison
    if question.title or len(comparison.values) != 1:
        return question.in_words
    return f"How good is {comparison.named(comparison.values[0])}?"


def capitalised(sentence: str, findings: Findings) -> str:
    """A sentence with a capital letter, unless it begins with a value, which stays as typed."""
    comparison = findings.comparison
    is_value = any(sentence.startswith(comparison.named(value)) for value in comparison.values)
    is_typed = is_value and comparison.keys[-1] in KNOWN_BY_NAME
    return sentence if is_typed else sentence[0].upper() + sentence[1:]


def caveats_of(findings: Findings) -> Iterator[Caveat]:
    """Reasons why the answer may change, the worst first, each with its command."""
    comparison, question = findings.comparison, findings.question
    if not findings.contrasts:
        return
    few = list(too_few_seeds(findings))
    yield from few
    groups = (
        confounded(comparison), reference_at_chance(comparison), one_rate(comparison, question),
        grid_edges(comparison, question), fairness(comparison, question),
    )  # fmt: skip
    for group in groups:
        yield from (Caveat(text, command) for text, command in group.points)
    if not few:
        yield from inconclusive(findings)
    yield from map(Caveat, mixed_machines(comparison.runs))


def too_few_seeds(findings: Findings) -> Iterator[Caveat]:
    """Fewer seeds than so many comparisons at once need, with the command that trains them."""
    seeds = most_seeds(findings)
    if seeds < FEWEST_PAIRS:
        most = max(contrast.fewest_comparisons for contrast in findings.contrasts)
        enough = f"{max(FEWEST_PAIRS, fewest_pairs(most))}"
        yield Caveat(
            f"With {count_text(seeds, 'seed')} nothing can be compared: at least {FEWEST_PAIRS} "
            "are needed.",
            command_with(findings.question.command, seeds=enough),
        )
    (*_, brief) = ("", *comparisons_at_once(findings).brief)
    if brief:
        most = max(contrast.fewest_comparisons for contrast in findings.contrasts
                   if contrast.lowest_p > ALPHA)  # fmt: skip
        yield Caveat(brief, command_with(findings.question.command, seeds=f"{fewest_pairs(most)}"))


def most_seeds(findings: Findings) -> int:
    """The number of seeds of the value that has most."""
    return max(len(group.seeds) for group in findings.comparison.groups)


def inconclusive(findings: Findings) -> Iterator[Caveat]:
    """Comparisons without a verdict, with the command for seeds that decide half of them."""
    undecided = [c for c in findings.contrasts if c.outcome is Outcome.INCONCLUSIVE]
    further = [contrast.more_seeds for contrast in undecided if contrast.more_seeds]
    median = ceil(np.median(further)) if further else 0
    if not 0 < median <= MOST_SEEDS:
        return
    seeds = most_seeds(findings) + median
    half = ", in half of them" if len(undecided) > 1 else ""
    text = (
        f"{which_text(len(undecided), len(findings.contrasts))} inconclusive: about "
        f"{count_text(median, 'more seed')} should show any difference that matters{half}."
    )
    yield Caveat(text, command_with(findings.question.command, seeds=f"{seeds}"))


def which_text(count: int, of: int) -> str:
    """Some of all comparisons, with the verb."""
    if count == of:
        return {1: "The only comparison is", 2: "Both comparisons are"}.get(
            count, f"All {count} comparisons are"
        )
    return f"{count} of {of} comparisons {'is' if count == 1 else 'are'}"
