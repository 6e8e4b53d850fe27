"""Initial weights: their distribution and their determinism."""

import numpy as np
import pytest

from nnbench.engine.initializers import (
    LSUV,
    Glorot,
    He,
    Identity,
    LeCun,
    Normal,
    Orthogonal,
    Uniform,
    Zeros,
)
from nnbench.engine.layers.convolution import Convolution
from tests.build_small import built, options

SHAPE = (200, 300)
WITHOUT_CHANCE = {"zeros", "identity"}
VARIANCES = {Glorot: 2 / 500, He: 2 / 200, LeCun: 1 / 200}


@pytest.mark.parametrize("distribution", ["uniform", "normal"])
@pytest.mark.parametrize("kind", VARIANCES)
def test_weights_have_documented_variance_and_bounds(kind, distribution):
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


def test_uniform_fills_its_range():
    weights = Uniform(-0.1, 0.3)(np.random.default_rng(0), SHAPE)

    assert weights.min() == pytest.approx(-0.1, abs=1e-4)
    assert weights.max() == pytest.approx(0.3, abs=1e-4)
    assert weights.mean() == pytest.approx(0.1, abs=2e-3)
    assert weights.var() == pytest.approx(0.4**2 / 12, rel=0.02)


@pytest.mark.parametrize("gain", [1.0, 1.5])
@pytest.mark.parametrize("shape", [(30, 30), (30, 7), (7, 30), (1, 5), (5, 1)])
def test_orthogonal_has_right_angles(shape, gain):
    weights = Orthogonal(gain)(np.random.default_rng(0), shape)

    tall = weights if shape[0] >= shape[1] else weights.T
    assert weights.shape == shape
    np.testing.assert_allclose(tall.T @ tall, gain**2 * np.eye(min(shape)), atol=1e-14)


def test_orthogonal_has_no_favourites():
    """Entries of uniform orthogonal matrices have mean 0 and variance 1 / n."""
    rng = np.random.default_rng(0)
    matrices = np.stack([Orthogonal()(rng, (3, 3)) for _ in range(4000)])

    np.testing.assert_allclose(matrices.mean(axis=0), 0, atol=4 * np.sqrt(1 / 3 / 4000))
    np.testing.assert_allclose(matrices.var(axis=0), 1 / 3, rtol=0.1)
    assert (np.linalg.det(matrices) > 0).mean() == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("shape", [(3, 3), (2, 4), (4, 2)])
def test_identity_hands_on_what_it_can(shape):
    weights = Identity()(np.random.default_rng(0), shape)

    x, kept = np.arange(1.0, shape[0] + 1), min(shape)
    np.testing.assert_array_equal((x @ weights)[:kept], x[:kept])
    assert weights.sum() == kept


@pytest.mark.parametrize(
    ("kernel", "signal", "image"),
    [(1, 0, 0), (2, 1, 3), (3, 1, 4), (4, 2, 10), (5, 2, 12), (6, 3, 21)],
)
def test_identity_of_kernel_lies_where_torch_has_it(kernel, signal, image):
    """Taps that torch.nn.init.dirac_ (2.13) makes one, counted along rows."""
    for axes, tap in ((1, signal), (2, image)):
        plan = Convolution(2, Identity(), kernel).plan((*[8] * axes, 3))
        block = np.empty(plan.size)
        plan.initialise(np.random.default_rng(0), block)

        expected = np.zeros((kernel**axes, 3, 2))
        expected[tap] = np.eye(3, 2)
        np.testing.assert_array_equal(block[:-2], expected.ravel())


def test_lsuv_scales_until_close_or_out_of_tries():
    """A layer whose outputs grow with the root of its weights needs several tries."""
    weights = np.full((2, 3, 4), 1e4)
    weights[1] = 0
    signs = np.resize([-1.0, 1.0], weights.shape)
    tries = []

    def outputs():
        tries.append(weights[0, 0, 0])
        return signs * np.abs(weights) ** 0.5

    LSUV(tolerance=0.01).adjust(weights, outputs)
    assert len(tries) > 3
    assert outputs()[0].var() == pytest.approx(1, abs=0.01)
    assert not weights[1].any()

    weights[0] = 1e4
    LSUV(tolerance=0.01, tries=1).adjust(weights, outputs)
    assert outputs()[0].var() == pytest.approx(100)


def test_zeros_are_zero():
    assert not Zeros()(np.random.default_rng(0), SHAPE).any()


@pytest.mark.parametrize("name", options("init"))
def test_initializer_depends_on_its_stream_only(name):
    first, again, other = (
        built("init", name)(np.random.default_rng(seed), (4, 6)) for seed in (1, 1, 2)
    )

    assert first.shape == (4, 6)
    assert np.isfinite(first).all()
    np.testing.assert_array_equal(first, again)
    assert (first != other).any() == (name not in WITHOUT_CHANCE)


@pytest.mark.parametrize(
    ("kind", "argument"),
    [
        (Glorot, "cauchy"), (He, "cauchy"), (Normal, 0.0), (Normal, -1.0), (Uniform, 0.05),
        (Uniform, -np.inf), (Orthogonal, 0.0), (Orthogonal, np.inf), (LSUV, 0.0), (LSUV, 1.0),
    ],
)  # fmt: skip
def test_invalid_arguments_of_initializers_are_refused(kind, argument):
    with pytest.raises(ValueError, match=str(argument)):
        kind(argument)
