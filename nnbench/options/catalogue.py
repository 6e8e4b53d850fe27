"""The options that conf/ offers, one file each, and what a file says of a component."""

from collections.abc import Mapping, Sequence
from functools import cache
from math import inf
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

from nnbench.options.components import is_number, unknown_options
from nnbench.options.trust import ROOT as ROOT
from nnbench.run.config import Component
from nnbench.run.errors import ConfigError, InvalidRunError, suggestion

SETTLED = {"activation": ("init",), "optimizer": ("lr", "weight_decay")}
"""Options of a component that become keys of the run."""

UNSAID = {"dataset": ("decimal", "thousands", "missing", "encoding", "skip_rows",
                      "train_rows")}  # fmt: skip
"""Options that are left out of a component while they are null, so that runs that were tracked
before there were such options keep their keys."""

SEARCHED = ("optimizer",)
"""Groups whose files say under `search` which ranges of their options are worth searching."""


def named(group: str, key: str, name: object) -> Component:
    """The option of a config group that `key` names. Raises InvalidRunError if there is none."""
    if name not in names(group):
        raise InvalidRunError(key, name, suggestion(str(name), names(group)))
    return option(group, str(name))


def component(group: str, values: Mapping[str, Any]) -> Component:
    """A component from the content of its file in conf/.

    What a search looks through is no option of it. Raises ConfigError if that makes no sense.
    """
    name, options = str(values.get("name")), dict(values)
    target = options.pop("_target_", "")
    if not isinstance(target, str):
        raise ConfigError(f"{group}._target_", target, "must be a class or function")
    for key in ("name", "defaults"):
        # What a choice changes of others is Hydra's affair.
        options.pop(key, None)
    for key in UNSAID.get(group, ()):
        if options.get(key, ...) is None:
            del options[key]
    if group in SEARCHED:
        search = options.pop("search", None)
        # What the file has and `~optimizer.beta1` takes out is no mistake.
        file = file_of(group, name)
        check_search(group, search, {**(written(file) if file.is_file() else {}), **options})
    return Component(name, target, options)


def check_search(group: str, search: object, options: Mapping[str, Any]) -> None:
    """Raise ConfigError unless `search` has ranges of some of the options, or nothing."""
    key = f"{group}.search"
    if not isinstance(search, Mapping | None):
        raise ConfigError(key, search, "must have a range [low, high] for each of some options")
    for name, ends in (search or {}).items():
        if name not in options or name in ("name", "_target_", "search"):
            raise ConfigError(f"{key}.{name}", ends, f"no such option, see conf/{group}")
        numbers = isinstance(ends, Sequence) and all(is_number(end) for end in ends)
        if not (numbers and len(ends) == 2 and 0 < ends[0] < ends[1] < inf):
            raise ConfigError(f"{key}.{name}", ends, "must be [low, high], 0 < low < high")


@cache
def option(group: str, name: str) -> Component:
    """The option `name` of a config group, as its file has it."""
    return component(group, written(file_of(group, name)))


@cache
def written(file: Path) -> Mapping[str, Any]:
    """Content of a file of conf/."""
    values: Any = OmegaConf.to_container(OmegaConf.load(file))
    return values  # type: ignore[no-any-return]


@cache
def usual(key: str) -> set[str]:
    """Default of a key as text; for `auto`, everything that it can stand for."""
    values = written(ROOT / "conf" / "config.yaml")
    chosen = {group: name for entry in values["defaults"] if isinstance(entry, Mapping)
              for group, name in entry.items()}  # fmt: skip
    name = str(chosen.get(key, values.get(key)))
    if name != "auto" or not file_of(key, name).is_file():
        return {name}
    return set(map(str, (option(key, name).options or {}).values()))


def file_of(group: str, name: str) -> Path:
    """File of an option of a config group, if conf/ has it."""
    return ROOT / "conf" / group / f"{name}.yaml"


def own(group: str, chosen: Component) -> Component:
    """The component itself, or under its own name if `_target_` makes it a class of the user's.

    Such a class takes over the file's options for another only if it accepts them.
    """
    file = file_of(group, chosen.name)
    if not file.is_file() or option(group, chosen.name).target == chosen.target:
        return chosen
    shipped = option(group, chosen.name).options or {}
    unknown = unknown_options(group, chosen)
    options = {
        key: value
        for key, value in (chosen.options or {}).items()
        if key not in unknown or key in SETTLED.get(group, ()) or shipped.get(key) != value
    }
    return Component(chosen.target, chosen.target, options)


@cache
def names(group: str) -> list[str]:
    """The options of a config group or of `sweeps`, but for the one that stands for another."""
    folder = ROOT / group if group == "sweeps" else ROOT / "conf" / group
    stems = [file.stem for file in folder.glob("*.yaml")]
    return sorted(stem for stem in stems if stem != "auto")
