"""Grouping of runs that can train together, in one stack."""

from dataclasses import replace

from nnbench.options.components import without_numbers
from nnbench.run.config import Component, RunConfig

NONE_OR_SOME = ("weight_decay", "l1", "clip_norm", "clip_value")
"""Keys of which a number may differ in a stack, but not between 0 or null and any other."""


def stack_key(config: RunConfig) -> tuple[tuple[str, str], ...]:
    """Settings that runs must have in common to train together.

    Seed, learning rate, schedule, patience and the numeric hyperparameters of the optimizer and
    its wrapper may differ; so may penalties, clipping and averages, but not between none and some.
    """
    shared = replace(
        config,
        seed=0,
        lr=None,
        patience=None,
        optimizer=without_numbers(config.optimizer),
        wrapper=without_numbers(config.wrapper),
        schedule=Component("any"),
        average=Component("any" if config.average.target else "none"),
    )
    some = {key: bool(getattr(config, key)) for key in NONE_OR_SOME}
    return tuple(sorted((key, repr(value)) for key, value in {**vars(shared), **some}.items()))
