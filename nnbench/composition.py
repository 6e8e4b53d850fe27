"""From the words of a command line to validated jobs; with the faces, the only users of Hydra."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, make_dataclass, replace
from difflib import get_close_matches
from functools import cache
from inspect import Parameter, signature
from math import isfinite
from pathlib import Path
from typing import Any

from hydra import compose, initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.errors import HydraException, MissingConfigException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from nnbench import build
from nnbench.config import Component, ConfigError, Job, RunConfig, SweepConfig
from nnbench.data.dataset import Task

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE / "_data" if (PACKAGE / "_data").is_dir() else PACKAGE.parent
"""The folder that holds conf/ and sweeps/: inside the package when installed from a wheel."""

KEYS = {field.name: field for part in (RunConfig, SweepConfig) for field in fields(part)}
GROUPS = tuple(name for name, field in KEYS.items() if field.type is Component)

ALLOWED: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "depth": ("a whole number, 0 or more", lambda depth: depth >= 0),
    "width": ("a whole number, 1 or more", lambda width: width >= 1),
    "lr": (
        "a finite number above 0, or null for the optimizer's own",
        lambda lr: lr is None or (lr > 0 and isfinite(lr)),
    ),
    "weight_decay": (
        "a finite number, 0 or more, or null for the optimizer's own",
        lambda decay: decay is None or (decay >= 0 and isfinite(decay)),
    ),
    "batch_size": (
        "a whole number, 1 or more, or full",
        lambda size: size == "full" or (isinstance(size, int) and size >= 1),
    ),
    "epochs": ("a whole number, 1 or more", lambda epochs: epochs >= 1),
    "patience": (
        "a whole number, 1 or more, or null for never",
        lambda patience: patience is None or patience >= 1,
    ),
    "validation_size": ("a share above 0 and below 1", lambda share: 0 < share < 1),
    "test_size": ("a share above 0 and below 1", lambda share: 0 < share < 1),
    "dtype": ("float32 or float64", lambda dtype: dtype in ("float32", "float64")),
    "seed": ("a whole number, 0 or more", lambda seed: seed >= 0),
    "seeds": ("a whole number, 1 or more", lambda seeds: seeds >= 1),
    "jobs": (
        "a whole number, 1 or more, or null for one a core",
        lambda jobs: jobs is None or jobs >= 1,
    ),
    "experiment": (
        "a name of at most 200 bytes, without / or \\ and other than . or ..",
        lambda name: (
            bool(name.strip(". ")) and not set(name) & set("/\\\0\n") and len(name.encode()) <= 200
        ),
    ),
    "checkpoint_every": (
        "a number of seconds, 0 or more, or null for never",
        lambda seconds: seconds is None or (seconds >= 0 and isfinite(seconds)),
    ),
    "resume": ("true or false", lambda resume: isinstance(resume, bool)),
    "report": ("true or false", lambda report: isinstance(report, bool)),
}
"""What each key may be: in words for errors, and as a check of values of the right type."""


SETTLED = {"activation": ("init",), "optimizer": ("lr", "weight_decay")}
"""Options of a component that become keys of the run."""


def register() -> None:
    """Make known to Hydra where conf/ and sweeps/ lie and which type every key has."""
    OmegaConf.register_new_resolver("nnbench_root", lambda: str(ROOT), replace=True)
    types = [
        (name, dict[str, Any] if name in GROUPS else field.type) for name, field in KEYS.items()
    ]
    ConfigStore.instance().store("schema", make_dataclass("Settings", types))


def compose_job(overrides: Sequence[str]) -> Job:
    """The job that a command line's `overrides`, such as `depth=3`, describe."""
    register()
    with (
        explained(overrides),
        apart_from_other_apps(),
        initialize_config_dir(str(ROOT / "conf"), job_name="nnbench", version_base="1.3"),
    ):
        return parse(compose("config", list(overrides)))


@contextmanager
def apart_from_other_apps() -> Iterator[None]:
    """Compose within a program that uses Hydra for itself, too."""
    outer, GlobalHydra.instance().hydra = GlobalHydra.instance().hydra, None
    try:
        yield
    finally:
        # Asked for again, since Hydra puts another object in its place.
        GlobalHydra.instance().hydra = outer


def parse(settings: DictConfig) -> Job:
    """The job of a composed configuration. Raises ConfigError if a value can't be."""
    for key in settings:
        if key not in KEYS and key != "hydra":
            raise ConfigError(str(key), settings[key], suggestion(str(key), KEYS))
    values: Any = OmegaConf.to_container(OmegaConf.masked_copy(settings, list(KEYS)), resolve=True)
    for key, (allowed, check) in ALLOWED.items():
        if not check(values[key]):
            raise ConfigError(key, values[key], f"must be {allowed}")
    if values["validation_size"] + values["test_size"] >= 1:
        raise ConfigError(
            "test_size", values["test_size"], "must leave something to train on, together with "
            f"validation_size={values['validation_size']}"
        )  # fmt: skip
    for group in GROUPS:
        values[group] = own(group, component(values[group]))
    sweep = SweepConfig(**{field.name: values[field.name] for field in fields(SweepConfig)})
    first = RunConfig(**{field.name: values[field.name] for field in fields(RunConfig)})
    first = settle(first)
    build.check(first)
    runs = tuple(replace(first, seed=first.seed + repeat) for repeat in range(sweep.seeds))
    return Job(runs, sweep)


def component(values: Mapping[str, Any]) -> Component:
    """A component from the content of its file in conf/."""
    options = {key: v for key, v in values.items() if key not in ("name", "_target_")}
    return Component(str(values.get("name")), str(values.get("_target_", "")), options)


@cache
def option(group: str, name: str) -> Component:
    """The option `name` of a config group, as its file has it."""
    return component(dict(OmegaConf.load(ROOT / "conf" / group / f"{name}.yaml")))


def own(group: str, chosen: Component) -> Component:
    """The component itself, or under its own name if `_target_` makes it a class of the user's.

    Such a class takes over what the file says for another only as far as it has use for it.
    """
    file = ROOT / "conf" / group / f"{chosen.name}.yaml"
    if not file.is_file() or option(group, chosen.name).target == chosen.target:
        return chosen
    shipped = option(group, chosen.name).options or {}
    known = signature(build.locate(group, chosen)).parameters
    takes_all = any(parameter.kind is Parameter.VAR_KEYWORD for parameter in known.values())
    options = {
        key: value
        for key, value in (chosen.options or {}).items()
        if takes_all or key in {*known, *SETTLED.get(group, ())} or shipped.get(key) != value
    }
    return Component(chosen.target, chosen.target, options)


def settle(config: RunConfig) -> RunConfig:
    """Put what `null` and `auto` stand for in their place, as far as no data is needed."""
    optimizer = config.optimizer
    lr = optimizer.option("lr") if config.lr is None else config.lr
    decay = config.weight_decay
    decay = optimizer.option("weight_decay") or 0.0 if decay is None else decay
    init = config.init
    if init.name == "auto":
        init = option("init", config.activation.option("init") or "glorot")
    return replace(
        config,
        lr=lr,
        weight_decay=decay,
        init=init,
        optimizer=optimizer.without(*SETTLED["optimizer"]),
        activation=config.activation.without(*SETTLED["activation"]),
    )


def settle_loss(config: RunConfig, task: Task) -> RunConfig:
    """Put the loss that `loss=auto` stands for on data of this task in its place."""
    if config.loss.name != "auto":
        return config
    return replace(config, loss=option("loss", config.loss.option(task)))


@contextmanager
def explained(words: Sequence[str]) -> Iterator[None]:
    """Turn Hydra's errors about the `words` of a command line into one line each.

    It names the key, the value and what is allowed.
    """
    given = dict(split_override(word) for word in words)
    try:
        yield
    except MissingConfigException as error:
        group, _, name = (error.missing_cfg_file or "").rpartition("/")
        allowed = suggestion(name, error.options) if error.options else "no such file in conf/"
        raise ConfigError(group or "config", name, allowed) from error
    except (HydraException, OmegaConfBaseException) as error:
        raise ConfigError(*what_is_wrong(error, given)) from error


def what_is_wrong(error: Exception, given: Mapping[str, str]) -> tuple[str, str, str]:
    """Key, value and what is allowed, of an error of Hydra's about the overrides `given`."""
    first_line, _, _ = str(error).partition("\n")
    cause = error if isinstance(error, OmegaConfBaseException) else error.__cause__
    named = getattr(error, "override", None) or first_line.rpartition(" ")[2].strip(".'")
    key, value = split_override(named)
    key = str(getattr(cause, "full_key", "") or key)
    value = value or given.get(key, "")
    group, _, _ = key.partition(".")
    if first_line.startswith("Ambiguous value"):
        return key, value, "several values need -m, which sweeps over them"
    if key in ALLOWED:
        return key, value, f"must be {ALLOWED[key][0]}"
    if key != group and group in GROUPS:
        return key, value, f"{given.get(group, group)} has no such option, see conf/{group}"
    if key in KEYS:
        return key, value, "can't be read: " + " ".join(str(error).split())
    return key, value, suggestion(key, KEYS)


def split_override(override: str) -> tuple[str, str]:
    """Key and value of an override."""
    key, _, value = override.lstrip("+~").partition("=")
    return key, value


def override(key: str, value: str) -> str:
    """A word that sets `key` to the text `value`, quoted as Hydra needs it."""
    if re.fullmatch(r"[\w./:+-]+", value, re.ASCII):
        return f"{key}={value}"
    escaped = re.sub(r"(\\*)'", r"\1\1\\'", value)
    return f"{key}='{escaped}'"


def suggestion(name: str, known: Sequence[str] | Mapping[str, Any]) -> str:
    """What to say when `name` is none of the known."""
    close = get_close_matches(name, list(known), n=1)
    listed = ", ".join(sorted(known))
    return f"did you mean {close[0]}? there are {listed}" if close else f"must be one of {listed}"
