"""From a configuration to network, loss, optimizer and data; the only place that instantiates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from inspect import Parameter, signature
from pkgutil import resolve_name
from typing import Any

import numpy as np

from nnbench.config import (
    Component,
    ConfigError,
    IncompatibleError,
    InvalidRunError,
    RunConfig,
)
from nnbench.data.batches import Batches
from nnbench.data.dataset import Dataset, Task
from nnbench.data.split import split
from nnbench.engine.losses import Loss
from nnbench.engine.network import Network
from nnbench.training import Stack


def make(key: str, component: Component, **arguments: Any) -> Any:
    """What a component stands for, called with its options and `arguments`.

    Raises ConfigError, naming the key, if there is no such thing; InvalidRunError, naming the
    option where that is known, if its options can't be.
    """
    target = locate(key, component)
    try:
        return target(**{**(component.options or {}), **arguments})
    except (TypeError, ValueError) as error:
        raise InvalidRunError(*what_is_wrong(key, component, error)) from error


def what_is_wrong(key: str, component: Component, error: Exception) -> tuple[str, object, str]:
    """Key, value and what is allowed, of an error that a component has raised of its options."""
    options = component.options or {}
    text = " ".join(str(error).split())
    name, _, rest = text.partition("=")
    if name in options:
        value, found, allowed = rest.partition(": ")
        return (
            (f"{key}.{name}", value, allowed) if found else (f"{key}.{name}", options[name], rest)
        )
    known = parameters(key, component.target)
    for name, value in options.items():
        if name in known and is_number(known[name].default) and not is_number(value):
            return f"{key}.{name}", value, "must be a number"
    return key, component.name, text


def unknown_options(key: str, component: Component) -> dict[str, Any]:
    """The options that a component is given and hasn't got."""
    known = parameters(key, component.target)
    if any(parameter.kind is Parameter.VAR_KEYWORD for parameter in known.values()):
        return {}
    return {name: v for name, v in (component.options or {}).items() if name not in known}


@cache
def parameters(key: str, target: str) -> Mapping[str, Parameter]:
    """What the class or function of a dotted path can be called with."""
    return signature(locate(key, Component(target, target))).parameters


def locate(key: str, component: Component) -> Callable[..., Any]:
    """The class or function that a component names by its dotted path."""
    try:
        found = resolve_name(component.target)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(f"{key}._target_", component.target, f"not found: {error}") from error
    if not callable(found):
        raise ConfigError(f"{key}._target_", component.target, "must be a class or function")
    return found  # type: ignore[no-any-return]


def check(config: RunConfig) -> None:
    """Raise ConfigError if a component can't be made from its options; no data is loaded."""
    for key, component in vars(config).items():
        # A loss has no target while the task must still choose it.
        if isinstance(component, Component) and component.target:
            for name, value in unknown_options(key, component).items():
                allowed = f"{component.name} has no such option, see conf/{key}"
                raise ConfigError(f"{key}.{name}", value, allowed)
    for key in ("activation", "init", "schedule"):
        make(key, getattr(config, key))
    if config.loss.target:
        make("loss", config.loss)
    # In the precision it will have: just below 1 may be 1 there.
    make("optimizer", config.optimizer, **columns([config.optimizer], config.dtype))
    locate("dataset", config.dataset)
    locate("model", config.model)


def check_together(config: RunConfig, task: Task) -> None:
    """Raise IncompatibleError if settings that are fine alone make no sense together."""
    if getattr(locate("optimizer", config.optimizer), "full_batch", False):
        require_full_batch(config)
    tasks = getattr(locate("loss", config.loss), "tasks", (task,))
    if task not in tasks:
        allowed = f"is for {' or '.join(tasks)}, but {config.dataset.name} is a {task}"
        raise IncompatibleError("loss", config.loss.name, allowed)


def require_full_batch(config: RunConfig) -> None:
    """Raise IncompatibleError if gradients are those of parts of the data."""
    if config.batch_size != "full":
        allowed = f"must be full with optimizer={config.optimizer.name}"
        raise IncompatibleError("batch_size", config.batch_size, allowed)


def dataset(component: Component) -> Dataset:
    """The data set that a component names. Raises ConfigError if it can't be loaded."""
    try:
        data: Dataset = make("dataset", component, name=component.name)
    except ConfigError:
        raise
    except Exception as error:  # Loaders are other people's code, and so are files.
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        raise ConfigError("dataset", component.name, reason) from error
    return data


def check_split(config: RunConfig, data: Dataset) -> None:
    """Raise ConfigError if the data can't be split into the parts that are asked for."""
    try:
        split(data, config.seed, config.validation_size, config.test_size)
    except ValueError as error:
        raise ConfigError(
            "test_size", config.test_size, f"{data.name} can't be split, together with "
            f"validation_size={config.validation_size}: {error}"
        ) from error  # fmt: skip


def columns(components: Sequence[Component], dtype: str) -> dict[str, Any]:
    """Options of one kind of component for a stack: numbers become columns (runs, 1)."""
    first = components[0].options or {}
    return {
        key: np.array([[component.option(key)] for component in components], dtype)
        if is_number(value)
        else value
        for key, value in first.items()
    }


def is_number(value: object) -> bool:
    """Whether an option may differ between the runs of a stack."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def stack(configs: Sequence[RunConfig], data: Dataset) -> Stack:
    """The stack of runs that train together; their data and kinds of component are the same."""
    first = configs[0]
    splits = [split(data, c.seed, c.validation_size, c.test_size) for c in configs]
    loss: Loss = make("loss", first.loss)
    decay = np.array([[c.weight_decay] for c in configs], first.dtype)
    hyperparameters = columns([config.optimizer for config in configs], first.dtype)
    target: Any = locate("optimizer", first.optimizer)
    decoupled = is_dataclass(target) and "weight_decay" in {f.name for f in fields(target)}
    if decoupled:
        hyperparameters["weight_decay"] = decay
    return Stack(
        configs=configs,
        network=network(first, data),
        loss=loss,
        optimizer=make("optimizer", first.optimizer, **hyperparameters),
        schedules=[make("schedule", config.schedule) for config in configs],
        penalty=decay if first.weight_decay and not decoupled else None,
        batches=Batches(data, splits, first.dtype),
    )


def network(config: RunConfig, data: Dataset) -> Network:
    """The network of a configuration, planned for the shape of the data."""
    layers = make(
        "model",
        config.model,
        outputs=data.outputs,
        depth=config.depth,
        width=config.width,
        activation=make("activation", config.activation),
        init=make("init", config.init),
    )
    return Network(layers, data.x.shape[1:])


def stack_key(config: RunConfig) -> tuple[tuple[str, str], ...]:
    """What runs must have in common to train together.

    Seed, learning rate, schedule, patience and the numeric hyperparameters of the optimizer may
    differ; so may the weight decay, but not between none and some.
    """
    optimizer = {
        key: value
        for key, value in (config.optimizer.options or {}).items()
        if not is_number(value)
    }
    shared = replace(
        config,
        seed=0,
        lr=None,
        patience=None,
        weight_decay=float(bool(config.weight_decay)),
        optimizer=replace(config.optimizer, options=optimizer),
        schedule=Component("any"),
    )
    return tuple(sorted((key, repr(value)) for key, value in vars(shared).items()))


def check_stack(configs: Sequence[RunConfig]) -> None:
    """Raise ConfigError unless the runs can train together."""
    first = dict(stack_key(configs[0]))
    for config in configs[1:]:
        for key, value in stack_key(config):
            if value != first[key]:
                theirs = getattr(configs[0], key)
                allowed = f"must be the same throughout a stack, whose first run has {theirs}"
                raise ConfigError(key, getattr(config, key), allowed)
