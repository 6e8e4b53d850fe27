"""Names of keys in sentences, and what differs along with the compared key."""

import re
from collections.abc import Iterable, Iterator

from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.defaults import folder, own_values
from nnbench.report.compare.runs_table import component_of, records
from nnbench.report.compare.where_filter import mark
from nnbench.report.question import NOUNS
from nnbench.report.text.numbers import and_text

MOST_KEYS = 3
"""Keys that a phrase names; of more there is a count."""

WORDS = {**NOUNS, "init": "initial weights", "init.hidden": "initial weights"}
"""Key → its name in a sentence on settings, where it isn't the key itself."""

WITH_KEY = ("auto", "none")
"""Values of a key that say nothing without it."""


def key_text(key: str) -> str:
    """A key in words, with the key itself in brackets if it is another word."""
    words = WORDS.get(key, key)
    return key if words.replace(" ", "_") == key else f"{words} ({key})"


def words_of(keys: Iterable[str]) -> list[str]:
    """Keys in words, each once."""
    return list(dict.fromkeys(WORDS.get(key, key) for key in keys))


def differing_keys(comparison: Comparison) -> list[str]:
    """Keys that differ along with the compared one; of rates other sentences speak."""
    return [key for key in comparison.confounded if key != "lr"]


def differing_text(comparison: Comparison) -> Iterator[str]:
    """Phrases on what differs along with the compared key: first what follows from it by default.

    The default initial weights follow from the activation, and the weight decay from the optimizer.
    """
    keys = differing_keys(comparison)
    defaults = [key for key in keys if follows(key, comparison)]
    for owner in dict.fromkeys(map(owner_of, defaults)):
        names = words_of(key for key in defaults if owner_of(key) == owner)
        yield f"with each {owner}'s default {and_text(names, MOST_KEYS)}"
    others = words_of(key for key in keys if key not in defaults)
    if others:
        yield f"with {and_text(others, MOST_KEYS)} differing as well"


def follows(key: str, comparison: Comparison) -> bool:
    """True if every compared run has the value of a key that a compared component chooses."""
    component = component_of(key)
    columns = list(dict.fromkeys((key, component, owner_of(key))))
    if owner_of(key) not in comparison.keys or owner_of(key) == component:
        return False
    return all(
        mark(row[key]) in own_values(component, row)
        for group in comparison.groups
        for row in records(group.runs.reindex(columns=columns))
    )


def owner_of(key: str) -> str:
    """The config group that chooses a key's default."""
    return folder(component_of(key))


def key_once(text: str, comparison: Comparison) -> str:
    """A sentence with the compared key before the first of its words only, as in `loss mae`.

    Numbers keep it everywhere, and so does a word that says nothing without its key, such as none.
    """
    key = comparison.keys[-1]
    values = {comparison.columns_of(value)[key] for value in comparison.values}
    words = [value for value in values if isinstance(value, str) and value not in WITH_KEY]
    if not words:
        return text
    # The longest first, since one name may begin with another.
    alternatives = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    pattern = re.compile(rf"(?<![\w.]){re.escape(key)} ({alternatives})(?![\w-])")
    first = pattern.search(text)
    if first is None:
        return text
    return text[: first.end()] + pattern.sub(r"\1", text[first.end() :])
