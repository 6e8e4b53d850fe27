"""Sentences on the largest learning rate that trains."""

from collections.abc import Iterator, Sequence

from nnbench.pages.formatting import count_text, setting_text
from nnbench.report.analysis.learning_rates import Range
from nnbench.report.analysis.rate_limits import RateLimits
from nnbench.report.compare.comparison import Comparison
from nnbench.report.statistics import FEWEST_VALUES
from nnbench.report.text.headline_phrases import LONGEST
from nnbench.report.text.numbers import and_text, level_text
from nnbench.report.text.trends import place_text

MOST_IN_FULL = 2
"""Lines of which a headline has the rates; of more it has the range of factors."""

MOST_NAMED = 3
"""Lines whose factor has a place in the sentence; report.json has all."""


def rate_limit_sentences(along: Sequence[RateLimits], comparison: Comparison) -> Iterator[str]:
    """A sentence for each compared key on how its largest rate that trains goes along with it."""
    by_key: dict[str, list[RateLimits]] = {}
    for of_line in along:
        by_key.setdefault(of_line.line.key, []).append(of_line)
    for key, own in by_key.items():
        groups = {
            "falls by a factor of": [
                limits for limits in own if limits.is_significant and limits.factor < 1
            ],
            "rises by a factor of": [
                limits for limits in own if limits.is_significant and limits.factor > 1
            ],
        }
        for verb, claimed in groups.items():
            if claimed:
                effects = [
                    f"{factor_text(limits)} on {place_text(limits.line, comparison)}"
                    for limits in claimed
                ]
                yield (
                    f"With each doubling of {key}, the largest learning rate that trains {verb} "
                    f"{and_text(effects, MOST_NAMED)}."
                )
        flat = [place_text(limits.line, comparison) for limits in own if not limits.is_significant]
        if flat:
            yield (
                f"The largest learning rate that trains shows no significant trend with {key} on "
                f"{and_text(flat, MOST_NAMED)}."
            )


def short_rate_limits(along: Sequence[RateLimits], comparison: Comparison) -> Iterator[str]:
    """A sentence on the largest rates along the last compared key, with the range of factors."""
    key = comparison.keys[-1]
    own = [limits for limits in along if limits.line.key == key]
    claimed = [limits for limits in own if limits.is_significant]
    texts = []
    for verb, some in (
        ("falls", [limits for limits in claimed if limits.factor < 1]),
        ("rises", [limits for limits in claimed if limits.factor > 1]),
    ):
        if some:
            sizes = sorted({f"{size_of(limits.factor):.2g}" for limits in some}, key=float)
            ends = " to ".join(dict.fromkeys((sizes[0], sizes[-1])))
            where = cases_text(len(some), len(own), comparison)
            texts.append(f"{verb} by a factor of {ends}{where}")
    if texts:
        text = and_text(texts)
        yield f"With each doubling of {key}, the largest learning rate that trains {text}."
    elif own:
        where = cases_text(0, len(own), comparison)
        yield f"The largest learning rate that trains shows no significant trend with {key}{where}."


def rate_limit_headline(along: Sequence[RateLimits], comparison: Comparison) -> str:
    """The answer to a question about the largest learning rates that train."""
    key = comparison.keys[-1]
    own = [limits for limits in along if limits.line.key == key]
    if not own:
        return (
            f"The largest learning rate that trains has no known trend with {key}: fewer than "
            f"{FEWEST_VALUES} values have theirs within the grid."
        )
    if len(own) > MOST_IN_FULL:
        (text,) = short_rate_limits(along, comparison)
        return text
    texts = [in_one_sentence(own, comparison, has_ends=has_ends) for has_ends in (True, False)]
    return next((text for text in texts if len(text) <= LONGEST), texts[-1])


def in_one_sentence(limits: Sequence[RateLimits], comparison: Comparison, *, has_ends: bool) -> str:
    """The courses along all lines, the verb of which stands once."""
    texts = [limit_in_full(own, comparison, has_ends=has_ends) for own in limits]
    verb = texts[0].partition(" ")[0]
    texts[1:] = [text.removeprefix(f"{verb} ") for text in texts[1:]]
    key = comparison.keys[-1]
    return f"With each doubling of {key}, the largest learning rate that trains {and_text(texts)}."


def limit_in_full(limits: RateLimits, comparison: Comparison, *, has_ends: bool) -> str:
    """The course along one line, with its interval and with `has_ends`, the rates at its ends."""
    line = limits.line
    where = f"on {place_text(line, comparison)}"
    factors = sorted((size_of(limits.low), size_of(limits.high)))
    size = f"{size_of(limits.factor):.2g}"
    if limits.is_significant:
        verb = "falls" if limits.factor < 1 else "rises"
        course = f"{verb} by a factor of {size} {where}"
        interval = f"{factors[0]:.2g} to {factors[1]:.2g}"
    else:
        course = f"shows no significant trend {where}"
        interval = f"{limits.low:.2g} to {limits.high:.2g} times"
    level = level_text(limits.level)
    if not has_ends:
        return f"{course} ({level} CI {interval})"
    ends = [
        f"{range_text(limits.ranges[end])} at {line.key} "
        f"{setting_text(line.value_of(limits.groups[end]))}"
        for end in (0, -1)
    ]
    return f"{course} ({level} CI {interval}: {ends[0]}, {ends[1]})"


def ranges_alt(along: Sequence[RateLimits], comparison: Comparison) -> str:
    """The finding of the chart of rates, for readers who can't see it."""
    return f"Learning rates that train. {rate_limit_headline(along, comparison)}"


def range_text(trained: Range) -> str:
    """The rates that train; the lower end only where it lies within the grid."""
    if trained.goes_below:
        return f"up to {trained.high:g}"
    ends = dict.fromkeys((f"{trained.low:g}", f"{trained.high:g}"))
    return " to ".join(ends)


def cases_text(count: int, total: int, comparison: Comparison) -> str:
    """Number of places of all; begins with a space, or is empty for one alone."""
    preposition = "on" if len(comparison.keys) == 1 else "in"
    which = f"{count} of" if count else "any of"
    return f" {preposition} {which} {total} {comparison.place_noun}s" if total > 1 else ""


def size_of(factor: float) -> float:
    """A factor, above 1."""
    return max(factor, 1 / factor)


def factor_text(limits: RateLimits) -> str:
    """The factor, above 1, with its interval and the rates at both ends."""
    ends = limits.factor, limits.low, limits.high
    size, *bounds = map(size_of, ends)
    low, high = sorted(bounds)
    line, groups = limits.line, limits.groups
    first, last = (f"{limits.highest[end]:g} at {setting_text(line.value_of(groups[end]))}"
                   for end in (0, -1))  # fmt: skip
    return (
        f"{size:.2g} ({level_text(limits.level)} CI {low:.2g} to {high:.2g}, "
        f"{count_text(limits.seeds, 'seed')}; "
        f"from {first} to {last})"
    )
