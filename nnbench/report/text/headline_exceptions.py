"""The exceptions of a headline over many places: values that are better or worse, and by what."""

from collections.abc import Mapping, Sequence
from enum import IntEnum

import numpy as np

from nnbench.report.analysis.contrasts import Contrast, Outcome
from nnbench.report.text.headline_phrases import MOST_NAMED, effect_parts, ends_of, unit_after
from nnbench.report.text.numbers import and_text

Places = Sequence[tuple[str, Contrast]]
"""The places of a value, each with its contrast there."""


class Detail(IntEnum):
    """Places that a bracket names, at most."""

    SIZE = 0
    """None, but the largest size."""
    LARGEST = 1
    """The one with the largest difference."""
    EACH = MOST_NAMED
    """Each, where they are few."""
    INTERVALS = MOST_NAMED + 1
    """The same, and the interval of the only trend in its direction."""


DETAILS = sorted(Detail, reverse=True)


def ranked(by_value: Mapping[str, Places], outcome: Outcome) -> list[tuple[str, Places]]:
    """Values with the places where they have an outcome, the most first, then the largest."""
    places = {
        value: [(place, contrast) for place, contrast in own if contrast.outcome is outcome]
        for value, own in by_value.items()
    }
    return sorted(
        ((value, own) for value, own in places.items() if own),
        key=lambda item: (-len(item[1]), -max(abs(c.difference.mean) for _, c in item[1])),
    )


def exceptions_text(
    values: Sequence[tuple[str, Places]],
    word: str,
    preposition: str,
    detail: Detail,
    than: str = "",
    of: str = "",
) -> str:
    """Values that are better or worse, with the number of places, and the places if few."""
    texts: list[str] = []
    is_one = sum(len(places) for _, places in values) == 1
    # With many values their places are in the tables.
    has_each = is_one or (detail >= Detail.EACH and len(values) <= MOST_NAMED)
    for value, places in values[:MOST_NAMED]:
        names = [sized(place, contrast, is_one=is_one) for place, contrast in places]
        bracket = f" ({', '.join(names)})" if has_each and len(places) <= MOST_NAMED else ""
        verb = "" if texts else f" is {word}{than}"
        texts.append(f"{value}{verb} {preposition} {len(places)}{'' if texts else of}{bracket}")
    omitted = len(values) - len(texts)
    if not omitted:
        return and_text(texts) + ("" if has_each else largest_of(values, detail))
    largest = largest_of(values, Detail.SIZE)
    return f"{', '.join(texts)} and {omitted} more {preposition} at least 1{largest}"


def largest_of(values: Sequence[tuple[str, Places]], detail: Detail) -> str:
    """The largest difference of all, in a bracket after a space; empty if none has a size."""
    sizes = [
        (abs(contrast.difference.mean), (value, place, contrast))
        for value, places in values for place, contrast in places
        if np.isfinite(contrast.difference.mean)
    ]  # fmt: skip
    if not sizes:
        return ""
    _, (value, place, contrast) = max(sizes, key=lambda item: item[0])
    who = value if len(values) > 1 else ""
    return f" ({largest_text(place, size_text(contrast), detail, who)})"


def largest_text(place: str, size: str, detail: Detail, value: str = "") -> str:
    """The largest of several sizes, with its place, and the value, if there is room for them."""
    if detail is Detail.SIZE:
        return f"by up to {size}"
    return f"most{': ' if value else ''}{value} on {place}, by {size}"


def size_text(contrast: Contrast) -> str:
    """The size of a difference with its unit."""
    measure = contrast.group.measure
    size, _ = effect_parts(
        measure, contrast.difference.mean, ends_of(contrast), contrast.decision.level
    )
    return f"{size}{unit_after(measure)}"


def sized(place: str, contrast: Contrast, *, is_one: bool) -> str:
    """A place with the size of the difference there, if it has one; of one alone its interval."""
    measure, mean = contrast.group.measure, contrast.difference.mean
    if not np.isfinite(mean):
        return place
    _, interval = effect_parts(measure, mean, ends_of(contrast), contrast.decision.level)
    return f"{place}: {size_text(contrast)}" + (f", {interval}" if is_one and interval else "")
