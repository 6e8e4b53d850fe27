"""From a configuration to network, loss, optimizer and data."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

from nnbench.assembly.stackable import NONE_OR_SOME
from nnbench.data.batches import Batches
from nnbench.data.dataset import Dataset, fault
from nnbench.data.split import split
from nnbench.engine.arrays import Array
from nnbench.engine.layers.hidden import Hidden
from nnbench.engine.layers.residual import Branches
from nnbench.engine.losses import Loss
from nnbench.engine.models import Model
from nnbench.engine.network import Network
from nnbench.engine.own import completed_initializer
from nnbench.optim.gradient import GradientTransform
from nnbench.optim.optimizer import Optimizer
from nnbench.optim.own import completed
from nnbench.options.components import (
    columns,
    common_options_checked,
    explained,
    locate,
    make,
    make_any,
    unknown_options,
)
from nnbench.run.config import Component, RunConfig
from nnbench.run.errors import ConfigError, IncompatibleError
from nnbench.training import Stack


def dataset(component: Component) -> Dataset:
    """The data set that a component names. Raises ConfigError if loading fails."""
    component = common_options_checked("dataset", component)
    # A function of the user's need not take a name.
    unknown = unknown_options("dataset", replace(component, options={"name": component.name}))
    data = make("dataset", component, **({} if unknown else {"name": component.name}))
    if not isinstance(data, Dataset):
        allowed = f"must return a nnbench.data.dataset.Dataset, not {type(data).__name__}"
        raise ConfigError("dataset._target_", component.target, allowed)
    reason = "" if component.target.startswith("nnbench.") else fault(data)
    if reason:
        raise ConfigError("dataset._target_", component.target, f"must return {reason}")
    return replace(data, train_rows=component.option("train_rows") or 0)


def stack(configs: Sequence[RunConfig], data: Dataset) -> Stack:
    """The stack of runs that train together; their data and kinds of component are the same."""
    first = configs[0]
    splits = [split(data, c.seed, c.validation_size, c.test_size) for c in configs]
    loss: Loss = make("loss", first.loss)
    penalties = {key: column(configs, key) for key in NONE_OR_SOME if getattr(first, key)}
    l2 = penalties.pop("weight_decay", None)
    own_decay = has_own_decay(first.optimizer)
    return Stack(
        configs=configs,
        network=network(first, data),
        loss=loss,
        optimizer=optimizer(
            configs, {"weight_decay": column(configs, "weight_decay")} if own_decay else {}
        ),
        transform=GradientTransform(**penalties, l2=None if own_decay else l2),
        schedules=[make("schedule", config.schedule) for config in configs],
        averages=[make_any("average", config.average) for config in configs],
        batches=Batches(data, splits, first.dtype),
    )


def has_own_decay(component: Component) -> bool:
    """True if the optimizer applies the weight decay itself."""
    target: Any = locate("optimizer", component)
    return is_dataclass(target) and "weight_decay" in {field.name for field in fields(target)}


def optimizer(configs: Sequence[RunConfig], more: Mapping[str, Any]) -> Optimizer:
    """The optimizer of a stack, given `more` of its hyperparameters, in its wrapper."""
    first = configs[0]
    hyperparameters = columns([config.optimizer for config in configs], first.dtype)
    inner = completed(make("optimizer", first.optimizer, **hyperparameters, **more))
    options = columns([config.wrapper for config in configs], first.dtype)
    wrapper = make_any("wrapper", first.wrapper, inner=inner, **options)
    return completed(wrapper) if wrapper else inner


def column(configs: Sequence[RunConfig], key: str) -> Array:
    """A key of all runs of a stack, (runs, 1)."""
    return np.array([[getattr(config, key)] for config in configs], configs[0].dtype)


def network(config: RunConfig, data: Dataset) -> Network:
    """The network of a configuration, planned for the shape of the data.

    Raises IncompatibleError if it can't read data of that shape.
    """
    in_shape, scale = data.x.shape[1:], config.residual_scale
    hidden = Hidden(
        activation=make("activation", config.activation),
        norm=make_any("norm", config.norm),
        dropout=config.dropout,
        residual=config.residual,
        branches=Branches(None if isinstance(scale, str) else scale),
    )
    model: Model = make("model", config.model)
    init = completed_initializer(make("init", config.init))
    with explained("model", config.model, IncompatibleError):
        layers = model.layers(in_shape, data.outputs, config.depth, config.width, hidden, init)
        return Network(layers, in_shape)
