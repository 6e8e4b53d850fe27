"""The scales of one run."""

import numpy as np
import pytest

from nnbench.data.run_scaling import Scaling, as_scaling


def test_scales_of_earlier_engines_say_the_same():
    rng = np.random.default_rng(0)
    x = rng.normal(50, [1, 20, 0], (40, 5, 3)).astype(np.float64)
    train = x[:30].reshape(-1, 3)
    centre, spread = x.reshape(-1, 3).mean(axis=0), np.array([1.1, 19.0, 1.0])
    mean, std = ((train - centre) / spread).mean(axis=0), ((train - centre) / spread).std(axis=0)
    factor = np.array([*(1 / std[:2]), 0])
    former = {
        "x_centre": centre,
        "x_spread": spread,
        "x_mean": np.broadcast_to(mean, (1, 5, 3)).astype(np.float32),
        "x_factor": np.broadcast_to(factor, (1, 5, 3)).astype(np.float32),
        "y_centre": np.array([3.0]),
        "y_unit": np.array([2.0]),
    }

    scaling = as_scaling(former)

    deviation = np.array([*train.std(axis=0)[:2], np.inf])
    own = Scaling(train.mean(axis=0), deviation, np.array([3.0]), np.array([2.0]))
    np.testing.assert_allclose(scaling.inputs(x, "float64"), own.inputs(x, "float64"), atol=1e-4)
    assert scaling.targets(np.ones((1, 1))) == 5
    with pytest.raises(TypeError):
        as_scaling({"x_mean": centre})
