"""From the words of a command line to validated jobs; with the faces, the only users of Hydra."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, make_dataclass, replace
from typing import Any

from hydra import compose, initialize_config_dir
from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import DictConfig, OmegaConf

from nnbench import checks
from nnbench.catalogue import ROOT, SETTLED, component, file_of, names, option, own, written
from nnbench.components import is_number
from nnbench.config import Component, ConfigError, InvalidRunError, Job, RunConfig, SweepConfig
from nnbench.data.dataset import Task
from nnbench.explain import ALLOWED, GROUPS, KEYS, explained, refused, unknown_key
from nnbench.search import draw
from nnbench.suggest import suggestion

QUICK = {"seeds": 6, "epochs": 5, "search": 4}
"""The most there is of each in a quick look."""


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


def expand(overrides: Sequence[str]) -> list[list[str]]:
    """The jobs of a sweep, each by its own overrides: `optimizer=adam,sgd`, `optimizer=glob(*)`."""
    register()
    with (
        explained(overrides),
        apart_from_other_apps(),
        initialize_config_dir(str(ROOT / "conf"), job_name="nnbench", version_base="1.3"),
    ):
        loader = GlobalHydra.instance().config_loader()
        parsed = OverridesParser.create(config_loader=loader).parse_overrides(list(overrides))
        (jobs,) = BasicSweeper.split_arguments(parsed, max_batch_size=None)
    return [list(job) for job in jobs]


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
    """The job of a composed configuration.

    Raises InvalidRunError if a value of its runs can't be, ConfigError if it is something that
    would be wrong with any runs.
    """
    for key in settings:
        if key not in KEYS and key != "hydra":
            raise ConfigError(str(key), settings[key], unknown_key(str(key)))
    for key in KEYS:
        if key not in settings:
            raise ConfigError(key, "", "must have a value")
    values: Any = OmegaConf.to_container(OmegaConf.masked_copy(settings, list(KEYS)), resolve=True)
    for key, (_, check) in ALLOWED.items():
        if not check(values[key]):
            raise refused(key, values[key])
    refuse_no_training_part(values)
    if values["quick"]:
        values |= quicker(values)
    ranges = to_search(values)
    for group in GROUPS:
        values[group] = own(group, component(group, values[group]))
    # A class of the user's has use for some of another's only.
    ranges = {key: ends for key, ends in ranges.items() if key in values["optimizer"].options}
    sweep = SweepConfig(**{field.name: values[field.name] for field in fields(SweepConfig)})
    first = RunConfig(**{field.name: values[field.name] for field in fields(RunConfig)})
    drawn = draw(first.optimizer, ranges, sweep.search) if sweep.search else [first.optimizer]
    found = [settle(replace(first, optimizer=optimizer)) for optimizer in drawn]
    for run in found:
        checks.check(run)
    repeats = range(first.seed, first.seed + sweep.seeds)
    return Job(tuple(replace(run, seed=seed) for run in found for seed in repeats), sweep)


def refuse_no_training_part(values: Mapping[str, Any]) -> None:
    """Raise InvalidRunError if the other parts leave nothing to train on."""
    if values["validation_size"] + values["test_size"] >= 1:
        raise InvalidRunError(
            "test_size", values["test_size"], "must leave something to train on, together with "
            f"validation_size={values['validation_size']}"
        )  # fmt: skip


def quicker(values: Mapping[str, Any]) -> dict[str, Any]:
    """What `quick=true` changes: less of everything, under a name of its own."""
    changed = {key: min(values[key], most) for key, most in QUICK.items() if values[key]}
    return {**changed, "experiment": f"{values['experiment']}_quick", "quick": False}


def to_search(values: Mapping[str, Any]) -> dict[str, Sequence[float]]:
    """The ranges that the optimizer is searched in: of what is not set to anything by itself.

    Raises ConfigError if there is a search but nothing to look through.
    """
    optimizer = values["optimizer"]
    if not values["search"]:
        return {}
    if not optimizer.get("search"):
        allowed = f"optimizer={optimizer.get('name')} has no ranges; optimizer.search.lr=[…, …]"
        raise ConfigError("search", values["search"], f"{allowed} gives it one")
    file = file_of("optimizer", str(optimizer.get("name")))
    usual = written(file) if file.is_file() else {}
    return {
        key: ends
        for key, ends in optimizer["search"].items()
        if values.get(key) is None and optimizer.get(key) in (None, usual.get(key))
    }


def settle(config: RunConfig) -> RunConfig:
    """Put what `null` and `auto` stand for in their place, as far as no data is needed."""
    lr, decay = config.lr, config.weight_decay
    if lr is None:
        lr = own_number(config.optimizer, "lr")
    if decay is None:
        decay = own_number(config.optimizer, "weight_decay", 0.0)
    init = config.init
    if init.name == "auto":
        init = named("init", "activation.init", config.activation.option("init") or "glorot")
    return replace(
        config,
        lr=lr,
        weight_decay=decay,
        init=init,
        optimizer=config.optimizer.without(*SETTLED["optimizer"]),
        activation=config.activation.without(*SETTLED["activation"]),
    )


def settle_loss(config: RunConfig, task: Task) -> RunConfig:
    """Put the loss that `loss=auto` stands for on data of this task in its place."""
    if config.loss.name != "auto":
        return config
    return replace(config, loss=named("loss", f"loss.{task}", config.loss.option(task)))


def own_number(optimizer: Component, key: str, default: float | None = None) -> float:
    """The optimizer's own value of a key of the run. Raises InvalidRunError if that can't be."""
    value = optimizer.option(key)
    if value is None:
        value = default
    allowed, check = ALLOWED[key]
    if not (is_number(value) and check(value)):
        allowed = allowed.removesuffix(", or null for the optimizer's own")
        raise InvalidRunError(f"optimizer.{key}", value, f"must be {allowed}")
    number: float = value
    return number


def named(group: str, key: str, name: object) -> Component:
    """The option of a config group that `key` names. Raises InvalidRunError if there is none."""
    if name not in names(group):
        raise InvalidRunError(key, name, suggestion(str(name), names(group)))
    return option(group, str(name))
