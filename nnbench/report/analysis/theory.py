"""Theory of a data set: networks that could not solve it, and networks that did not."""

from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from nnbench.data.solutions import SHALLOW, SOLUTIONS, expressible
from nnbench.options import catalogue
from nnbench.report.compare.group import Group
from nnbench.report.compare.runs_table import plain
from nnbench.run.config import Component

SOLVED = 0.95
"""The share of what can be had without noise from which on a score counts as solved."""

LIKE_THE_SOLUTIONS = {"model": "mlp", "activation": "relu", "norm": "none", "residual": "false"}
"""Components of the hand-built networks."""


class Standing(StrEnum):
    """Outcome at a depth on a data set that is solvable."""

    FOUND = "found"
    BY_HEART = "fits, does not generalise"
    CANNOT_FIND = "cannot find"
    CANNOT_EXPRESS = "cannot express"
    NOT_SOLVED = "not solved"
    """Expressibility is unknown."""


@dataclass(frozen=True)
class Attempt:
    """The training and test scores of a depth beside what networks like it can be."""

    group: Group
    can: bool | None
    """True if such a network can solve the data set; None if that is unknown."""
    width: int | None
    train: float
    test: float
    """Medians, diverged and failed runs as the worst."""
    attainable: float
    """Score of the true function, which noise keeps from being perfect."""

    @property
    def standing(self) -> Standing:
        """The outcome: solved, or the reason why not."""
        enough = SOLVED * self.attainable
        if self.train >= enough:
            return Standing.FOUND if self.test >= enough else Standing.BY_HEART
        if self.can is None:
            return Standing.NOT_SOLVED
        return Standing.CANNOT_FIND if self.can else Standing.CANNOT_EXPRESS


def dataset_component(group: Group) -> Component | None:
    """The data set of a group, if it is one of ours with all its options."""
    if group.runs.get("dataset.path", pd.Series(dtype=object)).notna().any():
        # A user's own file, whatever its name.
        return None
    # Whatever else of the data varied stands behind the name.
    name = group.dataset.partition(" (")[0]
    if name not in catalogue.names("dataset"):
        return None
    shipped = catalogue.option("dataset", name)
    options = {**(shipped.options or {})}
    for key in options:
        tracked = group.runs.get(f"dataset.{key}", pd.Series(dtype=object)).dropna()
        if len(tracked):
            options[key] = plain(tracked.iloc[0])
    return Component(name, shipped.target, options)


def attempt(group: Group) -> Attempt | None:
    """The attempt at one depth; None unless a network is known to solve the data set."""
    data = dataset_component(group)
    if data is None or data.target not in SOLUTIONS or group.metric.name not in ("accuracy", "r2"):
        return None
    options = data.options or {}
    width = width_of(group, data)
    depth = int(group.runs["depth"].iloc[0])
    can = None
    if width is not None and is_like_the_solutions(group):
        can = expressible(data.target, options, depth, width)
    train, test = (group.median(split) for split in ("best_train", "test"))
    return Attempt(group, can, width, train, test, attainable(data))


def is_like_the_solutions(group: Group) -> bool:
    """True if some of the networks that were tried are of the kind that solutions are."""
    like = pd.Series(True, index=group.tried.index)
    for key, value in LIKE_THE_SOLUTIONS.items():
        if key in group.tried:
            like &= group.tried[key].astype(str).str.lower() == value
    return bool(like.any())


def width_of(group: Group, data: Component) -> int | None:
    """The narrowest width of the runs, which follows from the parameters where those were asked.

    None if all runs failed before they had any.
    """
    widths = pd.to_numeric(group.runs["width"], errors="coerce")
    if widths.notna().all():
        return int(widths.min())
    if not group.sizes:
        return None
    shallow = SHALLOW[data.target](data.options or {})
    # One hidden layer has (inputs + 1 + outputs) parameters a unit, and a bias an output.
    outputs = 2 if group.metric.is_share else 1
    a_unit = (shallow.parameters.size - outputs) // shallow.width
    further = int(group.runs["depth"].iloc[0]) - 1
    if further < 0:
        return 1

    def size(width: int) -> int:
        return width * a_unit + further * width * (width + 1) + outputs

    parameters = min(group.sizes)
    return 1 + bisect_left(range(1, parameters + 1), parameters, key=size)


def attainable(data: Component) -> float:
    """The accuracy, or R², of the function itself on noisy data."""
    noise = float(data.option("noise") or 0)
    if data.target == "nnbench.data.ladder.parity":
        return max(noise, 1 - noise)
    # Teeth that are 1 high are spread evenly from 0 to 1.
    return (1 / 12) / (1 / 12 + noise**2)
