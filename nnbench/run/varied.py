"""Settings of many runs side by side: their natural order, and which of them tell runs apart."""

from collections.abc import Iterable, Mapping, Sequence


def natural(value: object) -> tuple[bool, float, str]:
    """A key that sorts numbers by size, before words and what is missing."""
    try:
        number = float(str(value))
    except ValueError:
        return (True, 0.0, str(value))
    return (number != number, 0.0 if number != number else number, str(value))


def telling_keys(
    keys: Iterable[str], rows: Sequence[Mapping[str, object]], fixed: Sequence[str] = ()
) -> list[str]:
    """The keys that tell rows apart which neither `fixed` nor the keys before them do.

    A key that follows from others, as an optimizer's options do from its name, is not among them;
    where keys follow from each other, it is the learning rate rather than an optimizer's options.
    """
    texts: list[tuple[str, ...]] = [tuple(repr(row.get(key)) for key in fixed) for row in rows]
    telling = []
    for key in sorted(keys, key=lambda key: "." in key):
        finer = [(*values, repr(row.get(key))) for values, row in zip(texts, rows, strict=True)]
        if len(set(finer)) > len(set(texts)):
            texts = finer
            telling.append(key)
    return telling
