"""Optimizers that can do all that another can: tuned, they can't lose to it (Choi et al. 2019).

One that does lose, beyond noise, was tuned too little or in the wrong ranges, so that the
comparison says nothing against it.
"""

from collections.abc import Iterator

from nnbench.pages.wording import count_text
from nnbench.report.analysis.contrasts import Contrast, Outcome, contrast, corrected
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.question import Question
from nnbench.report.text.numbers import command_with, command_without, p_text, paired_text

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

MORE = 4
"""Times as many settings as were tried settle whether it was the tuning."""


def included(general: str) -> dict[str, str]:
    """All that an optimizer can be, by itself or by what it includes, and at which settings."""
    found: dict[str, str] = {}
    for special, settings in INCLUDES.get(general, {}).items():
        found[special] = settings
        for further, more in included(special).items():
            found.setdefault(further, settings if more == settings else f"{settings} and {more}")
    return found


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
    """What the group is, besides, where two keys are compared."""
    values = comparison.columns_of(group.value)
    return {key: value for key, value in values.items() if key != "optimizer"}


def under_tuned(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """What to say of every optimizer that loses to one that it includes, and what would help."""
    for each in checks(comparison, question.equivalence):
        if each.outcome is not Outcome.WORSE:
            continue
        general, special = each.group, each.reference
        how = included(name_of(comparison, general))[name_of(comparison, special)]
        size = f"{count_text(each.lost, 'run')} came to nothing" if each.lost else (
            f"{paired_text(general.metric, each.difference)} {general.metric.unit}"
        )  # fmt: skip
        widen = (
            " Its epsilon is not among what a search looks through: "
            "+optimizer.search.epsilon=[1e-8,1] adds it, for this optimizer alone."
            if "epsilon" in how and "optimizer.epsilon" not in {**general.along, **general.chosen}
            else ""
        )
        yield (
            f"{comparison.named(general.value)} lost to {comparison.named(special.value)} on "
            f"{general.dataset} ({size}, Holm-corrected p {p_text(each.p_holm)}), which it can be "
            f"itself, with {how}. So {count_text(general.settings, 'setting')} did not tune it "
            f"enough, and this is no evidence against it.{widen}",
            more_search(question, general),
        )


def more_search(question: Question, general: Group) -> str:
    """The command that gives all optimizers more settings to choose from.

    Nothing where rates are compared: a search draws its own.
    """
    if "lr" in question.keys:
        return ""
    plain = command_without(question.command, "lr")
    return command_with(plain, search=str(MORE * general.settings))
