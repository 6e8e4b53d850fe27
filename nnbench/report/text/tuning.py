"""Words on how surely the settings of a group are known, and on those that failed."""

from nnbench.pages.formatting import setting_text
from nnbench.report.compare.group import Group

LEAST = 0.01
"""Smallest share of resamples with which a value is named beside another."""


def weighted_text(group: Group, key: str) -> str:
    """The chosen values of a nuisance, each with the share of resamples that chose it."""
    weights: dict[str, float] = {}
    for setting, weight in group.weights:
        text = setting_text(setting[key])
        weights[text] = weights.get(text, 0.0) + weight
    named = {text: weight for text, weight in weights.items() if weight >= LEAST}
    if len(named) < 2:
        return setting_text(group.chosen[key])
    ordered = sorted(named.items(), key=lambda item: -item[1])
    return ", ".join(f"{text} ({weight:.0%})" for text, weight in ordered)


def failed_text(group: Group) -> str:
    """Number of settings at which a run diverged or failed, and where none did; else empty."""
    failed = int((group.candidates.lost > 0).sum())
    if not failed:
        return "none"
    return f"{failed} of {len(group.candidates.lost)}" + trained_text(group)


def trained_text(group: Group) -> str:
    """The range of the learning rate at which all runs trained; begins with a semicolon."""
    rates = [
        name["lr"]
        for name, lost in zip(group.candidates.names, group.candidates.lost, strict=True)
        if "lr" in name and not lost and isinstance(name["lr"], int | float)
    ]
    return (
        f"; trains at learning rates {setting_text(min(rates))} to {setting_text(max(rates))}"
        if rates else ""
    )  # fmt: skip
