"""Phrases on a comparison: its groups, what varied in it, sizes, costs and known solutions."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from nnbench.data.solutions import SHALLOW, SOLUTIONS
from nnbench.pages.formatting import count_text, setting_text
from nnbench.report.analysis.costs import PASSES
from nnbench.report.compare.comparison import KNOWN_BY_NAME, Comparison
from nnbench.report.compare.group import Group
from nnbench.report.compare.reference import EQUAL_SIZES
from nnbench.report.text.keys import words_of
from nnbench.report.text.numbers import and_text
from nnbench.run.config import Component

MOST_GROUPS = 12
"""Groups that a sentence names."""

DATASET = "dataset"
"""Key whose values come last, after `on`."""

COST_NOTE = (
    f"Multiply-adds of training: those for an example forward, times {PASSES} (the way back takes "
    "twice as much), times the examples seen; what the optimizer does besides, such as a second "
    "gradient or a line search, is not counted. Seconds: without evaluation, and only of runs that "
    "trained alone, since runs of a stack share its time; they depend on the machine and on what "
    "else it did."
)
"""Guide to reading costs."""


def names_of(comparison: Comparison, groups: Sequence[Group]) -> str:
    """Groups in words, with their data; those that differ in one key only share a name."""
    return settings_text(
        [{**comparison.columns_of(group.value), DATASET: group.dataset} for group in groups]
    )


def settings_text(settings: Sequence[Mapping[str, Hashable]]) -> str:
    """Settings with the same keys in words, such as `depth 1 and 3 with relu on digits and wine`.

    Those that differ in one key only are merged; of many the first are named.
    """
    merged: list[dict[str, tuple[Hashable, ...]]] = [
        {key: (value,) for key, value in setting.items()} for setting in settings
    ]
    for key in settings[0]:
        alike: dict[tuple[object, ...], list[dict[str, tuple[Hashable, ...]]]] = {}
        for setting in merged:
            others = tuple(values for name, values in setting.items() if name != key)
            alike.setdefault(others, []).append(setting)
        merged = [
            {
                **own[0],
                key: tuple(dict.fromkeys(value for setting in own for value in setting[key])),
            }
            for own in alike.values()
        ]
    texts = [setting_in_words(setting) for setting in merged]
    if len(texts) == 1 or not any(" and " in text for text in texts):
        return and_text(texts, MOST_GROUPS)
    more = f"; and {len(texts) - MOST_GROUPS} more" if len(texts) > MOST_GROUPS else ""
    return "; ".join(texts[:MOST_GROUPS]) + more


def setting_in_words(setting: Mapping[str, Sequence[Hashable]]) -> str:
    """One or more values of each key, with the key unless their names are enough."""
    texts = {key: and_text(list(map(setting_text, values)), MOST_GROUPS)
             for key, values in setting.items()}  # fmt: skip
    words = [
        texts[key]
        if key in KNOWN_BY_NAME and all(isinstance(value, str) for value in values)
        else f"{key} {texts[key]}"
        for key, values in setting.items() if key != DATASET
    ]  # fmt: skip
    return " with ".join(words) + (f" on {texts[DATASET]}" if DATASET in texts else "")


def varied_text(comparison: Comparison) -> str:
    """The nuisances in words, and what varied along with them."""
    along = dict.fromkeys(key for group in comparison.groups for key in group.along)
    text = and_text(words_of(comparison.nuisances))
    if not along:
        return text
    pronoun = "it" if len(comparison.nuisances) == 1 else "them"
    return f"{text} (and with {pronoun} {and_text(words_of(along))})"


def undrawn_values_text(comparison: Comparison) -> str:
    """Remark on the values that a chart leaves out; begins with a space, or is empty."""
    if len(comparison.drawn) == len(comparison.values):
        return comparison.cut
    return (
        f"{comparison.cut} Of the {len(comparison.values)} values of {comparison.compare}, "
        f"the {len(comparison.drawn)} with the best mean rank on the validation set have a line."
    )


def size_text(comparison: Comparison) -> str:
    """Size of the networks that depths are compared at, as it stands after `depth`."""
    runs = comparison.runs
    for key, noun in EQUAL_SIZES.items():
        sizes = runs[key] if key in runs else pd.Series([None])
        if sizes.notna().all():
            asked = pd.to_numeric(sizes).astype(int).unique()
            return f"at equal size ({asked[0]:,} {noun})" if len(asked) == 1 else "at equal sizes"
    if "width" in comparison.nuisances:
        return "each at its best width"
    widths = runs["width"].dropna().unique()
    return f"at width {widths[0]:g}" if len(widths) == 1 else "at several widths"


def solution_text(data: Component) -> str:
    """The networks that are known to solve a data set."""
    options: Any = data.options or {}
    deep, shallow = (networks[data.target](options) for networks in (SOLUTIONS, SHALLOW))
    layers = count_text(deep.depth, "hidden layer")
    sentence = (
        f"built by hand, a relu network solves it with {layers} of {count_text(deep.width, 'unit')}"
    )
    return sentence if deep.depth == 1 else f"{sentence}, another with one of {shallow.width}"
