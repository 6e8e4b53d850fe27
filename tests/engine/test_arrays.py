"""The memory of a stack."""

import numpy as np
import pytest

from nnbench.engine.arrays import ParamStack, Workspace


@pytest.mark.parametrize("runs", [1, 3])
def test_blocks_are_views(runs):
    params = ParamStack(runs, 10, "float32")

    weights, dweights = params.block(2, (2, 3))
    weights[:] = 1
    dweights[:] = 2

    assert weights.shape == dweights.shape == (runs, 2, 3)
    expected = np.array([0, 0, 1, 1, 1, 1, 1, 1, 0, 0], "float32")
    np.testing.assert_array_equal(params.values, np.tile(expected, (runs, 1)))
    np.testing.assert_array_equal(params.grads, np.tile(2 * expected, (runs, 1)))


def test_parameters_of_a_run_are_contiguous():
    params = ParamStack(3, 10, "float32")

    assert params.runs == 3
    assert params.values.flags.c_contiguous
    assert params.grads.flags.c_contiguous


def test_workspace_counts_its_bytes():
    work = Workspace(3, 5, "float32")

    x = work.activations((7,))
    weights = work.buffer((2, 2), "float64")

    assert (x.shape, x.dtype) == ((3, 5, 7), "float32")
    assert (weights.shape, weights.dtype) == ((3, 2, 2), "float64")
