"""Allowed values of each key, and settings as words of a command line."""

import re
from collections.abc import Callable
from dataclasses import fields
from math import isfinite
from typing import Any

from nnbench.options.kinds import conform
from nnbench.options.trust import is_path
from nnbench.run.config import Component, RunConfig, SweepConfig
from nnbench.run.errors import ConfigError, InvalidRunError, suggestion
from nnbench.run.metrics import BUDGETS, FIGURES
from nnbench.safety.sanitize import is_neutral

KEYS = {field.name: field for part in (RunConfig, SweepConfig) for field in fields(part)}
OF_RUNS = tuple(field.name for field in fields(RunConfig))
GROUPS = tuple(name for name, field in KEYS.items() if field.type is Component)

CLIP: tuple[str, Callable[[Any], bool]] = (
    "a finite number above 0, or null for no clipping",
    lambda limit: limit is None or (limit > 0 and isfinite(limit)),
)

SIZE: tuple[str, Callable[[Any], bool]] = (
    "a whole number, 1 or more, or null for the size at this width",
    lambda size: size is None or size >= 1,
)

METRICS = tuple(f"test_{name}" for name in FIGURES)


def is_pair_of_names(keys: object) -> bool:
    """Whether these are one or two different names."""
    return (
        isinstance(keys, list)
        and len(keys) in (1, 2)
        and all(isinstance(key, str) for key in keys)
        and len(set(keys)) == len(keys)
    )


def is_scalar_or_list(value: object) -> bool:
    """Whether this is plain data, or a list of it."""
    ones = value if isinstance(value, list) else [value]
    return bool(ones) and not any(isinstance(one, list | dict) for one in ones)


ALLOWED: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "depth": ("a whole number, 0 or more", lambda depth: depth >= 0),
    "width": ("a whole number, 1 or more", lambda width: width >= 1),
    "params": SIZE,
    "flops": SIZE,
    "residual": ("true or false", lambda residual: isinstance(residual, bool)),
    "dropout": ("a number from 0 to below 1", lambda rate: 0 <= rate < 1),
    "lr": (
        "a finite number above 0, or null for the optimizer's own",
        lambda lr: lr is None or (lr > 0 and isfinite(lr)),
    ),
    "weight_decay": (
        "a finite number, 0 or more, or null for the optimizer's own",
        lambda decay: decay is None or (decay >= 0 and isfinite(decay)),
    ),
    "l1": ("a finite number, 0 or more", lambda penalty: penalty >= 0 and isfinite(penalty)),
    "clip_norm": CLIP,
    "clip_value": CLIP,
    "batch_size": (
        "a whole number, 1 or more, or full",
        lambda size: size == "full" or (isinstance(size, int) and size >= 1),
    ),
    "epochs": ("a whole number, 1 or more", lambda epochs: epochs >= 1),
    "patience": (
        "a whole number, 1 or more, or null for never",
        lambda patience: patience is None or patience >= 1,
    ),
    "validation_size": ("a number above 0 and below 1", lambda share: 0 < share < 1),
    "test_size": ("a number above 0 and below 1", lambda share: 0 < share < 1),
    "dtype": ("float32 or float64", lambda dtype: dtype in ("float32", "float64")),
    "seed": ("a whole number, 0 or more", lambda seed: seed >= 0),
    "seeds": ("a whole number, 1 or more", lambda seeds: seeds >= 1),
    "search": (
        "a whole number, 1 or more, or null for none",
        lambda count: count is None or count >= 1,
    ),
    "jobs": (
        "a whole number, 1 or more, or null for as many as memory allows",
        lambda jobs: jobs is None or jobs >= 1,
    ),
    "limits": (
        "a mapping: {runs: 1000000, hours: 24, memory: null, disk: null}",
        lambda limits: isinstance(limits, dict),
    ),
    "plan": ("true or false", lambda plan: isinstance(plan, bool)),
    "experiment": (
        "a name of at most 200 bytes without /, \\ or control characters, other than . and ..",
        lambda name: (
            bool(name.strip(". "))
            and not set(name) & set("/\\")
            and is_neutral(name)
            and len(name.encode()) <= 200
        ),
    ),
    "checkpoint_every": (
        "a number of seconds, 0 or more, or null for no checkpoints",
        lambda seconds: seconds is None or (seconds >= 0 and isfinite(seconds)),
    ),
    "resume": ("true or false", lambda resume: isinstance(resume, bool)),
    "quick": ("true or false", lambda quick: isinstance(quick, bool)),
    "report": ("true or false", lambda report: isinstance(report, bool)),
    "compare": (
        "a key, a list of two different keys, or null for the key that the sweep varied",
        lambda keys: keys is None or isinstance(keys, str) or is_pair_of_names(keys),
    ),
    "where": (
        "a mapping from keys to values or lists of them, as in '{depth: [1, 3]}', or null for all",
        lambda where: (
            where is None
            or (isinstance(where, dict) and all(map(is_scalar_or_list, where.values())))
        ),
    ),
    "reference": ("a value of the compared key, or null for the default", is_scalar_or_list),
    "metric": (
        f"{', '.join(METRICS)}, or null for accuracy or R², by task",
        lambda metric: metric is None or metric in METRICS,
    ),
    "budget": (
        f"one of {', '.join(BUDGETS)}, or null for the first that differs",
        lambda budget: budget is None or budget in BUDGETS,
    ),
    "target": (
        "a finite number, or null for the score that half of the runs reach",
        lambda target: target is None or isfinite(target),
    ),
    "equivalence": ("a number from 0 to below 1, such as 0.005", lambda size: 0 <= size < 1),
    "equal_budgets": ("true or false", lambda equal: isinstance(equal, bool)),
    "trust": (
        "a list of import paths, as in [mypackage.MyOptimizer]",
        lambda targets: isinstance(targets, list) and all(map(is_path, targets)),
    ),
    "sections": (
        "a mapping from names without control characters",
        lambda sections: isinstance(sections, dict) and all(is_neutral(str(n)) for n in sections),
    ),
}
"""Key → its allowed values: in words for errors, and as a check of values of the right type."""


def allowed(key: str, value: object) -> Any:
    """The value as what a key must be, such as 3 for 3.0. Raises ConfigError if invalid."""
    try:
        conformed = conform(KEYS[key].type, value)
        fine = ALLOWED[key][1](conformed)
    except TypeError:
        fine = False
    if not fine:
        raise refused(key, value)
    return conformed


def refused(key: str, value: object) -> ConfigError:
    """The error of a value that isn't allowed; of a run's key, it concerns that run alone."""
    kind = InvalidRunError if key in OF_RUNS else ConfigError
    return kind(key, value, f"must be {ALLOWED[key][0]}")


def unknown_key(key: str) -> str:
    """Message about an unknown key."""
    return f"no such key; {suggestion(key, [*KEYS, '+sweeps'])}"


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


def as_word(value: object) -> str:
    """A setting as Hydra reads it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {as_word(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_word, value)) + "]"
    if isinstance(value, str):
        return override("", value).removeprefix("=")
    return "null" if value is None else str(value)
