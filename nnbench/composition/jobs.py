"""From the words of a command line to validated jobs; with the faces, the only users of Hydra."""

import re
import warnings
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeAlias

import hydra
from hydra import compose, initialize_config_dir, version
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import DictConfig, OmegaConf

from nnbench.assembly import checks
from nnbench.assembly.settle import settle
from nnbench.composition.expansion import limits_of, refuse_too_many, split
from nnbench.composition.hydra_errors import explained, resolved
from nnbench.composition.word_checks import check_words
from nnbench.options import trust
from nnbench.options.catalogue import ROOT, component, file_of, own, written
from nnbench.options.keys import (
    ALLOWED,
    GROUPS,
    KEYS,
    OF_RUNS,
    allowed,
    experiment_name,
    unknown_key,
)
from nnbench.options.option_types import typed
from nnbench.options.overrides import aliases_in_errors, with_names
from nnbench.options.quoting import quoted
from nnbench.options.search import draw
from nnbench.run.config import Component, Job, Limits, RunConfig, SweepConfig
from nnbench.run.errors import ConfigError, InvalidRunError
from nnbench.run.key_values import QUICK, REGISTERED_MODEL
from nnbench.safety.sanitize import is_neutral

Known: TypeAlias = dict[object, Any]
"""Results of functions by function and arguments."""

NOT_CHECKED: dict[str, Any] = {
    "depth": 0,
    "width": 1,
    "lr": None,
    "epochs": 1,
    "patience": None,
    "seed": 0,
}
"""Keys of a run, with any value, that decide nothing of whether its components can be made."""

WARNING = ("hydra._internal.config_loader_impl", "hydra._internal.utils")
"""Function of Hydra that warns, over several lines, of words that it then ignores."""

VERSION_BASE = {"version_base": "1.3"} if hydra.__version__.startswith("1.3") else {}
"""The version to behave as, which Hydra 1.3 asks for and later ones deprecate."""


def register() -> None:
    """Make known to Hydra where conf/ and sweeps/ lie, and that its warnings are mistakes."""
    for module in WARNING:
        warnings.filterwarnings("error", category=UserWarning, module=re.escape(module))
    if VERSION_BASE:
        version.setbase(VERSION_BASE["version_base"])
    # Hydra 1.4 would be told what may be instantiated, but that would be all that may be.
    callback = re.escape("hydra.utils.instantiate() resolved _target_=")
    warnings.filterwarnings("ignore", message=callback)
    # OmegaConf 2.4, which comes with Hydra 1.4, deprecates the older of the two names.
    name = "register_new_resolver" if VERSION_BASE else "register_resolver"
    getattr(OmegaConf, name)("nnbench_root", lambda: str(ROOT), replace=True)


def compose_job(overrides: Sequence[str]) -> Job:
    """The job that a command line's `overrides`, such as `depth=3`, describe."""
    named = list(map(with_names, overrides))
    with aliases_in_errors(overrides), composing(named):
        return parse(compose("config", list(map(quoted, named))))


def expand(overrides: Sequence[str]) -> list[list[str]]:
    """The jobs of a sweep, each by its own overrides: `optimizer=adam,sgd`, `optimizer=glob(*)`."""
    with composing(overrides):
        loader = GlobalHydra.instance().config_loader()
        words = list(map(quoted, overrides))
        parsed = OverridesParser.create(config_loader=loader).parse_overrides(words)
        return split(parsed, limits_of(written(ROOT / "conf" / "config.yaml")["limits"]))


@contextmanager
def composing(overrides: Sequence[str]) -> Iterator[None]:
    """Compose settings with Hydra, and explain its errors."""
    register()
    check_words(overrides)
    with (
        explained(overrides),
        apart_from_other_apps(),
        initialize_config_dir(str(ROOT / "conf"), job_name="nnbench", **VERSION_BASE),
    ):
        yield


@contextmanager
def apart_from_other_apps() -> Iterator[None]:
    """Compose within a program that uses Hydra for itself, too."""
    outer, GlobalHydra.instance().hydra = GlobalHydra.instance().hydra, None
    try:
        yield
    finally:
        # Looked up again, since Hydra replaces the object.
        GlobalHydra.instance().hydra = outer


def parse(settings: DictConfig) -> Job:
    """The job of a composed configuration, as `job_of` has it."""
    return job_of(plain(settings), {})


def plain(settings: DictConfig) -> dict[str, Any]:
    """A composed configuration as plain data, with a value for every key."""
    for key in settings:
        if key not in KEYS and key != "hydra":
            first = "the first line of a sweep file must be # @package _global_"
            allowed = first if key == "sweeps" else unknown_key(str(key))
            raise ConfigError(str(key), settings[key], allowed)
    for key in KEYS:
        if OmegaConf.is_missing(settings, key) or key not in settings:
            raise ConfigError(key, "", "must have a value")
    values = resolved(OmegaConf.masked_copy(settings, list(KEYS)))
    for group in GROUPS:
        if not isinstance(values[group], Mapping):
            allowed = f"in a file, an option is chosen by defaults: [override /{group}: NAME]"
            raise ConfigError(group, values[group], allowed)
    return values


def job_of(
    composed: Mapping[str, Any], cache: Known, words: Sequence[str] = (), number: int = 0
) -> Job:
    """The job that plain settings describe, which `words` compose.

    Raises InvalidRunError if a value is invalid for its runs alone, ConfigError if it is invalid
    for any runs. `cache` holds results for equal settings of other jobs of the sweep, and is added
    to.
    """
    settings = {**composed, "experiment": experiment_name(composed["experiment"])}
    values = {key: known_or(cache, allowed, key, settings[key]) for key in ALLOWED}
    values = {**settings, **values}
    refuse_no_training_set(values)
    # As it was typed.
    refuse_no_branches(settings["residual_scale"], is_residual=values["residual"])
    if values["quick"]:
        values |= quicker(values)
    refuse_too_many(values, limits_of(values["limits"]))
    ranges = to_search(values)
    # Whatever is composed is the user's own word.
    trust.allow((group, str(values[group].get("_target_", ""))) for group in GROUPS)
    trust.allow((trust.ANY, target) for target in values["trust"])
    for group in GROUPS:
        values[group] = known_or(cache, chosen, group, values[group])
    refuse_bad_model_name(values["tracking"])
    # A class of the user's has use for some of another's only.
    ranges = {key: ends for key, ends in ranges.items() if key in values["optimizer"].options}
    sweep = SweepConfig(**{key: values[key] for key in KEYS if key not in OF_RUNS})
    first = RunConfig(**{key: values[key] for key in OF_RUNS})
    optimizers = draw(first.optimizer, ranges, sweep.search) if sweep.search else [first.optimizer]
    settings_of_runs = [settle(replace(first, optimizer=optimizer)) for optimizer in optimizers]
    for run in settings_of_runs:
        known_or(cache, checks.check, replace(run, **NOT_CHECKED))
    # It takes no more memory than what differs from the first job's.
    usual = cache.setdefault(job_of, composed)
    differing = {key: value for key, value in composed.items() if value != usual[key]}
    own_composed = ChainMap(differing, usual)
    return Job(tuple(settings_of_runs), sweep, own_composed, tuple(words), number)


def known_or(cache: Known, function: Callable[..., Any], *arguments: Any) -> Any:
    """Result of a function, from `cache` if it is there; errors are not remembered."""
    key = (function, repr(arguments))
    if key not in cache:
        cache[key] = function(*arguments)
    return cache[key]


def chosen(group: str, values: Mapping[str, Any]) -> Component:
    """The component that was chosen of a group. Raises ConfigError if that makes no sense."""
    name = str(values.get("name"))
    if not is_neutral(name):
        raise ConfigError(f"{group}.name", name, "must have no control characters")
    return typed(group, own(group, component(group, values)))


def refuse_bad_model_name(tracking: Component) -> None:
    """Raise ConfigError for a name that MLflow's model registry would refuse after training."""
    name = tracking.option("register")
    if not REGISTERED_MODEL(name):
        raise ConfigError("tracking.register", name, f"must be {REGISTERED_MODEL}")


def refuse_no_training_set(values: Mapping[str, Any]) -> None:
    """Raise InvalidRunError if the other sets leave no training set."""
    if values["validation_size"] + values["test_size"] >= 1:
        small, large = sorted(("validation_size", "test_size"), key=lambda key: values[key])
        allowed = f"must leave a training set, together with {small}={values[small]}"
        raise InvalidRunError(large, values[large], allowed)


def refuse_no_branches(scale: object, *, is_residual: bool) -> None:
    """Raise InvalidRunError for a scale of residual branches without any, as all would be equal."""
    if not is_residual and scale != "auto":
        raise InvalidRunError("residual_scale", scale, "has no effect without residual=true")


def swept_limits(settings: DictConfig) -> Limits:
    """The limits of a sweep whose jobs are still to be composed."""
    values = resolved(OmegaConf.masked_copy(settings, ["limits"]))
    return limits_of(allowed("limits", values.get("limits")))


def quicker(values: Mapping[str, Any]) -> dict[str, Any]:
    """Changes by `quick=true`: less of everything, and another name for the experiment."""
    changed = {key: min(values[key], most) for key, most in QUICK.items() if values[key]}
    return {**changed, "experiment": f"{values['experiment']}_quick"}


def to_search(values: Mapping[str, Any]) -> dict[str, Sequence[float]]:
    """Search ranges of the optimizer, without options that have a value of their own.

    Raises ConfigError if there is a search but nothing to look through.
    """
    optimizer = values["optimizer"]
    if not values["search"]:
        return {}
    if not optimizer.get("search"):
        lacking = f"optimizer={optimizer.get('name')} has no search ranges"
        advice = "add one with optimizer.search.lr=[low, high]"
        raise ConfigError("search", values["search"], f"{lacking}; {advice}")
    file = file_of("optimizer", str(optimizer.get("name")))
    usual = written(file) if file.is_file() else {}
    return {
        key: ends
        for key, ends in optimizer["search"].items()
        if values.get(key) is None and optimizer.get(key) in (None, usual.get(key))
    }
