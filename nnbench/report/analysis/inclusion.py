"""Optimizers that can do all that another can: tuned, they can't lose to it (Choi et al. 2019).

One that does lose, beyond noise, was tuned too little or in the wrong ranges, so that the
comparison says nothing against it.
"""

from nnbench.report.analysis.contrasts import Contrast, contrast, corrected
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group

INCLUDES = {
    "momentum": {"sgd": "momentum=0"},
    "nesterov": {"sgd": "momentum=0"},
    "rmsprop": {"sgd": "a large epsilon"},
    "rmsprop_centered": {"sgd": "a large epsilon"},
    "rmsprop_momentum": {"rmsprop": "momentum=0", "momentum": "a large epsilon"},
    "adam": {"momentum": "a large epsilon", "sgd": "beta1=0 and a large epsilon"},
    "amsgrad": {"momentum": "a large epsilon", "sgd": "beta1=0 and a large epsilon"},
    "adabelief": {"momentum": "a large epsilon", "sgd": "beta1=0 and a large epsilon"},
    "adamw": {"adam": "weight_decay=0"},
    "nadam": {"nesterov": "a large epsilon", "sgd": "beta1=0 and a large epsilon"},
    "lion": {"sign_sgd": "beta1=0 and weight_decay=0"},
}
"""Optimizer → those that it becomes, exactly or in the limit, at some of its settings."""


def included(general: str) -> dict[str, str]:
    """All that an optimizer can be, directly or by what it includes, and at which settings."""
    settings_of: dict[str, str] = {}
    for special, settings in INCLUDES.get(general, {}).items():
        settings_of[special] = settings
        for further, more in included(special).items():
            settings_of.setdefault(
                further, settings if more == settings else f"{settings} and {more}"
            )
    return settings_of


def checks(comparison: Comparison, equivalence: float) -> tuple[Contrast, ...]:
    """Each tuned optimizer beside those that it includes, corrected for their number.

    The reference of a contrast is the special case. An optimizer with one setting isn't tuned.
    """
    if "optimizer" not in comparison.keys:
        return ()
    return corrected([
        contrast(special, general, equivalence)
        for general in comparison.groups
        if general.settings > 1
        for special in comparison.of(general.dataset)
        if name_of(comparison, special) in included(name_of(comparison, general))
        and others(comparison, special) == others(comparison, general)
    ])  # fmt: skip


def name_of(comparison: Comparison, group: Group) -> str:
    """The group's optimizer."""
    return str(comparison.columns_of(group.value)["optimizer"])


def others(comparison: Comparison, group: Group) -> dict[str, object]:
    """The group's other compared values, where two keys are compared."""
    values = comparison.columns_of(group.value)
    return {key: value for key, value in values.items() if key != "optimizer"}
