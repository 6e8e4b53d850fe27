"""Small things to test with, made from the options that conf/ lists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from functools import cache
from typing import Any

from nnbench.assembly import build, checks, settle
from nnbench.composition import jobs
from nnbench.engine.arrays import Array, ParamStack, Workspace
from nnbench.engine.network import Network
from nnbench.options import catalogue, components
from nnbench.run.config import Component, RunConfig
from nnbench.training import Stack

SMALL = {"dataset": "iris", "depth": 1, "width": 8, "epochs": 3, "dtype": "float64"}


def options(group: str) -> list[str]:
    """Names of the options in conf/ that stand for something and need nothing to be set."""
    texts = {path.stem: path.read_text() for path in (catalogue.ROOT / "conf" / group).iterdir()}
    # A file with ??? and OpenML ask which data are meant.
    asking = ("???", "openml.load")
    return sorted(
        name
        for name, text in texts.items()
        # `auto` stands for another.
        if name != "auto" and "_target_:" in text and not any(mark in text for mark in asking)
    )


@cache
def component(group: str, name: str) -> Component:
    """An option as a run has it."""
    return catalogue.option(group, name).without(*catalogue.SETTLED.get(group, ()))


def built(group: str, name: str, /, **arguments: Any) -> Any:
    """The object of an option, built with its own options and `arguments`."""
    return components.make(group, component(group, name), **arguments)


@cache
def defaults() -> RunConfig:
    """The run that no settings describe."""
    return jobs.compose_job([]).runs[0]


def run(**settings: Any) -> RunConfig:
    """A small run with some settings; components by the name of their file in conf/.

    An optional mapping `changes` has further options by component, such as
    `{"schedule": {"warmup": 0.1}}`.
    """
    changes: Mapping[str, Mapping[str, Any]] = settings.pop("changes", {})
    settings = {"lr": None, "weight_decay": None, "init": "auto", **SMALL, **settings}
    for field in fields(RunConfig):
        if field.type is Component:
            name = settings.get(field.name, getattr(defaults(), field.name).name)
            chosen = catalogue.option(field.name, name)
            more = {**(chosen.options or {}), **changes.get(field.name, {})}
            settings[field.name] = replace(chosen, options=more)
    config = settle.settle(replace(defaults(), **settings))
    if checks.needs_full_batch(config) and "batch_size" not in settings:
        return replace(config, batch_size="full")
    return config


def repeats(config: RunConfig, seeds: Iterable[int]) -> list[RunConfig]:
    """The same run with other seeds."""
    return [replace(config, seed=seed) for seed in seeds]


def stacked(configs: Sequence[RunConfig]) -> Stack:
    """The stack that the runs train in."""
    data = build.dataset(configs[0].dataset)
    return build.stack([settle.settle_loss(c, data.task) for c in configs], data)


def bound(network: Network, values: Array, batch: int) -> tuple[Network, ParamStack]:
    """The network with memory for a stack of the given parameters, (runs, size)."""
    params = network.params(len(values), values.dtype)
    params.values[:] = values
    return network.bind(params, Workspace(len(values), batch, values.dtype)), params
