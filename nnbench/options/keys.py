"""Keys of the command line, and the check of their values."""

import os
from dataclasses import fields
from typing import Any, get_type_hints

from nnbench.allowed import allowed_by
from nnbench.options.kinds import conform
from nnbench.options.overrides import ALIASES
from nnbench.run.config import Component, RunConfig, SweepConfig
from nnbench.run.errors import ConfigError, InvalidRunError, nearest

KINDS = get_type_hints(RunConfig) | get_type_hints(SweepConfig)
"""Key → the type of its values."""

ALLOWED = {
    field.name: limits
    for config in (RunConfig, SweepConfig)
    for field in fields(config)
    if (limits := allowed_by(field.type)) is not None
}
"""Key → its allowed values, of all that choose no component."""

EXPERIMENT_VARIABLE = "MLFLOW_EXPERIMENT_NAME"
"""Names the experiment where `experiment` is null, as it does for MLflow."""
USUAL_EXPERIMENT = "nnbench"

LARGEST = 10**18
"""Largest whole number of a key: a store gives it back as a number, and the seeds after it."""

KEYS = tuple(KINDS)
OF_RUNS = tuple(field.name for field in fields(RunConfig))
GROUPS = tuple(name for name, kind in KINDS.items() if kind is Component)


def allowed(key: str, value: object) -> Any:
    """The value as what a key must be, such as 3 for 3.0. Raises ConfigError if invalid."""
    try:
        conformed = conform(KINDS[key], value)
    except TypeError:
        raise refused(key, value) from None
    if not ALLOWED[key](conformed):
        raise refused(key, value)
    if isinstance(conformed, int) and conformed > LARGEST:
        raise error_of(key)(key, value, f"must be at most {LARGEST:,}")
    return conformed


def experiment_name(name: object) -> object:
    """The experiment that is asked for; without a name MLFLOW_EXPERIMENT_NAME's, else the usual.

    Raises ConfigError if the variable has no name of an experiment.
    """
    if name is not None:
        return name
    variable = os.environ.get(EXPERIMENT_VARIABLE) or USUAL_EXPERIMENT
    if not ALLOWED["experiment"](variable):
        raise ConfigError(EXPERIMENT_VARIABLE, variable, f"must be {ALLOWED['experiment']}")
    return variable


def refused(key: str, value: object) -> ConfigError:
    """The error of a value that isn't allowed."""
    return error_of(key)(key, value, f"must be {ALLOWED[key]}")


def error_of(key: str) -> type[ConfigError]:
    """The kind of error of a key's value: of a run's key, it concerns that run alone."""
    return InvalidRunError if key in OF_RUNS else ConfigError


def unknown_key(key: str) -> str:
    """Message about an unknown key."""
    close = nearest(key, [*KEYS, *ALIASES, "+sweeps"])
    advice = f"did you mean {close}? " if close else ""
    return f"no such key; {advice}--help and conf/README.md list all keys"
