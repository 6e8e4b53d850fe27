"""All checks of a component, in the smallest run that it can be part of."""

from collections.abc import Iterator
from dataclasses import replace

from nnbench import build, checks, composition
from nnbench.config import RunConfig
from nnbench.data.dataset import Dataset
from nnbench.verification.check import Check
from nnbench.verification.gradients import gradient_check
from nnbench.verification.references import reference_check
from nnbench.verification.repeats import restart_check, stack_check

PRECISIONS = ("float32", "float64")


def verify(config: RunConfig, group: str) -> Iterator[Check]:
    """Check one component of a run: the one of that config group.

    Raises ConfigError if there can't be such a run.
    """
    data = build.dataset(config.dataset)
    config = composition.settle_loss(config, data.task)
    checks.check_together(config, data.task)
    yield gradient_check(replace(config, dtype="float64"), data)
    yield reference_check(group, getattr(config, group))
    yield from repeats(config, data)


def repeats(config: RunConfig, data: Dataset) -> Iterator[Check]:
    """Bit for bit, in both precisions."""
    for dtype in PRECISIONS:
        yield stack_check(replace(config, dtype=dtype), data)
        yield restart_check(replace(config, dtype=dtype), data)
