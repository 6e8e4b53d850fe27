"""Networks built by hand that solve a data set, so that "can't express" isn't "can't find"."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil, log2
from typing import Any

import numpy as np

from nnbench.engine.arrays import Array


@dataclass(frozen=True)
class Solution:
    """A feed-forward network with relu that reads inputs in the data's own units."""

    depth: int
    width: int
    parameters: Array
    """(size,): weights (inputs, units) and biases of each layer in turn."""


def folding(first: Array, folds: int, output: Array, bias: Array) -> Solution:
    """The tent map, `folds` times, of inputs times `first`, (inputs,); and what is made of it.

    Two units hold t and what of t is above one half; twice the first without four times the second
    is the tent (Telgarsky 2016).
    """
    tent = np.array([[2.0], [-4.0]])
    both = np.array([[1.0, 1.0]])
    offsets = np.array([0.0, -0.5])
    layers = [(first[:, None] @ both, offsets)]
    layers += [(tent @ both, offsets)] * (folds - 1)
    layers += [(tent @ output[None], bias)]
    flat = np.concatenate([np.concatenate([w.ravel(), b]) for w, b in layers])
    return Solution(depth=folds, width=2, parameters=flat)


def sawtooth(options: Mapping[str, Any]) -> Solution:
    """A layer a fold."""
    return folding(np.ones(1), options["folds"], np.ones(1), np.zeros(1))


def parity(options: Mapping[str, Any]) -> Solution:
    """The tent map of the share of ones, which has a peak wherever their number is odd."""
    bits, distractors = options["bits"], options["distractors"]
    folds = max(1, ceil(log2(bits)))
    # Inputs are -1 and 1, so that their sum, plus `bits`, is twice the number of ones.
    share = np.concatenate([np.full(bits, 0.5 ** (folds + 1)), np.zeros(distractors)])
    solution = folding(share, folds, np.array([-1.0, 1.0]), np.array([0.5, -0.5]))
    offsets = slice(2 * len(share), 2 * len(share) + 2)
    solution.parameters[offsets] += bits * 0.5 ** (folds + 1)
    return solution


def zigzag(first: Array, offset: float, turns: int, output: Array, bias: Array) -> Solution:
    """Up by 1, down by 1 and so on over whole numbers, with a unit for every way; one hidden layer.

    Of inputs times `first`, (inputs,), plus `offset`; and what is made of it. Each unit but the
    first turns the slope around.
    """
    slopes = np.array([1.0] + [2.0 * (-1) ** turn for turn in range(1, turns + 1)])
    layers = [
        (first[:, None] @ np.ones((1, turns + 1)), offset - np.arange(turns + 1.0)),
        (slopes[:, None] @ output[None], bias),
    ]
    flat = np.concatenate([np.concatenate([w.ravel(), b]) for w, b in layers])
    return Solution(depth=1, width=turns + 1, parameters=flat)


def shallow_sawtooth(options: Mapping[str, Any]) -> Solution:
    """A unit a slope."""
    slopes = 2 ** options["folds"]
    return zigzag(np.full(1, float(slopes)), 0.0, slopes - 1, np.ones(1), np.zeros(1))


def shallow_parity(options: Mapping[str, Any]) -> Solution:
    """A unit a bit, of the number of ones."""
    bits, distractors = options["bits"], options["distractors"]
    first = np.concatenate([np.full(bits, 0.5), np.zeros(distractors)])
    return zigzag(first, bits / 2, bits - 1, np.array([-1.0, 1.0]), np.array([0.5, -0.5]))


SOLUTIONS: dict[str, Callable[[Mapping[str, Any]], Solution]] = {
    "nnbench.data.ladder.parity": parity,
    "nnbench.data.ladder.sawtooth": sawtooth,
}
"""Function that makes a data set → function that makes its solution from the same options."""

SHALLOW: dict[str, Callable[[Mapping[str, Any]], Solution]] = {
    "nnbench.data.ladder.parity": shallow_parity,
    "nnbench.data.ladder.sawtooth": shallow_sawtooth,
}
"""The same with one hidden layer."""


def expressible(target: str, options: Mapping[str, Any], depth: int, width: int) -> bool | None:
    """True if some network of relu layers equals the function exactly; None if unknown.

    One that is deeper than a solution hands on what that says, which is never negative.
    """
    solutions = [make(options) for make in (SOLUTIONS[target], SHALLOW[target])]
    if any(solution.depth <= depth and solution.width <= width for solution in solutions):
        return True
    if target == "nnbench.data.ladder.sawtooth":
        # Each unit of a layer can break every piece of a function of one number in two.
        return None if (width + 1) ** depth >= 2 ** options["folds"] else False
    # The parity of two bits is not linear.
    return False if depth == 0 and options["bits"] > 1 else None
