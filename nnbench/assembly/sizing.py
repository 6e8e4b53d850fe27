"""Networks of equal size: the width at which a network has what `params` or `flops` asks for."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from nnbench.assembly import build
from nnbench.data.dataset import Dataset
from nnbench.engine.network import Network
from nnbench.run.config import RunConfig
from nnbench.run.errors import IncompatibleError
from nnbench.system.limits import require_memory

SIZES: dict[str, Callable[[Network], int]] = {
    "params": lambda network: network.size,
    "flops": lambda network: network.products,
}
"""Keys that ask for a size, and what they ask of a network."""

NEAR = 0.1
"""Largest deviation from the target size that counts as equal, as a share of it."""

DEEP = 100
"""Hidden layers up to which a network is planned without asking what that takes."""

LAYER_BYTES = 15_000
"""Bytes of a layer beside its numbers: its objects, bound to three sizes of batch."""

VECTORS = 14
"""Parameters, their gradients, snapshots and what optimizers remember, in vectors of that size."""


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


def refuse_too_deep(config: RunConfig, data: Dataset) -> None:
    """Raise LimitError for layers that would fill memory by their objects alone.

    Two networks of a few layers say what one more layer adds.
    """
    if config.depth <= DEEP:
        return
    shallow, deep = (
        build.network(replace(config, depth=depth), data) for depth in (DEEP // 2, DEEP)
    )
    more = config.depth / (DEEP - DEEP // 2)
    layers = more * (len(deep.layers) - len(shallow.layers))
    params = more * (deep.size - shallow.size)
    needed = LAYER_BYTES * layers + VECTORS * params * np.dtype(config.dtype).itemsize
    require_memory(needed, {"depth": config.depth})
