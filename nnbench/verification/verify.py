"""All checks of a component, in the smallest run that it can be part of."""

from collections.abc import Iterator
from dataclasses import replace

from nnbench.assembly import build, checks
from nnbench.assembly.settle import settle_with_data
from nnbench.data.dataset import Dataset
from nnbench.run.config import RunConfig
from nnbench.verification import gradients
from nnbench.verification.check import Check, attempt
from nnbench.verification.datasets import dataset_checks
from nnbench.verification.descent import descent_check
from nnbench.verification.gradients import gradient_check
from nnbench.verification.references import reference_check
from nnbench.verification.repeats import restart_check, stack_check

PRECISIONS = ("float32", "float64")

NOT_DIFFERENTIATED = ("average", "optimizer", "schedule", "wrapper")
"""Groups that the gradient of a loss says nothing of."""

DESCENDING = ("optimizer", "wrapper")


def verify(config: RunConfig, group: str) -> Iterator[Check]:
    """Check one component of a run: the one of that config group.

    Raises ConfigError if that run is invalid; an error that the component raises fails the check.
    """
    data = build.dataset(config.dataset)
    config = settle_with_data(config, data)
    checks.check_split(config, data)
    build.network(config, data)
    if group == "dataset":
        yield from dataset_checks(config.dataset)
        return
    if group in NOT_DIFFERENTIATED:
        yield Check("gradient", None, gradients.ALLOWED)
    else:
        yield attempt("gradient", gradient_check, replace(config, dtype="float64"), data)
    yield attempt("reference", reference_check, group, getattr(config, group))
    if group in DESCENDING:
        yield attempt("descends", descent_check, replace(config, dtype="float32"), data)
    yield from repeats(config, data)


def repeats(config: RunConfig, data: Dataset) -> Iterator[Check]:
    """Bit for bit, in both precisions."""
    for dtype in PRECISIONS:
        precise = replace(config, dtype=dtype)
        for name, check in (("stack", stack_check), ("restart", restart_check)):
            yield attempt(f"{name} {dtype[-2:]}", check, precise, data)
