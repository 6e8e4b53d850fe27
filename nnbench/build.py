"""From a configuration to network, loss, optimizer and data; the only place that instantiates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from inspect import Parameter, signature
from pkgutil import resolve_name
from typing import Any

import numpy as np

from nnbench.config import Component, ConfigError, IncompatibleError, InvalidRunError, RunConfig
from nnbench.data.batches import Batches
from nnbench.data.dataset import Dataset, Task
from nnbench.data.split import split
from nnbench.engine.arrays import Array
from nnbench.engine.layers.hidden import Hidden
from nnbench.engine.losses import Loss
from nnbench.engine.network import Network
from nnbench.optim.gradient import GradientTransform
from nnbench.optim.optimizer import Optimizer
from nnbench.training import Stack

NONE_OR_SOME = ("weight_decay", "l1", "clip_norm", "clip_value")
"""Keys of which a number may differ in a stack, but not between 0 or null and any other."""


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
        value, colon, allowed = rest.partition(": ")
        said = (value, allowed) if colon else (options[name], rest)
        return f"{key}.{name}", *said
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


def make_any(key: str, component: Component, **arguments: Any) -> Any:
    """As `make`, but None for a component that stands for nothing."""
    return make(key, component, **arguments) if component.target else None


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
        # A loss that the task must still choose, and what is chosen as none, have no target.
        if isinstance(component, Component) and component.target:
            for name, value in unknown_options(key, component).items():
                allowed = f"{component.name} has no such option, see conf/{key}"
                raise ConfigError(f"{key}.{name}", value, allowed)
    for key in ("activation", "init", "schedule"):
        make(key, getattr(config, key))
    for key in ("loss", "norm", "average"):
        make_any(key, getattr(config, key))
    # In the precision it will have: just below 1 may be 1 there.
    optimizer([config], {})
    locate("dataset", config.dataset)
    locate("model", config.model)


def check_together(config: RunConfig, task: Task) -> None:
    """Raise IncompatibleError if settings that are fine alone make no sense together."""
    optimizer = locate("optimizer", config.optimizer)
    if getattr(optimizer, "full_batch", False) and config.batch_size != "full":
        allowed = f"must be full with optimizer={config.optimizer.name}"
        raise IncompatibleError("batch_size", config.batch_size, allowed)
    if getattr(optimizer, "needs_losses", False):
        require_plain_gradient(config)
    if config.batch_size == 1 and getattr(make_any("norm", config.norm), "over_batch", False):
        allowed = f"must be 2 or more with norm={config.norm.name}, one example has no variance"
        raise IncompatibleError("batch_size", 1, allowed)
    tasks = getattr(locate("loss", config.loss), "tasks", (task,))
    if task not in tasks:
        allowed = f"is for {' or '.join(tasks)}, but {config.dataset.name} is a {task}"
        raise IncompatibleError("loss", config.loss.name, allowed)


def require_plain_gradient(config: RunConfig) -> None:
    """Raise IncompatibleError if the optimizer would not be given the gradient of what it compares.

    A search along a line goes astray where a loss and its gradient do not fit together, or where
    the loss is another at every look.
    """
    named = f"with optimizer={config.optimizer.name}, which searches along lines"
    for key, nothing in (("clip_norm", "null"), ("clip_value", "null"), ("dropout", "0")):
        if getattr(config, key):
            raise IncompatibleError(key, getattr(config, key), f"must be {nothing} {named}")
    if config.wrapper.target:
        raise IncompatibleError("wrapper", config.wrapper.name, f"must be none {named}")


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
    given = {key: column(configs, key) for key in NONE_OR_SOME if getattr(first, key)}
    l2 = given.pop("weight_decay", None)
    own_decay = decouples(first)
    return Stack(
        configs=configs,
        network=network(first, data),
        loss=loss,
        optimizer=optimizer(
            configs, {"weight_decay": column(configs, "weight_decay")} if own_decay else {}
        ),
        transform=GradientTransform(**given, l2=None if own_decay else l2),
        schedules=[make("schedule", config.schedule) for config in configs],
        averages=[make_any("average", config.average) for config in configs],
        batches=Batches(data, splits, first.dtype),
    )


def decouples(config: RunConfig) -> bool:
    """Whether the optimizer takes the weight decay upon itself."""
    target: Any = locate("optimizer", config.optimizer)
    return is_dataclass(target) and "weight_decay" in {field.name for field in fields(target)}


def optimizer(configs: Sequence[RunConfig], more: Mapping[str, Any]) -> Optimizer:
    """The optimizer of a stack, given `more` of its hyperparameters, in its wrapper."""
    first = configs[0]
    hyperparameters = columns([config.optimizer for config in configs], first.dtype)
    made: Optimizer = make("optimizer", first.optimizer, **hyperparameters, **more)
    options = columns([config.wrapper for config in configs], first.dtype)
    return make_any("wrapper", first.wrapper, inner=made, **options) or made


def column(configs: Sequence[RunConfig], key: str) -> Array:
    """A key of all runs of a stack, (runs, 1)."""
    return np.array([[getattr(config, key)] for config in configs], configs[0].dtype)


def network(config: RunConfig, data: Dataset) -> Network:
    """The network of a configuration, planned for the shape of the data."""
    hidden = Hidden(
        activation=make("activation", config.activation),
        norm=make_any("norm", config.norm),
        dropout=config.dropout,
        residual=config.residual,
    )
    layers = make(
        "model",
        config.model,
        outputs=data.outputs,
        depth=config.depth,
        width=config.width,
        hidden=hidden,
        init=make("init", config.init),
    )
    return Network(layers, data.x.shape[1:])


def stack_key(config: RunConfig) -> tuple[tuple[str, str], ...]:
    """What runs must have in common to train together.

    Seed, learning rate, schedule, patience and the numeric hyperparameters of the optimizer and
    its wrapper may differ; so may penalties, clipping and averages, but not between none and some.
    """
    shared = replace(
        config,
        seed=0,
        lr=None,
        patience=None,
        optimizer=without_numbers(config.optimizer),
        wrapper=without_numbers(config.wrapper),
        schedule=Component("any"),
        average=Component("any" if config.average.target else "none"),
    )
    some = {key: bool(getattr(config, key)) for key in NONE_OR_SOME}
    return tuple(sorted((key, repr(value)) for key, value in {**vars(shared), **some}.items()))


def without_numbers(component: Component) -> Component:
    """A component without the options that may differ between the runs of a stack."""
    options = component.options or {}
    return component.without(*(key for key, value in options.items() if is_number(value)))


def check_stack(configs: Sequence[RunConfig]) -> None:
    """Raise ConfigError unless the runs can train together."""
    first = dict(stack_key(configs[0]))
    for config in configs[1:]:
        for key, value in stack_key(config):
            if value != first[key]:
                theirs = getattr(configs[0], key)
                allowed = f"must be the same throughout a stack, whose first run has {theirs}"
                raise ConfigError(key, getattr(config, key), allowed)
