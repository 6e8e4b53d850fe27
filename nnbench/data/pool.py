"""Generated data of which each run draws rows of its own."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from inspect import Parameter, signature
from math import inf
from typing import Annotated, Any, TypeAlias

from nnbench.allowed import require, whole
from nnbench.data.dataset import Dataset
from nnbench.system.limits import LimitError

ROWS = 100_000
"""Rows of a pool unless `pool` says otherwise: five times those of 20 runs of 1,000."""

NUMBERS = 2_200_000
"""Numbers that a pool has at most, unless `pool` says otherwise: 20 megabytes."""

Seed: TypeAlias = Annotated[int, whole(0, 2**32 - 1)]
"""Seed of generated data, as all generators take it."""

Make = Callable[..., Dataset]


def from_pool(most: Callable[[Mapping[str, Any]], int] | None = None) -> Callable[[Make], Make]:
    """A decorator of functions that generate `samples` rows: with `fresh`, of a pool of rows.

    The function to be learnt is the same for all runs, whereas each run draws `samples` rows of the
    pool by its seed. What is found with several seeds then holds for new rows as well; where all
    runs split the same rows (`fresh=False`), it holds for those rows only (Nadeau & Bengio 2003).
    `most` gives the number of different rows there are, by the function's options.
    """

    def decorate(make: Make) -> Make:
        own = signature(make)

        @wraps(make)
        def pooled(
            *arguments: Any, pool: int | None = None, fresh: bool = False, **options: Any
        ) -> Dataset:
            options |= dict(zip(own.parameters, arguments, strict=False))
            few = make(**options)
            if pool is not None:
                require("pool", pool, whole(1))
            if not fresh:
                return few
            rows = pool_rows(few, pool, most(options) if most else inf)
            try:
                return replace(make(**{**options, "samples": rows}), drawn=len(few.x))
            except LimitError as error:
                raise error.named("pool", rows) from error

        more = [
            Parameter("pool", Parameter.KEYWORD_ONLY, default=None, annotation=int | None),
            Parameter("fresh", Parameter.KEYWORD_ONLY, default=False, annotation=bool),
        ]
        named = [p for p in own.parameters.values() if p.kind is not Parameter.VAR_KEYWORD]
        others = [p for p in own.parameters.values() if p.kind is Parameter.VAR_KEYWORD]
        pooled.__signature__ = own.replace(parameters=[*named, *more, *others])  # type: ignore[attr-defined]
        return pooled

    return decorate


def pool_rows(few: Dataset, pool: int | None, most: float) -> int:
    """The number of rows of a pool for data with so few rows, of which there are `most`.

    Raises ValueError for a pool that is too small or too large.
    """
    samples = len(few.x)
    if pool is None:
        numbers = few.x[0].size + few.y[0].size
        return int(max(samples, min(ROWS, NUMBERS // numbers, most)))
    if pool < samples:
        raise ValueError(f"pool={pool}: must be at least samples={samples}")
    if pool > most:
        raise ValueError(f"pool={pool}: must be at most {most}, the number of different rows")
    return pool
