"""Signs of whole vectors."""

import numpy as np
import pytest

from nnbench.optim.signs import FAR, signed


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_signed_is_sign_times_size_of_each_run(dtype):
    smallest = 10 / FAR[np.dtype(dtype)]
    magnitudes = np.geomspace(smallest, 1e9, 50)
    values = np.concatenate([-magnitudes, [0.0, -0.0], magnitudes]).astype(dtype)
    stack = np.stack([values, values[::-1]])
    sizes = np.array([[0.3], [2.0]], dtype)
    expected = sizes * np.sign(stack)

    result = signed(stack, sizes)

    assert result is stack
    np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_is_no_number_stays_none(dtype):
    assert np.isnan(signed(np.array([[np.nan]], dtype), 1)).all()
    np.testing.assert_array_equal(signed(np.array([[np.inf, -np.inf]], dtype), 1), [[1, -1]])
