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
    found = folding(share, folds, np.array([-1.0, 1.0]), np.array([0.5, -0.5]))
    offsets = slice(2 * len(share), 2 * len(share) + 2)
    found.parameters[offsets] += bits * 0.5 ** (folds + 1)
    return found


SOLUTIONS: dict[str, Callable[[Mapping[str, Any]], Solution]] = {
    "nnbench.data.ladder.parity": parity,
    "nnbench.data.ladder.sawtooth": sawtooth,
}
"""What makes a data set → what solves it, given the same options."""
