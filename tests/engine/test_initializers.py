"""Initial weights: their distribution and their determinism."""

import numpy as np
import pytest

from nnbench.engine.initializers import Glorot, He, LeCun, Normal, Zeros
from tests.build_small import made, options

SHAPE = (200, 300)
VARIANCES = {Glorot: 2 / 500, He: 2 / 200, LeCun: 1 / 200}


@pytest.mark.parametrize("distribution", ["uniform", "normal"])
@pytest.mark.parametrize("kind", VARIANCES)
def test_variance_scaling(kind, distribution):
    """As documented for torch.nn.init.xavier_, kaiming_ and lecun, for 60 000 weights."""
    weights = kind(distribution)(np.random.default_rng(0), SHAPE)

    variance = VARIANCES[kind]
    assert weights.var() == pytest.approx(variance, rel=0.03)
    assert abs(weights.mean()) < 4 * np.sqrt(variance / weights.size)
    bound = np.sqrt(3 * variance)
    share_outside = (np.abs(weights) > bound).mean()
    if distribution == "uniform":
        assert share_outside == 0
        assert np.abs(weights).max() > 0.999 * bound
    else:
        assert share_outside == pytest.approx(0.0833, abs=0.005)


def test_normal_has_its_standard_deviation():
    weights = Normal(0.05)(np.random.default_rng(0), SHAPE)

    assert weights.std() == pytest.approx(0.05, rel=0.02)


def test_zeros_are_zero():
    assert not Zeros()(np.random.default_rng(0), SHAPE).any()


@pytest.mark.parametrize("name", options("init"))
def test_initializer_depends_on_its_stream_only(name):
    first, again, other = (
        made("init", name)(np.random.default_rng(seed), (4, 6)) for seed in (1, 1, 2)
    )

    assert first.shape == (4, 6)
    assert np.isfinite(first).all()
    np.testing.assert_array_equal(first, again)
    assert first.any() == (first != other).any()


@pytest.mark.parametrize(
    ("kind", "argument"), [(Glorot, "cauchy"), (He, "cauchy"), (Normal, 0.0), (Normal, -1.0)]
)
def test_initializer_refuses(kind, argument):
    with pytest.raises(ValueError, match=str(argument)):
        kind(argument)
