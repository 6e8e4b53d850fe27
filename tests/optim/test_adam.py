import numpy as np
import pytest

from nnbench.engine.arrays import ParamStack
from nnbench.optim import ahead
from nnbench.optim.adam import Adam


def test_long_training_follows_the_textbook():
    """Bias corrections are worked out many steps ahead; no step may get another's."""
    beta1, beta2 = np.array([[0.9], [0.99]]), np.array([[0.999], [0.95]])
    optimizer = Adam(beta1, beta2, np.array([[1e-8], [1e-3]]))
    rng = np.random.default_rng(0)
    params = ParamStack(2, 5, "float64")
    params.values[:] = expected = rng.normal(size=(2, 5))
    state = optimizer.init(params)
    mean = square = np.zeros((2, 5))

    for t in range(1, 2 * ahead.STEPS_AHEAD + 10):
        gradient = rng.normal(size=(2, 5))
        params.grads[:] = gradient
        optimizer.step(params, state, np.full((2, 1), 0.01), t)
        mean = beta1 * mean + (1 - beta1) * gradient
        square = beta2 * square + (1 - beta2) * gradient**2
        root = np.sqrt(square / (1 - beta2**t)) + optimizer.epsilon
        expected = expected - 0.01 * mean / (1 - beta1**t) / root

        assert params.values == pytest.approx(expected, rel=1e-9, abs=1e-12)
