"""The order of compared values, and with which of them the others are compared."""

from collections.abc import Hashable, Mapping, Sequence
from types import MappingProxyType

from nnbench.pages.formatting import setting_text
from nnbench.report.compare.defaults import own_values
from nnbench.report.compare.where_filter import mark
from nnbench.run.errors import ConfigError
from nnbench.run.varied import natural

DEMONSTRATIONS = {"init": "zeros"}
"""Key → the value that is known to fail: its scores are shown, and it is compared with nothing.

Each comparison with it would cost all others power.
"""

Rows = Mapping[Hashable, Mapping[str, Hashable]]
"""Compared value → a run that has it."""

SMALLEST_FIRST = ("depth", "width", "params", "flops")
"""Keys of which the smallest value is what the others are compared with."""

EQUAL_SIZES = {"params": "parameters", "flops": "multiply-adds an example"}
"""Keys that ask for a size, and what they count."""


def ranked(value: Hashable) -> tuple[tuple[bool, float, str], ...]:
    """A key that sorts compared values: numbers by size, before words."""
    return tuple(natural(own) for own in each_of(value))


def reference_of(
    keys: Sequence[str],
    values: Sequence[Hashable],
    asked: object,
    rows: Rows = MappingProxyType({}),
) -> Hashable:
    """The value that the others are compared with: what was asked for, else fixed beforehand.

    It is never chosen by what the runs show, since the validation and test scores of a run go
    together: the best on the validation set would be favoured by the chance that chose it. Of depth
    and width the smallest; of anything else nnbench's default, or the first in order. So it is
    where the value that was asked for isn't among these. What the default is may depend on the
    rest of a run, such as the learning rate on the optimizer: `rows` has a run of each value.
    """
    ordered = sorted(values, key=ranked)
    requested = [value for value in ordered if asked is not None and is_asked(value, asked)]
    usual = [value for value in ordered if is_usual(keys, value, rows.get(value, {}))]
    return (requested or usual or ordered)[0]


def references_of(
    keys: Sequence[str],
    values: Sequence[Hashable],
    asked: object,
    rows: Rows = MappingProxyType({}),
) -> dict[Hashable, Hashable]:
    """Compared value → the one that it is compared with.

    Of two keys the second is compared at each value of the first, with the same reference there,
    unless `asked` is a list, of a value of either, and they have it.
    """
    if len(keys) == 1 or any(
        isinstance(asked, list) and is_asked(value, asked) for value in values
    ):
        return dict.fromkeys(values, reference_of(keys, values, asked, rows))
    blocks: dict[Hashable, list[Hashable]] = {}
    for first, second in map(each_of, values):
        blocks.setdefault(first, []).append(second)
    references = {
        first: reference_of(
            keys[1:], there, asked, {second: rows.get((first, second), {}) for second in there}
        )
        for first, there in blocks.items()
    }
    return {value: (each_of(value)[0], references[each_of(value)[0]]) for value in values}


def check_reference(keys: Sequence[str], values: Sequence[Hashable], asked: object) -> None:
    """Raise ConfigError if a reference is asked for that none of the values is."""
    if asked is None or any(is_asked(value, asked) for value in values):
        return
    compared = keys if len(keys) == 1 or isinstance(asked, list) else keys[1:]
    compared_values = {value if compared is keys else each_of(value)[1] for value in values}
    values_text = ", ".join(map(as_typed, sorted(compared_values, key=ranked)))
    allowed = f"must be a value of {' and '.join(compared)} that runs have: {values_text}"
    raise ConfigError("reference", asked, allowed)


def is_asked(value: Hashable, asked: object) -> bool:
    """True if a compared value is the requested reference: of two keys, the second is."""
    own = [mark(item) for item in each_of(value)]
    if isinstance(asked, list):
        return own == [mark(item) for item in asked]
    return own[-1] == mark(asked)


def as_typed(value: Hashable) -> str:
    """A compared value as it is asked for: of two keys a list."""
    text = ",".join(map(setting_text, each_of(value)))
    return f"[{text}]" if isinstance(value, tuple) else text


def each_of(value: Hashable) -> tuple[Hashable, ...]:
    """The values of the compared keys, one of each."""
    return value if isinstance(value, tuple) else (value,)


def is_demonstration(keys: Sequence[str], value: Hashable, reference: Hashable) -> bool:
    """True if a compared value is shown only; not if it is what others are compared with.

    Of two keys the second is what is compared.
    """
    return any(
        key in DEMONSTRATIONS
        and mark(own) == mark(DEMONSTRATIONS[key])
        and not (key == keys[-1] and value == reference)
        for key, own in zip(keys, each_of(value), strict=True)
    )


def is_usual(keys: Sequence[str], value: Hashable, row: Mapping[str, Hashable]) -> bool:
    """True if a value is nnbench's default, of every key that has no smallest."""
    return all(
        key in SMALLEST_FIRST or mark(own) in own_values(key, row)
        for key, own in zip(keys, each_of(value), strict=True)
    )
