"""Checks of configurations: alone, with their data, and side by side."""

from collections.abc import Sequence

from nnbench.assembly import build
from nnbench.assembly.stackable import stack_key
from nnbench.data.dataset import Dataset
from nnbench.data.split import reduced, whole_split
from nnbench.engine import own as engine_own
from nnbench.engine.losses import Loss
from nnbench.optim.own import declared
from nnbench.options.components import explained, locate, make, make_any, unknown_options
from nnbench.run.config import Component, RunConfig
from nnbench.run.errors import ConfigError, IncompatibleError
from nnbench.run.metrics import Task


def check(config: RunConfig) -> None:
    """Raise ConfigError if a component's options are invalid; no data is loaded."""
    for key, component in vars(config).items():
        # A loss that the task must still choose, and what is chosen as none, have no target.
        if isinstance(component, Component) and component.target:
            for name, value in (component.options or {}).items():
                if value == "???":
                    raise ConfigError(
                        f"{key}.{name}",
                        value,
                        f"must be set; conf/{key}/{component.name}.yaml describes it",
                    )
            for name, value in unknown_options(key, component).items():
                allowed = f"{component.name} has no such option, see conf/{key}"
                raise ConfigError(f"{key}.{name}", value, allowed)
    if config.params is not None and config.flops is not None:
        raise IncompatibleError("flops", config.flops, f"must be null with params={config.params}")
    for key in ("activation", "init", "model", "schedule"):
        make(key, getattr(config, key))
    for key in ("loss", "norm", "average"):
        make_any(key, getattr(config, key))
    # In the precision it will have: just below 1 may be 1 there.
    build.optimizer([config], {})
    locate("dataset", config.dataset)


def check_together(config: RunConfig, task: Task) -> None:
    """Raise IncompatibleError if settings that are fine alone make no sense together."""
    optimizer = declared(locate("optimizer", config.optimizer))
    if needs_full_batch(config) and config.batch_size != "full":
        allowed = f"must be full with optimizer={config.optimizer.name}"
        raise IncompatibleError("batch_size", config.batch_size, allowed)
    if optimizer.needs_losses:
        require_plain_gradient(config)
    wrapper = declared(config.wrapper.target and locate("wrapper", config.wrapper))
    if optimizer.evaluates_others and wrapper.moves_params:
        named = f"optimizer={config.optimizer.name}"
        allowed = f"must not move the parameters with {named}, which evaluates others"
        raise IncompatibleError("wrapper", config.wrapper.name, allowed)
    if config.batch_size == 1 and norm_is_over_batch(config):
        allowed = f"must be 2 or more with norm={config.norm.name}: one example has no variance"
        raise IncompatibleError("batch_size", 1, allowed)
    tasks = engine_own.declared(locate("loss", config.loss), Loss).tasks
    if task not in tasks:
        allowed = f"is for {' or '.join(tasks)}, but {config.dataset.name} is a {task} task"
        raise IncompatibleError("loss", config.loss.name, allowed)


def norm_is_over_batch(config: RunConfig) -> bool:
    """True if the norm makes examples depend on each other."""
    norm = make_any("norm", config.norm)
    return norm is not None and bool(engine_own.completed_layer(norm).over_batch)


def needs_full_batch(config: RunConfig) -> bool:
    """True if the optimizer needs the whole training set in every batch."""
    return declared(locate("optimizer", config.optimizer)).full_batch


def require_plain_gradient(config: RunConfig) -> None:
    """Raise IncompatibleError if the optimizer would not be given the gradient of what it compares.

    A search along a line goes astray where a loss and its gradient do not fit together, or where
    the loss is another at every look.
    """
    named = f"with optimizer={config.optimizer.name}, which uses line search"
    for key, nothing in (("clip_norm", "null"), ("clip_value", "null"), ("dropout", "0")):
        if getattr(config, key):
            raise IncompatibleError(key, getattr(config, key), f"must be {nothing} {named}")
    if config.wrapper.target:
        raise IncompatibleError("wrapper", config.wrapper.name, f"must be none {named}")
    if norm_is_over_batch(config):
        # Its statistics would mix all points of the search.
        raise IncompatibleError("norm", config.norm.name, f"must be none or layer {named}")


def check_split(config: RunConfig, data: Dataset) -> None:
    """Raise IncompatibleError if the data have no split into sets of the requested sizes."""
    try:
        sets = whole_split(data, config.seed, config.validation_size, config.test_size)
    except ValueError as error:
        raise IncompatibleError(
            "test_size", config.test_size, f"no valid split of {data.name} together with "
            f"validation_size={config.validation_size}: {error}"
        ) from error  # fmt: skip
    if data.train_rows:
        with explained("dataset", config.dataset, IncompatibleError):
            reduced(sets, data, config.seed)


def check_stack(configs: Sequence[RunConfig]) -> None:
    """Raise ConfigError unless the runs can train together."""
    first = dict(stack_key(configs[0]))
    for config in configs[1:]:
        for key, value in stack_key(config):
            if value != first[key]:
                expected = getattr(configs[0], key)
                allowed = f"must be the same throughout a stack, whose first run has {expected}"
                raise ConfigError(key, getattr(config, key), allowed)
