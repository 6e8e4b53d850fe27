"""Colours of charts."""

ORDERED = ("#7466e0", "#a055c4", "#cc4f86", "#d96a2f", "#b58a00")
"""From few to many; each, and all between them, at 3:1 on light and on dark ground."""

UNORDERED = ("#0077bb", "#c98300", "#009e73", "#c9709f", "#3d97d1", "#d55e00", "#858585", "#8f8400")
"""Okabe & Ito (2008), changed for a contrast of 3:1 on ground of either kind."""

BLUE, AMBER, GREEN, PINK, SKY, VERMILION, GREY, OLIVE = UNORDERED


def blend(count: int) -> list[str]:
    """`count` colours along the ordered palette."""
    last = len(ORDERED) - 1
    return [mix(i * last / max(count - 1, 1)) for i in range(count)]


def mix(position: float) -> str:
    """The colour at a position between two of the ordered palette."""
    at = min(int(position), len(ORDERED) - 2)
    share = position - at
    left, right = (bytes.fromhex(ORDERED[at + step][1:]) for step in (0, 1))
    mixed = [round(a + share * (b - a)) for a, b in zip(left, right, strict=True)]
    return "#" + bytes(mixed).hex()


def unordered(count: int) -> list[str]:
    """`count` colours without an order, from the beginning again when they end."""
    return [UNORDERED[i % len(UNORDERED)] for i in range(count)]
