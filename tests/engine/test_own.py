"""Layers, initialisers and losses of users, which leave out some members of their kinds."""

from copy import copy

import numpy as np
import pytest

from nnbench.engine.arrays import Workspace
from nnbench.engine.initializers import LSUV, Glorot, Initializer
from nnbench.engine.layers.batch_norm import BatchNorm
from nnbench.engine.layers.convolution import Convolution
from nnbench.engine.layers.dense import Dense
from nnbench.engine.layers.layer import Layer
from nnbench.engine.layers.prelu import PReLU
from nnbench.engine.losses import CrossEntropy, Loss
from nnbench.engine.network import Network
from nnbench.engine.own import completed_initializer, completed_layer, declared, is_function


class Around:
    """A user's layer: the four members that are needed, and `given` of one of ours."""

    def __init__(self, layer, *arguments):
        self.layer, self.given = layer, arguments

    def __getattr__(self, name):
        if name in ("layer", "given") or name not in self.given:
            raise AttributeError(name)
        return getattr(self.layer, name)

    def plan(self, in_shape):
        return self.layer.plan(in_shape)

    def bind(self, in_shape, views, work):
        self.layer = copy(self.layer)
        self.layer.bind(in_shape, views, work)

    def forward(self, x, *, train):
        return self.layer.forward(x, train=train)

    def backward(self, dy, *, need_dx):
        return self.layer.backward(dy, need_dx=need_dx)


class Doubled:
    """A user's initialiser with `adjust`."""

    def __call__(self, rng, shape):
        return np.ones(shape)

    def adjust(self, weights, outputs):
        assert outputs().shape == (2, 5, 3)
        weights *= 2


def bound(layers, in_shape=(4,), runs=2, batch=5):
    network = Network(layers, in_shape)
    params = network.params(runs, "float64")
    for values in params.values:
        network.initialise(values, np.random.default_rng(0))
    return params, network.bind(params, Workspace(runs, batch, "float64"))


def test_own_layer_computes_as_ours_does():
    x = np.random.default_rng(1).normal(size=(2, 5, 4))
    both = []
    for layer in (Dense(3, Glorot()), Around(Dense(3, Glorot()))):
        params, network = bound([layer, PReLU()])
        y = network.forward(x.copy(), train=True).copy()
        network.backward(np.ones_like(y))
        both.append((y, params.grads.copy()))

    for ours, own in zip(*both, strict=True):
        np.testing.assert_array_equal(ours, own)


def test_copies_of_a_network_share_no_buffers():
    network = Network([Around(Dense(3, Glorot()))], (4,))
    params = network.params(1, "float64")
    large, small = (network.bind(params, Workspace(1, rows, "float64")) for rows in (7, 2))

    assert large.forward(np.ones((1, 7, 4)), train=False).shape == (1, 7, 3)
    assert small.forward(np.ones((1, 2, 4)), train=False).shape == (1, 2, 3)


def test_members_are_the_own_ones_or_the_defaults():
    plain = completed_layer(Around(Dense(3, Glorot())))
    assert (plain.kind, plain.over_batch, plain.momentum, plain.steepest) == (
        "Around", False, None, None,
    )  # fmt: skip
    assert not plain.init.adjusts
    assert plain.window((8, 8, 1)) is None
    ours = PReLU()
    assert completed_layer(ours) is ours
    assert completed_layer(Around(PReLU(), "steepest")).steepest == 1
    assert completed_layer(Around(BatchNorm(0.3), "over_batch")).over_batch
    convolution = completed_layer(Around(Convolution(2, Glorot(), kernel=5), "window"))
    assert convolution.window((8, 8, 1)).kernel == (5, 5)


def test_momentum_reaches_the_own_layer():
    class Measuring(Around):
        momentum = 0.1

    own = Measuring(BatchNorm())
    layer = completed_layer(own)
    assert layer.momentum == 0.1
    layer.momentum = 0.5
    assert own.momentum == 0.5


@pytest.mark.parametrize(
    "around", [lambda layer: layer, lambda layer: Around(layer, "init", "weights")]
)
def test_own_initialiser_sees_data(around):
    params, network = bound([around(Dense(3, completed_initializer(Doubled())))])

    assert network.adjusts
    network.adjust(np.ones((2, 5, 4)))

    np.testing.assert_array_equal(params.values, [[2] * 12 + [0] * 3] * 2)


def test_initialiser_without_adjust_sees_none():
    assert not completed_initializer(lambda rng, shape: np.zeros(shape)).adjusts
    assert completed_initializer(Doubled()).kind == "Doubled"
    lsuv = LSUV()
    assert lsuv.adjusts
    assert completed_initializer(lsuv) is lsuv
    assert not bound([Dense(3, Glorot())])[1].adjusts


def test_own_loss_fits_every_task_by_default():
    class Any:
        pass

    class Restricted:
        tasks = ("regression",)

    assert declared(Any, Loss).tasks == ("classification", "regression")
    assert declared(lambda: None, Loss).tasks == ("classification", "regression")
    assert declared(Restricted, Loss).tasks == ("regression",)
    assert declared(CrossEntropy, Loss) is CrossEntropy


def test_a_layer_is_no_function():
    assert not is_function(PReLU())
    assert not is_function(Around(PReLU()))
    assert is_function(Doubled())


@pytest.mark.parametrize("kind", [Layer, Initializer, Loss])
def test_a_base_computes_nothing(kind):
    members = {Layer: "forward", Initializer: "__call__", Loss: "value"}
    arguments = {Layer: {"train": True}}.get(kind, {})
    with pytest.raises(NotImplementedError):
        getattr(kind(), members[kind])(*[None] * (1 if kind is Layer else 2), **arguments)
