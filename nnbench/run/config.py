"""Everything a user can set, with its type and allowed values; the defaults are in conf/."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Annotated, Any, TypeAlias, get_type_hints

from nnbench.allowed import BELOW_ONE, BETWEEN, NOT_NEGATIVE, POSITIVE, one_of, whole
from nnbench.run.errors import shown
from nnbench.run.key_values import (
    BUDGET,
    COMPARE,
    EXPERIMENT,
    FINITE,
    LIMITS,
    METRIC,
    REFERENCE,
    SECTIONS,
    TITLE,
    TRUST,
    WHERE,
    Switch,
)

Scalar: TypeAlias = str | int | float | bool | None


class StoredTarget(str):
    """Dotted path that a store, a model or a file names, which is used only if it is trusted."""


@dataclass(frozen=True)
class Component:
    """A chosen option of a config group: a file of conf/<group>."""

    name: str
    target: str = ""
    """Dotted path of the class or function that it stands for."""
    options: Mapping[str, Any] | None = None
    """Its arguments."""

    def option(self, key: str) -> Any:
        """The value of an option, or None."""
        return (self.options or {}).get(key)

    def without(self, *keys: str) -> "Component":
        """The same without some options."""
        kept = {key: value for key, value in (self.options or {}).items() if key not in keys}
        return Component(self.name, self.target, kept)


@dataclass(frozen=True)
class RunConfig:
    """Everything that determines the results of one run."""

    dataset: Component
    model: Component
    activation: Component
    norm: Component
    init: Component
    loss: Component
    optimizer: Component
    wrapper: Component
    average: Component
    schedule: Component
    depth: Annotated[int, whole(0)]
    width: Annotated[int, whole(1)]
    params: Annotated[int | None, whole(1).or_null("for the size at this width")]
    flops: Annotated[int | None, whole(1).or_null("for the size at this width")]
    residual: Switch
    residual_scale: Annotated[float | str, POSITIVE.or_word("auto")]
    dropout: Annotated[float, BELOW_ONE]
    lr: Annotated[float | None, POSITIVE.or_null("for the optimizer's own")]
    weight_decay: Annotated[float | None, NOT_NEGATIVE.or_null("for the optimizer's own")]
    l1: Annotated[float, NOT_NEGATIVE]
    clip_norm: Annotated[float | None, POSITIVE.or_null("for no clipping")]
    clip_value: Annotated[float | None, POSITIVE.or_null("for no clipping")]
    batch_size: Annotated[int | str, whole(1).or_word("full")]
    epochs: Annotated[int, whole(1)]
    patience: Annotated[int | None, whole(1).or_null("for never")]
    validation_size: Annotated[float, BETWEEN]
    test_size: Annotated[float, BETWEEN]
    dtype: Annotated[str, one_of(("float32", "float64"))]
    seed: Annotated[int, whole(0)]

    @property
    def rate(self) -> float:
        """The learning rate, of a configuration whose `lr` is settled."""
        if self.lr is None:
            raise ValueError("lr is not settled yet")
        return self.lr

    def repeated(self, seed: int) -> "RunConfig":
        """The same with another seed; a sweep makes a million of them."""
        duplicate = copy(self)
        vars(duplicate)["seed"] = seed
        return duplicate

    def flat(self) -> dict[str, Scalar]:
        """Every key under the name that the command line uses, such as `optimizer.beta1`."""
        return flatten(self)


@dataclass(frozen=True)
class Limits:
    """Limits of a sweep; a sweep that needs more is refused before anything is done."""

    runs: float
    hours: float
    memory: float | None
    """GB, of all processes together; None for what is free."""
    disk: float | None
    """GB; None for what is free."""


@dataclass(frozen=True)
class SweepConfig:
    """Settings of a sweep as a whole, which affect no run's results."""

    tracking: Component
    launcher: Component
    seeds: Annotated[int, whole(1)]
    search: Annotated[int | None, whole(1).or_null("for none")]
    extend: Annotated[int | None, whole(0, 10).or_null("for none")]
    """Steps by which a grid may go on beyond its ends."""
    experiment: Annotated[str, EXPERIMENT]
    jobs: Annotated[int | None, whole(1).or_null("for as many as memory allows")]
    limits: Annotated[dict[str, Any], LIMITS]
    """The fields of `Limits`, by name."""
    plan: Switch
    checkpoint_every: Annotated[float | None, NOT_NEGATIVE.or_null("for no checkpoints")]
    """Seconds."""
    resume: Switch
    quick: Switch
    report: Switch
    title: Annotated[str | None, TITLE]
    """The question of the report, in words."""
    compare: Annotated[Any, COMPARE]
    where: Annotated[Any, WHERE]
    reference: Annotated[Any, REFERENCE]
    metric: Annotated[str | None, METRIC]
    budget: Annotated[str | None, BUDGET]
    target: Annotated[float | None, FINITE.or_null("for the score that half of the runs reach")]
    equivalence: Annotated[float, BELOW_ONE]
    equal_budgets: Switch
    trust: Annotated[Any, TRUST]
    """Targets that stored configurations may use beside the shipped ones."""
    sections: Annotated[dict[str, Any], SECTIONS]
    """Name → what its file in conf/section could say, or None."""


@dataclass(frozen=True)
class Job:
    """One composed configuration: its settings, each repeated with every seed, and the sweep."""

    settings: tuple[RunConfig, ...]
    """With the first seed."""
    sweep: SweepConfig

    @property
    def seeds(self) -> range:
        """The seeds of each of the settings."""
        first = self.settings[0].seed
        return range(first, first + self.sweep.seeds)

    @property
    def runs(self) -> tuple[RunConfig, ...]:
        """Every run, created anew on every access."""
        return tuple(run.repeated(seed) for run in self.settings for seed in self.seeds)


GROUPS = tuple(field.name for field in fields(RunConfig) if field.type is Component)
"""The keys of a run that choose a component."""


def flatten(config: RunConfig | SweepConfig) -> dict[str, Scalar]:
    """Keys and values of a configuration; a component is its name and, dotted, its options.

    A list or mapping becomes its text.
    """
    flat: dict[str, Scalar] = {}
    for field in fields(config):
        value = getattr(config, field.name)
        if isinstance(value, Component):
            flat[field.name] = value.name
            for key, option in (value.options or {}).items():
                flat[f"{field.name}.{key}"] = str(option) if isinstance(option, list) else option
        else:
            flat[field.name] = str(value) if isinstance(value, list | dict) else value
    return flat


def as_config(values: Mapping[str, Any]) -> RunConfig:
    """The configuration of which `dataclasses.asdict` made plain values, wherever those were kept.

    What was not yet a key then was null. Its targets are marked as stored, since anybody may have
    written them. Raises TypeError for keys that there are no longer, and for what is no component,
    ValueError for values of other kinds.
    """
    if not isinstance(values, Mapping):
        raise TypeError("a configuration must be a mapping")
    chosen: dict[str, Any] = dict.fromkeys(field.name for field in fields(RunConfig)) | {
        key: as_component(value) if key in GROUPS and value is not None else value
        for key, value in values.items()
    }
    config = RunConfig(**chosen)
    for name, kind in kinds().items():
        value = getattr(config, name)
        if value is None and kind is Component:
            raise TypeError(f"{name} is null")
        # A whole number is a number, but true is none.
        if (type(value) is bool and kind is not bool) or not isinstance(value, kind | int | None):
            raise ValueError(f"{name} is {shown(value)}")
    return config


@cache
def kinds() -> Mapping[str, Any]:
    """The kind of each key of a run."""
    return get_type_hints(RunConfig)


def as_component(values: Any) -> Component:
    """The component of plain values that were stored. Raises TypeError if they make none."""
    component = Component(**values)
    if not (isinstance(component.name, str) and isinstance(component.target, str)):
        raise TypeError("a name and a target must be text")
    if not isinstance(component.options, Mapping | None) or not all(
        isinstance(name, str) for name in component.options or ()
    ):
        raise TypeError("options must be a mapping")
    return replace(component, target=StoredTarget(component.target))
