"""Settings of a sweep's runs in MLflow: those that all runs share stand on the parent run."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields

from nnbench.run.config import Component, RunConfig, Scalar
from nnbench.run.varied import telling_keys

FIRST = ("dataset", "model", "depth", "width", "optimizer", "lr", "seed")
"""Keys that are parameters of every run, whatever the others share."""

SETTING = "nnbench.setting"
"""Tag of a run, equal for all seeds of a setting: MLflow's UI averages over it by Group by."""

VARIED = "nnbench.varied"
"""Tag of a sweep's parent run: the keys that its runs differ in."""

KEYS = tuple(key.name for key in fields(RunConfig))
"""The keys of a run, without the options of its components."""


@dataclass(frozen=True)
class SweepSettings:
    """Settings of a sweep's runs, split into what all of them share and what they differ in."""

    shared: Mapping[str, Scalar] = field(default_factory=dict)
    """Key → its value, the same for every run."""
    varied: tuple[str, ...] = ()
    """The keys that tell the runs apart, but for the seed."""

    def own(self, config: RunConfig) -> dict[str, Scalar]:
        """The settings that a run doesn't share, after those that every run has.

        A shared key that the run has no value for is null.
        """
        flat = config.flat()
        first = {key: flat[key] for key in FIRST if flat[key] is not None}
        others = dict.fromkeys(self.shared) | flat
        return first | {key: v for key, v in others.items() if self.shared.get(key) != v}


def settings_of(configs: Iterable[RunConfig]) -> SweepSettings:
    """The settings of the runs of a sweep, as those with the first seed have them.

    Where other seeds have others, they are settings of their own for `SweepSettings.own`.
    """
    runs = list(configs)
    if not runs:
        return SweepSettings()
    seed = min(config.seed for config in runs)
    first, *others = rows = [config.flat() for config in runs if config.seed == seed]
    shared = {
        key: value
        for key, value in first.items()
        if key != "seed" and value is not None and all(row.get(key) == value for row in others)
    }
    keys = dict.fromkeys(key for row in rows for key in row if key != "seed")
    return SweepSettings(shared, tuple(telling_keys(keys, rows)))


def setting_of(config: RunConfig, digest: str) -> str:
    """The name of a setting: the same for all its seeds, another for any other setting or data.

    It begins with what people look for, and ends with a digest of everything.
    """
    values = {
        key: vars(value) if isinstance(value, Component) else value
        for key, value in vars(config).items()
        if key != "seed"
    }
    text = json.dumps([values, digest], sort_keys=True, default=str)
    # MLflow's UI cuts names of groups after about ten characters, and legends after thirty.
    words = [f"depth={config.depth}", f"lr={config.lr}", config.optimizer.name]
    words += [config.dataset.name, config.model.name, f"width={config.width}"]
    return " ".join([*words, hashlib.sha256(text.encode()).hexdigest()[:6]])


def is_of_runs(key: str) -> bool:
    """True for a key of a run or an option of its components, as opposed to one of the sweep."""
    return key.partition(".")[0] in KEYS
