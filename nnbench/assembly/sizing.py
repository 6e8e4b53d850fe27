"""Networks of equal size: the width at which a network has what `params` or `flops` asks for."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace

from nnbench.assembly import build
from nnbench.data.dataset import Dataset
from nnbench.engine.network import Network
from nnbench.run.config import RunConfig
from nnbench.run.errors import IncompatibleError

SIZES: dict[str, Callable[[Network], int]] = {
    "params": lambda network: network.size,
    "flops": lambda network: network.products,
}
"""Keys that ask for a size, and what they ask of a network."""

NEAR = 0.1
"""Largest deviation from the target size that counts as equal, as a share of it."""


def asked(config: RunConfig) -> tuple[str, int] | None:
    """The size that a configuration asks for, by its key; None if the width is as it says."""
    return next(((key, size) for key in SIZES if (size := getattr(config, key)) is not None), None)


def sized(config: RunConfig, data: Dataset) -> RunConfig:
    """The configuration at the width that comes nearest to the size it asks for, if it does.

    Of two that are equally near, the narrower. Raises IncompatibleError if none is near.
    """
    size_asked = asked(config)
    if size_asked is None:
        return config
    key, target = size_asked

    def size(width: int) -> int:
        return SIZES[key](build.network(replace(config, width=width), data))

    # Doubling first, so that no network is planned that is much larger than the target.
    widest = 1
    while size(widest) < target and widest < target:
        widest *= 2
    above = max(2, 1 + bisect_left(range(1, widest + 1), target, key=size))
    around = {width: size(width) for width in (above - 1, above)}
    nearest = min(around, key=lambda width: abs(around[width] - target))
    if abs(around[nearest] - target) > NEAR * target:
        raise IncompatibleError(key, target, unreachable(config, around))
    return replace(config, width=nearest)


def unreachable(config: RunConfig, around: dict[int, int]) -> str:
    """Message about a size that neither of two widths, each with its size, is near."""
    where = f"no width comes within {NEAR:.0%} of it with depth={config.depth}"
    if len(set(around.values())) == 1:
        (size,) = set(around.values())
        return f"{where}, which has {size} whatever the width"
    nearest = " and ".join(f"{size} (width={width})" for width, size in around.items())
    return f"{where}, the nearest are {nearest}"
