"""Allowed values of keys that are no plain numbers, with their words."""

from math import inf
from typing import Annotated, TypeAlias

from nnbench.allowed import TRUTH, Allowed, number, one_of
from nnbench.run.metrics import BUDGETS, OUTCOMES
from nnbench.safety.sanitize import is_neutral

Switch: TypeAlias = Annotated[bool, TRUTH]

QUICK = {"seeds": 6, "epochs": 5, "search": 4, "extend": 0}
"""Upper limits of keys with `quick=true`; of seeds there are more where comparisons need them."""

FINITE = number("a finite number", lambda value: -inf < value < inf)


def is_pair_of_names(keys: object) -> bool:
    """True for one or two different names."""
    return (
        isinstance(keys, list)
        and len(keys) in (1, 2)
        and all(isinstance(key, str) for key in keys)
        and len(set(keys)) == len(keys)
    )


def is_scalar_or_list(value: object) -> bool:
    """True for plain data, or a list of it."""
    ones = value if isinstance(value, list) else [value]
    return bool(ones) and not any(isinstance(first, list | dict) for first in ones)


def is_path(value: object) -> bool:
    """True for text of the form package.module.name."""
    return isinstance(value, str) and all(subset.isidentifier() for subset in value.split("."))


EXPERIMENT = Allowed(
    "a name of at most 200 bytes without /, \\ or control characters, other than . and ..",
    lambda name: (
        bool(name.strip(". "))
        and not set(name) & set("/\\")
        and is_neutral(name)
        and len(name.encode()) <= 200
    ),
)

REGISTERED_MODEL = Allowed(
    "a name of at most 256 characters without /, : or control characters, and no path as . and ..",
    lambda name: (
        bool(name.strip())
        and not set(name) & set("/:")
        and name != "."
        and not name.startswith("..")
        and is_neutral(name)
        and len(name) <= 256
    ),
).or_null("for none")
"""Names that MLflow's model registry accepts."""

REPORT_NAME = EXPERIMENT.or_null("for the experiment's")

TITLE = Allowed(
    "a question of at most 200 characters, on one line",
    lambda text: bool(text.strip()) and is_neutral(text) and len(text) <= 200,
).or_null("for the compared key's")

LIMITS = Allowed(
    "a mapping: {runs: 1000000, hours: 24, memory: null, disk: null}",
    lambda limits: isinstance(limits, dict),
)

COMPARE = Allowed(
    "a key, a list of two different keys",
    lambda keys: isinstance(keys, str) or is_pair_of_names(keys),
).or_null("for the first two keys that the sweep varied")

WHERE = Allowed(
    "a mapping from keys to values or lists of them, as in '{depth: [1, 3]}'",
    lambda where: isinstance(where, dict) and all(map(is_scalar_or_list, where.values())),
).or_null("for all")

REFERENCE = Allowed("a value of the compared key", is_scalar_or_list).or_null(
    "for the smallest depth or width, else the default"
)

METRIC = one_of(OUTCOMES).or_null("for accuracy or R², by task")

BUDGET = one_of(BUDGETS).or_null("for the first that differs")

FORMATS = Allowed(
    "a list of svg, png, pdf (charts), csv, latex (tables)",
    lambda formats: (
        isinstance(formats, list) and set(formats) <= {"svg", "png", "pdf", "csv", "latex"}
    ),
)

TRUST = Allowed(
    "a list of import paths, as in [mypackage.MyOptimizer]",
    lambda targets: isinstance(targets, list) and all(map(is_path, targets)),
)

SECTIONS = Allowed(
    "a mapping from names without control characters",
    lambda sections: isinstance(sections, dict) and all(is_neutral(str(n)) for n in sections),
)
