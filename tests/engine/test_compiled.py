"""Compiled loops, and the same loops in plain Python, give the same bits as NumPy's passes."""

import sys
from inspect import getmembers, isfunction
from types import SimpleNamespace

import numpy as np
import pytest

from nnbench.engine import compiled, loops
from nnbench.engine.activations import ReLU
from nnbench.engine.arrays import Workspace
from nnbench.engine.losses import CrossEntropy
from nnbench.optim.ahead import STEPS_AHEAD
from nnbench.training.loop import train
from tests.build_small import options, repeats, run, stacked

KINDS = {np.float32: np.uint32, np.float64: np.uint64}
RUNS, ROWS, CLASSES = 3, 70, 10


@pytest.fixture(autouse=True)
def numpy_alone(monkeypatch):
    """No loops, whatever the process has loaded already."""
    monkeypatch.setattr(compiled, "twins", None)
    monkeypatch.setattr(compiled, "trained", 0.0)


@pytest.fixture(params=["compiled", "interpreted"])
def twins(request):
    """The loops as Numba compiles them, and as Python executes them."""
    if request.param == "interpreted":
        return SimpleNamespace(**dict(getmembers(loops, isfunction)))
    pytest.importorskip("numba")
    compiled.load()
    loaded, compiled.twins = compiled.twins, None
    return loaded


def bits(array):
    """The bits of an array, those of all that is not a number alike."""
    plain = np.where(np.isnan(array), np.array(np.nan, array.dtype), array)
    return np.ascontiguousarray(plain).view(KINDS[array.dtype.type])


def assert_same_training(config, twins, monkeypatch):
    """Two stacks end with the same weights and curves, with the loops and without."""
    stack = stacked(config if isinstance(config, list) else repeats(config, range(RUNS)))
    passes = train(stack, weights=True)
    monkeypatch.setattr(compiled, "twins", twins)
    for result, other in zip(passes, train(stack, weights=True), strict=True):
        assert result.status == other.status
        if result.weights is not None:
            np.testing.assert_array_equal(bits(result.weights), bits(other.weights))
        np.testing.assert_equal(result.history.curves, other.history.curves)
        np.testing.assert_equal(result.history.layer_statistics, other.history.layer_statistics)
        np.testing.assert_equal(result.final, other.final)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", options("optimizer"))
def test_training_is_the_same_with_every_optimizer(optimizer, dtype, twins, monkeypatch):
    config = run(optimizer=optimizer, dtype=dtype, depth=2)

    assert_same_training(config, twins, monkeypatch)


@pytest.mark.parametrize(
    "settings",
    [
        {"model": "cnn", "dataset": "digits", "width": 2, "epochs": 1, "batch_size": 500},
        {"model": "rnn", "dataset": "digits", "width": 2, "epochs": 1, "batch_size": 500},
        {"changes": {"loss": {"label_smoothing": 0.1}}, "loss": "cross_entropy"},
        {"dataset": "diabetes", "norm": "layer", "dropout": 0.2, "residual": True},
        {"wrapper": "sam", "average": "ema", "schedule": "cosine", "weight_decay": 0.01},
        {"lr": 1e30},
    ],
    ids=str,
)
def test_training_is_the_same_around_them(settings, twins, monkeypatch):
    assert_same_training(run(dtype="float32", **settings), twins, monkeypatch)


def test_training_is_the_same_beyond_tables_of_steps(twins, monkeypatch):
    steps, betas = 4, (0.8, 0.9, 0.95)
    runs = [
        run(dtype="float32", epochs=STEPS_AHEAD // steps + 3, changes={"optimizer": {"beta1": b}})
        for b in betas
    ]

    assert_same_training(runs, twins, monkeypatch)


def extremes(kind, shape):
    """Numbers of all sizes, some of them zeros of both signs, infinite or none."""
    rng = np.random.default_rng(0)
    special = [0.0, -0.0, np.inf, -np.inf, np.nan, np.finfo(kind).tiny / 8, np.finfo(kind).max]
    numbers = rng.normal(size=shape) * 10.0 ** rng.uniform(-30, 30, shape)
    chosen = rng.choice(special, shape)
    return np.where(rng.random(shape) < 0.3, chosen, numbers).astype(kind)


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_relu_of_extremes_is_the_same(kind, gaps, twins, monkeypatch):
    x = extremes(kind, (RUNS, ROWS, 2 * CLASSES))[..., :: 2 if gaps else 1]

    def outputs():
        with np.errstate(all="ignore"):
            y, slope, own = np.empty_like(x), np.empty_like(x), x.copy()
            ReLU().forward(x, y, slope)
            ReLU().forward(own, own, slope)
            ReLU().derivative(x, y, slope)
        return bits(y), bits(own), bits(slope)

    passes = outputs()
    monkeypatch.setattr(compiled, "twins", twins)

    np.testing.assert_array_equal(passes, outputs())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("smoothing", [0.0, 0.3])
@pytest.mark.parametrize("span", [1.0, 1e3, np.inf])
def test_cross_entropy_of_extremes_is_the_same(kind, smoothing, span, twins, monkeypatch):
    shape = (RUNS, ROWS, CLASSES)
    rng = np.random.default_rng(0)
    outputs = extremes(kind, shape) if span == np.inf else (span * rng.normal(size=shape))
    targets = np.eye(CLASSES, dtype=kind)[rng.integers(0, CLASSES, shape[:2])]
    loss = CrossEntropy(smoothing).bind(Workspace(RUNS, ROWS, kind))

    def gradient():
        with np.errstate(all="ignore"):
            return bits(loss.gradient(outputs.astype(kind), targets, np.empty(shape, kind)))

    passes = gradient()
    monkeypatch.setattr(compiled, "twins", twins)

    np.testing.assert_array_equal(passes, gradient())


def test_difference_in_a_last_bit_is_noticed(twins, monkeypatch):
    def rounded_otherwise(x):
        twins.rectify(x)
        x.flat[0] = np.nextafter(x.flat[0], np.inf, dtype=x.dtype)

    wrong = SimpleNamespace(**{**vars(twins), "rectify": rounded_otherwise})

    with pytest.raises(AssertionError):
        assert_same_training(run(dtype="float32"), wrong, monkeypatch)


def test_loops_are_loaded_once_that_pays(monkeypatch):
    loaded = []
    monkeypatch.setattr(compiled, "load", lambda: loaded.append(compiled.trained))

    for _ in range(5):
        compiled.account(compiled.PAYS_AFTER * 0.4)

    assert loaded == [pytest.approx(compiled.PAYS_AFTER * 1.2)]


def test_training_counts_its_seconds(monkeypatch):
    train(stacked([run()]))

    assert 0 < compiled.trained < compiled.PAYS_AFTER


def test_nothing_is_loaded_without_a_compiler(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)

    compiled.load()

    assert compiled.twins is None
