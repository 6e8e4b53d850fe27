"""Caveats that both the verdict and the section on limits give, each made once for both."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from itertools import product

from nnbench.pages.formatting import count_text, setting_text
from nnbench.report.analysis.above_chance import is_above_chance
from nnbench.report.analysis.contrasts import ALPHA
from nnbench.report.analysis.findings import Findings
from nnbench.report.analysis.grid_edges import edges
from nnbench.report.compare.compare_runs import differs, distinct
from nnbench.report.compare.comparison import Comparison
from nnbench.report.question import Question
from nnbench.report.statistics import fewest_pairs
from nnbench.report.text.commands import command_with, number_word, wider_grid
from nnbench.report.text.comparison import names_of, settings_text
from nnbench.report.text.fairness import balance, unlike
from nnbench.report.text.keys import differing_keys, key_text, words_of
from nnbench.report.text.numbers import and_text, p_text

MOST_VALUES = 12
"""Compared values that a point lists."""
GRID = ((0, (0.1, 0.3)), (-1, (3.0, 10.0)))
"""Rates to try below the lowest and above the highest learning rate in use, as multiples."""


@dataclass(frozen=True)
class Caveat:
    """Something that the runs can't support, said twice: briefly, and with what would help."""

    brief: tuple[str, ...] = ()
    """Sentences before the verdict."""
    points: tuple[tuple[str, str], ...] = ()
    """Texts of the section on limits, each with the command that would help, or nothing."""


def caveats(findings: Findings) -> Iterator[Caveat]:
    """All of them, in the order of reading."""
    comparison, question = findings.comparison, findings.question
    yield one_rate(comparison, question)
    yield grid_edges(comparison, question)
    yield comparisons_at_once(findings)
    yield fairness(comparison, question)
    yield confounded(comparison)
    yield reference_at_chance(comparison)


def one_rate(comparison: Comparison, question: Question) -> Caveat:
    """A single learning rate for each value, which may not suit all of them."""
    rates = comparison.rates()
    if not rates or len(comparison.values) < 2:
        return Caveat()
    is_one = len(rates) == 1
    listed = and_text([setting_text(rate) for rate in rates])
    brief = (
        f"These runs can't say which {comparison.one_of_them} is best when tuned: "
        f"{'all were' if is_one else 'each was'} compared at one learning rate ({listed}), which "
        "may suit one better than another. What follows holds for "
        f"{'that rate' if is_one else 'those rates'}."
    )
    tried = sorted({rate for group in comparison.groups for rate in comparison.tried(group, "lr")})
    lower, higher = ([factor * tried[end] for factor in factors] for end, factors in GRID)
    grid = ",".join(map(number_word, [*lower, *tried, *higher]))
    # Runs at other rates than those that were asked for would be left out.
    command = "" if "lr" in question.where else command_with(question.command, lr=grid)
    text = (
        f"Every {comparison.one_of_them} was compared at one learning rate only ({listed}), which "
        "may suit one better than another."
    )
    return Caveat((brief,), ((text, command),))


def grid_edges(comparison: Comparison, question: Question) -> Caveat:
    """Ends of a grid beyond which the best settings may lie."""
    at_ends = edges(comparison, question)
    points = []
    for key, is_largest in product(comparison.nuisances, (False, True)):
        at_end = [edge for edge in at_ends if (edge.key, edge.is_largest) == (key, is_largest)]
        if not at_end:
            continue
        values = sorted({edge.value for edge in at_end})
        (name,) = words_of([key])
        side = "above the largest" if is_largest else "below the smallest"
        text = (
            f"The best {name} may lie {side} that was tried"
            f"{'' if len(values) > 1 else f', {number_word(values[0])},'} for "
            f"{names_of(comparison, [edge.group for edge in at_end])}."
        )
        points.append((text, wider_grid(question, at_end)))
    if not points:
        return Caveat()
    keys = dict.fromkeys(edge.key for edge in at_ends)
    count = len({edge.group for edge in at_ends})
    has_command = any(command for _, command in points)
    hint = "; section “What these runs can't show” has the commands" if has_command else ""
    brief = (
        f"In {count} of {count_text(len(comparison.groups), 'case')} the best "
        f"{' or '.join(words_of(keys))} may lie beyond what was tried, so a wider grid may change "
        f"what follows{hint}."
    )
    return Caveat((brief,), tuple(points))


def comparisons_at_once(findings: Findings) -> Caveat:
    """Fewer seeds than so many comparisons at once need."""
    tested = [contrast for contrast in findings.contrasts if contrast.tested]
    most = max(tested, key=lambda contrast: contrast.count, default=None)
    if most is None or most.lowest_p <= ALPHA:
        return Caveat()
    brief = (
        f"{most.count} seeds are too few for {most.comparisons} comparisons at once: even if all "
        f"seeds agree, the corrected p {p_text(most.lowest_p)} at best, so no difference can "
        f"be claimed; at least {fewest_pairs(most.fewest_comparisons)} seeds are needed."
    )
    return Caveat((brief,))


def fairness(comparison: Comparison, question: Question) -> Caveat:
    """Caveat on advantages that one value had over another."""
    brief = tuple(take_care(text) for text in unlike(comparison, question))
    return Caveat(brief, tuple(balance(comparison, question)))


def confounded(comparison: Comparison) -> Caveat:
    """Keys that differ along with the compared one, and may be the cause as well."""
    points = []
    for key in comparison.confounded:
        block = next(block for block in comparison.blocks if differs(key, block))
        settings = [comparison.columns_of(group.value) for group in block]
        shared = [name for name in settings[0] if len({own[name] for own in settings}) == 1]
        by_value: dict[str, list[dict[str, Hashable]]] = {}
        for group, setting in zip(block, settings, strict=True):
            text = and_text([setting_text(value) for value in distinct(group.runs[key])])
            own = {name: value for name, value in setting.items() if name not in shared}
            by_value.setdefault(text, []).append(own)
        values = [f"{text} with {settings_text(own)}" for text, own in by_value.items()]
        more = f"; and {len(values) - MOST_VALUES} more" if len(values) > MOST_VALUES else ""
        points.append(
            (
                f"On {comparison.place(block[0].dataset, block[0].value, shared)}, {key_text(key)} "
                f"differed along with {and_text([n for n in comparison.keys if n not in shared])} "
                f"({'; '.join(values[:MOST_VALUES])}{more}), so their effects are not separable.",
                "",
            )
        )
    # A caveat of its own is given of rates.
    others = differing_keys(comparison)
    if not others:
        return Caveat((), tuple(points))
    brief = take_care(
        f"{and_text(list(map(key_text, others)))} differed along with {comparison.compare}, so the "
        "effect of one may be due to the other."
    )
    return Caveat((brief,), tuple(points))


def reference_at_chance(comparison: Comparison) -> Caveat:
    """References that are not above chance level, than which it is easy to be better."""
    at_chance = [
        reference
        for reference in dict.fromkeys(reference for reference, _ in comparison.contrasted())
        if is_above_chance(reference) is False
    ]
    if not at_chance:
        return Caveat()
    is_one = len(at_chance) == 1
    text = (
        f"The reference{'' if is_one else 's'}, {names_of(comparison, at_chance)}, "
        f"{'is' if is_one else 'are'} not above chance, so being better only means learning "
        "something."
    )
    return Caveat((take_care(text),), ((text, ""),))


def take_care(text: str) -> str:
    """A sentence that is read as a warning; keys keep their case."""
    return f"Take care: {text[0].lower()}{text[1:]}"
