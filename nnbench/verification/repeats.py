"""Checks that a run's results are the same alone, in a stack and after a restart."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from nnbench.assembly import build
from nnbench.data.dataset import Dataset
from nnbench.optim.sgd import SGD
from nnbench.options.components import make_any
from nnbench.run.config import Component, RunConfig
from nnbench.run.errors import InvalidRunError
from nnbench.run.result import RunResult
from nnbench.training import train
from nnbench.training.checkpoint import Checkpoint
from nnbench.training.loop import Loop
from nnbench.training.state import Training
from nnbench.verification.check import Check

FACTORS = (1.0, 0.7, 0.4)
"""Factors of the learning rates and hyperparameters of runs that train together."""


def stack_check(config: RunConfig, data: Dataset) -> Check:
    """Runs in a stack against each of them alone, bit for bit."""
    configs = company(config)
    together = train(build.stack(configs, data))
    alone = [train(build.stack([single], data))[0] for single in configs]
    return Check(f"stack {config.dtype[-2:]}", difference(together, alone), 0.0)


def restart_check(config: RunConfig, data: Dataset) -> Check:
    """A stack that is stopped halfway and taken up again against one that isn't."""
    name = f"restart {config.dtype[-2:]}"
    if config.epochs < 2:
        # There is no halfway.
        return Check(name, None, 0.0)
    configs = company(config)
    whole = train(build.stack(configs, data))
    with tempfile.TemporaryDirectory() as directory:
        keys = [str(number) for number in range(len(configs))]
        checkpoint = Checkpoint(Path(directory, "stack.npz"), keys, every=0.0)
        train_to(config.epochs // 2, Training(build.stack(configs, data)), checkpoint)
        resumed = train(build.stack(configs, data), replace(checkpoint, every=1e9))
    return Check(name, difference(whole, resumed), 0.0)


def company(config: RunConfig) -> list[RunConfig]:
    """Runs that train together and differ in what may differ."""
    return [
        replace(
            config,
            seed=config.seed + number,
            lr=config.rate * factor,
            optimizer=other("optimizer", config.optimizer, factor),
            wrapper=other("wrapper", config.wrapper, factor, inner=SGD()),
            average=other("average", config.average, factor),
        )
        for number, factor in enumerate(FACTORS)
    ]


def other(group: str, component: Component, factor: float, **more: Any) -> Component:
    """The component with other numbers, or itself where it would have none of them."""
    changed = scaled(component, factor)
    try:
        make_any(group, changed, **more)
    except InvalidRunError:
        return component
    return changed


def scaled(component: Component, factor: float) -> Component:
    """The component with all its hyperparameters further from 1, which some must not cross."""
    numbers = {
        name: (value * factor if value <= 1 else value / factor)
        if isinstance(value, float)
        else value
        for name, value in (component.options or {}).items()
    }
    return replace(component, options=numbers)


def train_to(last: int, training: Training, checkpoint: Checkpoint) -> None:
    """Train up to an epoch, as if the process had ended there."""
    with np.errstate(all="ignore"):
        for epoch in Loop(training, checkpoint).epochs():
            if epoch == last:
                break
    checkpoint.release()


def difference(results: Sequence[RunResult], others: Sequence[RunResult]) -> float:
    """The largest difference between any two values; infinite if only one is a number."""
    largest = 0.0
    for result, other in zip(results, others, strict=True):
        pairs: list[tuple[Any, Any]] = [
            (list(result.final.values()), [other.final.get(name, np.nan) for name in result.final])
        ]
        if result.history is not None and other.history is not None:
            theirs = other.history.curves
            pairs += [(curve, theirs[name]) for name, curve in result.history.curves.items()]
            theirs = other.history.layer_statistics
            pairs += [
                (statistic, theirs[name])
                for name, statistic in result.history.layer_statistics.items()
            ]
        for left, right in pairs:
            largest = max(largest, gap(np.asarray(left), np.asarray(right)))
    return largest


def gap(left: Any, right: Any) -> float:
    """The largest difference between two arrays."""
    if left.shape != right.shape:
        return float("inf")
    same = (left == right) | (np.isnan(left) & np.isnan(right))
    if same.all():
        return 0.0
    apart = np.abs(left[~same] - right[~same])
    return float(np.where(np.isfinite(apart), apart, np.inf).max())
