"""MNIST-1D against a stored sample of the published one, and its options."""

from pathlib import Path

import numpy as np
import pytest

from nnbench.assembly import build
from nnbench.data.mnist1d import SHIFT, STEPS, mnist1d
from nnbench.run.config import Component
from nnbench.run.errors import ConfigError
from tests.build_small import component


@pytest.fixture(scope="module")
def published():
    """Arrays of the published program: some signals, sums of all, labels."""
    with np.load(Path(__file__).with_name("mnist1d.npz")) as file:
        return dict(file)


@pytest.mark.parametrize("kind", ["plain", "shuffled"])
def test_defaults_without_fresh_rows_are_the_published_signals(published, kind):
    shipped = component("dataset", "mnist1d")
    options = {**shipped.options, "fresh": False, "shuffled": kind == "shuffled"}
    data = build.dataset(Component("mnist1d", shipped.target, options))

    x = data.x[..., 0]
    assert data.x.shape == (5000, 40, 1)
    sample = np.concatenate([x[:12], x[-12:]])
    # To the bit where logarithms and sums are rounded alike; elsewhere to the last digits.
    np.testing.assert_allclose(sample, published[kind], rtol=0, atol=1e-12)
    np.testing.assert_allclose(x.sum(axis=0), published[f"{kind}_sums"], rtol=0, atol=1e-9)
    np.testing.assert_array_equal(data.y, published["labels"])


def test_sample_would_show_another_order_of_draws(published):
    other = mnist1d("m", 5000, 43, 1, False)
    assert np.abs(other.x[:12, :, 0] - published["plain"][:12]).max() > 1
    assert (other.y != published["labels"]).mean() > 0.8


def test_shuffled_signals_share_one_other_order():
    plain, shuffled = (mnist1d("m", 90, 3, 1, kind) for kind in (False, True))
    np.testing.assert_array_equal(plain.y, shuffled.y)
    # The column that each step came from, found by its values.
    gaps = np.abs(plain.x[:, :, None, 0] - shuffled.x[:, None, :, 0]).max(axis=0)
    assert gaps.min(axis=0).max() < 1e-12
    assert sorted(gaps.argmin(axis=0)) == list(range(STEPS))
    assert (gaps.argmin(axis=0) != np.arange(STEPS)).sum() > STEPS / 2


def test_noise_scales_what_is_added():
    clean, usual, double = (mnist1d("m", 400, 0, noise, False).x for noise in (0, 1, 2))
    # Without noise a class differs in place, height and slope only: its mean is no signal's size.
    assert [x.std() for x in (clean, usual, double)] == pytest.approx([1, 1, 1])
    rough = [np.abs(np.diff(x[..., 0], n=2, axis=1)).mean() for x in (clean, usual, double)]
    assert rough[0] < rough[1] < rough[2]


@pytest.mark.parametrize("samples", [10, 37, 500])
def test_classes_are_as_equal_as_samples_allow(samples):
    counts = np.bincount(mnist1d("m", samples, 1, 1, False).y)
    assert counts.sum() == samples
    assert np.ptp(counts) <= 1


def test_every_signal_has_a_place_of_its_own():
    assert SHIFT > STEPS
    data = mnist1d("m", 300, 5, 0, False)
    ones = data.x[data.y == 1][..., 0]
    places = np.abs(ones - np.median(ones, axis=1, keepdims=True)).argmax(axis=1)
    assert len(set(places)) > 10


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("samples", 9), ("noise", -1), ("noise", "x"), ("data_seed", -1), ("data_seed", 2**32),
        ("data_seed", 1.5), ("pool", 4999), ("pool", 0),
    ],
)  # fmt: skip
def test_invalid_options_are_refused_in_one_line(key, value):
    shipped = component("dataset", "mnist1d")
    with pytest.raises(ConfigError, match=rf"^dataset\.{key}={value}: must be [^\n]*$"):
        build.dataset(Component("mnist1d", shipped.target, {**shipped.options, key: value}))
