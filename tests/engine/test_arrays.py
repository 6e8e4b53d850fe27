"""The memory of a stack."""

import numpy as np
import pytest

from nnbench.engine.arrays import CACHE_LINE, ParamStack, Views, Workspace, zeros, zeros_like


@pytest.mark.parametrize("runs", [1, 3])
def test_tensors_are_views_one_after_another(runs):
    params = ParamStack(runs, 10, "float32", statistics=3)
    views = Views(params)

    views.parameter(2)
    weights, dweights = views.parameter(2, 3)
    views.statistic(1)
    views.statistic(2)[:] = 4
    weights[:] = 1
    dweights[:] = 2

    assert weights.shape == dweights.shape == (runs, 2, 3)
    np.testing.assert_array_equal(params.statistics, [[0, 4, 4]] * runs)
    expected = np.array([0, 0, 1, 1, 1, 1, 1, 1, 0, 0], "float32")
    np.testing.assert_array_equal(params.values, np.tile(expected, (runs, 1)))
    np.testing.assert_array_equal(params.grads, np.tile(2 * expected, (runs, 1)))


def test_parameters_of_a_run_are_contiguous():
    params = ParamStack(3, 10, "float32")

    assert params.runs == 3
    assert params.values.flags.c_contiguous
    assert params.grads.flags.c_contiguous


def test_snapshot_is_all_that_decides_the_outputs():
    params, other = (ParamStack(2, 3, "float32", statistics=2) for _ in range(2))
    params.values[:], params.statistics[:] = 1, 2

    kept = params.snapshot()
    params.values[:] = 0
    other.restore(kept)

    np.testing.assert_array_equal(other.values, np.ones((2, 3)))
    np.testing.assert_array_equal(other.statistics, np.full((2, 2), 2))


def test_workspace_counts_its_bytes():
    work = Workspace(3, 5, "float32")

    x = work.activations((7,))
    weights = work.buffer((2, 2), "float64")

    assert (x.shape, x.dtype) == ((3, 5, 7), "float32")
    assert (weights.shape, weights.dtype) == ((3, 2, 2), "float64")


@pytest.mark.parametrize("dtype", ["float32", "float64", "bool"])
@pytest.mark.parametrize("shape", [(), (1,), (3, 5), (7, 1001), (2, 3, 100_003)], ids=str)
def test_zeros_begin_at_a_cache_line(shape, dtype):
    for array in (zeros(shape, dtype), zeros_like(np.ones(shape, dtype))):
        assert (array.shape, array.dtype) == (shape, np.dtype(dtype))
        assert array.flags.c_contiguous
        assert array.flags.writeable
        assert array.ctypes.data % CACHE_LINE == 0
        assert not array.any()


def test_zeros_keep_the_order_in_memory():
    turned = np.moveaxis(np.ones((5, 2, 3)), 0, -1)

    array = zeros_like(turned)

    assert not array.any()
    assert array.strides == turned.strides
