"""The convolutional network, over images or signals."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated

from nnbench.allowed import Checked, one_of, whole
from nnbench.engine.initializers import Initializer, Zeros
from nnbench.engine.layers.convolution import Convolution
from nnbench.engine.layers.dense import Dense
from nnbench.engine.layers.hidden import Hidden
from nnbench.engine.layers.layer import Layer
from nnbench.engine.layers.pooling import AveragePool, GlobalAverage, MaxPool
from nnbench.engine.layers.reshape import Reshape

POOLS: dict[str, Callable[[int], Layer]] = {"max": MaxPool, "average": AveragePool}

LEAST = 2
"""Places left over on the shorter axis, where the number of poolings isn't given."""


@dataclass(frozen=True)
class CNN(Checked):
    """Every hidden layer is a convolution, and some are followed by a pooling; as `Model` says.

    `width` is the number of channels. The poolings are spread evenly over the depth. If their
    number isn't given there are as many as leave 2 places on every axis, so that networks of
    different depth see images of the same sizes, if they have enough layers.
    """

    kernel: Annotated[int, whole(1)] = 3
    stride: Annotated[int, whole(1)] = 1
    padding: Annotated[int | str, whole(0).or_word("same")] = "same"
    dilation: Annotated[int, whole(1)] = 1
    pool: Annotated[str, one_of((*POOLS, "none"))] = "max"
    pool_size: Annotated[int, whole(2)] = 2
    poolings: Annotated[int | None, whole(0).or_null("for as many as fit")] = None
    head: Annotated[str, one_of(("global_average", "flatten"))] = "global_average"

    def layers(
        self,
        in_shape: tuple[int, ...],
        outputs: int,
        depth: int,
        width: int,
        hidden: Hidden,
        init: Initializer,
    ) -> list[Layer]:
        if len(in_shape) == 1:
            raise ValueError(f"is for images and signals, but an example is {in_shape[0]} numbers")
        if not depth:
            return [Reshape(-1), Dense(outputs, init.output)]
        self.require_fit(in_shape, depth)
        layers: list[Layer] = []
        for convolution, pools in self.blocks(depth, width, init, self.count(in_shape, depth)):
            layers += [*hidden.layer(convolution), *pools]
        head = GlobalAverage() if self.head == "global_average" else Reshape(-1)
        return [*layers, head, Dense(outputs, init.output)]

    def blocks(
        self, depth: int, width: int, init: Initializer, poolings: int
    ) -> Iterator[tuple[Convolution, list[Layer]]]:
        """Each convolution, and the pooling that follows it, if one does."""
        after = pooled_blocks(depth, poolings)
        for number in range(1, depth + 1):
            pools: list[Layer] = [POOLS[self.pool](self.pool_size)] if number in after else []
            yield (
                Convolution(width, init, self.kernel, self.stride, self.padding, self.dilation),
                pools,
            )

    def final_size(self, in_shape: tuple[int, ...], depth: int, poolings: int) -> int:
        """Places that are left over on the shorter axis; 0 if something does not fit."""
        shape = in_shape
        try:
            for convolution, pools in self.blocks(depth, 1, Zeros(), poolings):
                for layer in (convolution, *pools):
                    shape = layer.plan(shape).out_shape
        except ValueError:
            return 0
        return min(shape[:-1])

    def count(self, in_shape: tuple[int, ...], depth: int) -> int:
        """Number of pooling layers."""
        if self.pool == "none":
            return 0
        if self.poolings is not None:
            return self.poolings
        fitting = [n for n in range(depth + 1) if self.final_size(in_shape, depth, n) >= LEAST]
        return max(fitting, default=0)

    def require_fit(self, in_shape: tuple[int, ...], depth: int) -> None:
        """Raise ValueError unless all kernels and poolings fit into inputs of that shape."""
        *places, _ = in_shape
        size = "×".join(map(str, places))
        if self.dilation * (self.kernel - 1) >= min(places):
            spread = f" with dilation={self.dilation}" if self.dilation > 1 else ""
            raise ValueError(f"kernel={self.kernel}: is larger than the inputs of {size}{spread}")
        if not self.final_size(in_shape, depth, 0):
            fitting = max(d for d in range(depth) if self.final_size(in_shape, d, 0))
            raise ValueError(
                f"padding={self.padding}: leaves nothing of {size} after {depth} layers, "
                f"{fitting} at most"
            )
        count = self.count(in_shape, depth)
        if count > depth or not self.final_size(in_shape, depth, count):
            fitting = max(n for n in range(depth + 1) if self.final_size(in_shape, depth, n))
            raise ValueError(f"poolings={count}: of {size}, {depth} layers allow {fitting} at most")


def pooled_blocks(depth: int, poolings: int) -> set[int]:
    """After which of `depth` blocks a pooling follows: evenly spread, from 1 on."""
    evenly = (round(depth * n / (poolings + 1)) for n in range(1, poolings + 1))
    return {max(n, block) for n, block in enumerate(evenly, 1)}
