"""Everything a user can set, with its type and allowed values; the defaults are in conf/."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, fields
from typing import Annotated, Any, TypeAlias

from nnbench.allowed import BELOW_ONE, BETWEEN, NOT_NEGATIVE, POSITIVE, one_of, whole
from nnbench.run.key_values import (
    BUDGET,
    COMPARE,
    EXPERIMENT,
    FINITE,
    FORMATS,
    LIMITS,
    METRIC,
    REFERENCE,
    REPORT_NAME,
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
        options = {key: value for key, value in (self.options or {}).items() if key not in keys}
        return Component(self.name, self.target, options)


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
    """Number of hidden layers; 0 is a linear model."""
    width: Annotated[int, whole(1)]
    """Units (or channels) of each hidden layer."""
    params: Annotated[int | None, whole(1).or_null("for the size at this width")]
    """Target number of parameters; the width is solved to match it as closely as possible."""
    flops: Annotated[int | None, whole(1).or_null("for the size at this width")]
    """The same for multiply-adds (MACs) per example; macs is another name of this key."""
    residual: Switch
    """Add the input of each hidden layer to its output."""
    residual_scale: Annotated[float | str, POSITIVE.or_word("auto")]
    """Factor of a hidden layer's output before its input is added."""
    dropout: Annotated[float, BELOW_ONE]
    """Fraction of each hidden layer's outputs dropped in training."""
    lr: Annotated[float | None, POSITIVE.or_null("for the optimizer's own")]
    """Learning rate."""
    weight_decay: Annotated[float | None, NOT_NEGATIVE.or_null("for the optimizer's own")]
    """L2 penalty."""
    l1: Annotated[float, NOT_NEGATIVE]
    """L1 penalty; both penalties include biases and norm layers, as in PyTorch."""
    clip_norm: Annotated[float | None, POSITIVE.or_null("for no clipping")]
    """Maximum gradient norm."""
    clip_value: Annotated[float | None, POSITIVE.or_null("for no clipping")]
    """Maximum absolute value of each gradient component."""
    batch_size: Annotated[int | str, whole(1).or_word("full")]
    """Examples per step; full: the whole training set, as in textbook gradient descent."""
    epochs: Annotated[int, whole(1)]
    """Maximum number of passes over the training set."""
    patience: Annotated[int | None, whole(1).or_null("for never")]
    """Stop after this many epochs without a better validation score."""
    validation_size: Annotated[float, BETWEEN]
    """Fraction of the examples in the validation set, which chooses the best epoch."""
    test_size: Annotated[float, BETWEEN]
    """Fraction of the examples in the test set, evaluated once at the end."""
    dtype: Annotated[str, one_of(("float32", "float64"))]
    """Precision of all arrays."""
    seed: Annotated[int, whole(0)]
    """First seed; sets the split, the initial weights and the batch order."""

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
    """Number of runs."""
    hours: float
    """Hours of training, as estimated."""
    memory: float | None
    """GB for all processes together; null: the free memory."""
    disk: float | None
    """GB on disk; null: the free space."""


@dataclass(frozen=True)
class SweepConfig:
    """Settings of a sweep as a whole, which affect no run's results."""

    tracking: Component
    launcher: Component
    seeds: Annotated[int, whole(1)]
    """Repeats of each configuration, with seeds seed, seed + 1, …"""
    search: Annotated[int | None, whole(1).or_null("for none")]
    """Random search: settings per optimizer, the default included."""
    extend: Annotated[int | None, whole(0, 10).or_null("for none")]
    """Steps by which a grid may go on where a best setting lies at one of its ends."""
    experiment: Annotated[str, EXPERIMENT.or_null("for MLFLOW_EXPERIMENT_NAME, or nnbench")]
    """Name under which runs are tracked and reported together."""
    jobs: Annotated[int | None, whole(1).or_null("for as many as memory allows")]
    """Worker processes, at most one per core and stack."""
    limits: Annotated[dict[str, Any], LIMITS]
    """Limits of a sweep; one that needs more is refused before it starts."""
    plan: Switch
    """Only print a sweep's runs, time, memory and disk, and the smallest difference it can show."""
    checkpoint_every: Annotated[float | None, NOT_NEGATIVE.or_null("for no checkpoints")]
    """Seconds between two checkpoints of a stack of runs."""
    resume: Switch
    """Skip runs that are already tracked; false: train them again."""
    quick: Switch
    """Preview: at most 5 epochs, 4 searched settings and 6 seeds, as EXPERIMENT_quick.

    More seeds where comparisons need them to be significant, if they fit in a minute.
    """
    report: Switch
    """Write reports/EXPERIMENT after training."""
    name: Annotated[str | None, REPORT_NAME]
    """Folder of the report in reports/."""
    title: Annotated[str | None, TITLE]
    """Title of the report: its question."""
    compare: Annotated[Any, COMPARE]
    """Key to compare, or a list of two: the second is compared for each value of the first."""
    where: Annotated[Any, WHERE]
    """Runs to include."""
    reference: Annotated[Any, REFERENCE]
    """Value that the others are compared with."""
    metric: Annotated[str | None, METRIC]
    """Outcome to compare."""
    budget: Annotated[str | None, BUDGET]
    """Unit of training cost."""
    target: Annotated[float | None, FINITE.or_null("for the score that half of the runs reach")]
    """Validation accuracy or R² for time to target."""
    equivalence: Annotated[float, BELOW_ONE]
    """Largest negligible difference: in accuracy or R², relative for an error or loss."""
    equal_budgets: Switch
    """Subsample larger grids to the same number of settings; false: use all settings."""
    formats: Annotated[Any, FORMATS]
    """Files of each chart (svg, png, pdf) and table (csv, latex); svg and csv always are."""
    trust: Annotated[Any, TRUST]
    """Import paths that stored runs and models may use besides those in conf/."""
    sections: Annotated[dict[str, Any], SECTIONS]
    """+sections.NAME=null removes a section, +sections.NAME._target_=… adds one."""


@dataclass(frozen=True)
class Job:
    """One composed configuration: its settings, each repeated with every seed, and the sweep."""

    settings: tuple[RunConfig, ...]
    """Settings with the first seed."""
    sweep: SweepConfig
    composed: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """The configuration as Hydra composed it, with a value for every key."""
    words: tuple[str, ...] = field(default=(), compare=False)
    """The words of the command line that it was composed by."""
    number: int = field(default=0, compare=False)
    """Its place among all jobs of the sweep, from 0 on, as Hydra has it."""

    @property
    def seeds(self) -> range:
        """The seeds of each of the settings."""
        first = self.settings[0].seed
        return range(first, first + self.sweep.seeds)

    @property
    def runs(self) -> tuple[RunConfig, ...]:
        """Every run, created anew on every access."""
        return tuple(run.repeated(seed) for run in self.settings for seed in self.seeds)


GROUPS = tuple(key.name for key in fields(RunConfig) if key.type is Component)
"""The keys of a run that choose a component."""


def flatten(config: RunConfig | SweepConfig) -> dict[str, Scalar]:
    """Keys and values of a configuration; a component is its name and, dotted, its options.

    A list or mapping becomes its text.
    """
    flat: dict[str, Scalar] = {}
    for name in (key.name for key in fields(config)):
        value = getattr(config, name)
        if isinstance(value, Component):
            flat[name] = value.name
            for option_name, option in (value.options or {}).items():
                flat[f"{name}.{option_name}"] = str(option) if isinstance(option, list) else option
        else:
            flat[name] = str(value) if isinstance(value, list | dict) else value
    return flat
