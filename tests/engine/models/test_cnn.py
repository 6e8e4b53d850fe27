"""Layers of a convolutional network, and inputs that do not fit."""

import pytest

from nnbench.engine.activations import ReLU
from nnbench.engine.initializers import He
from nnbench.engine.layers.convolution import Convolution
from nnbench.engine.layers.hidden import Hidden
from nnbench.engine.layers.pooling import Pool
from nnbench.engine.models import CNN
from nnbench.engine.models.cnn import pooled_blocks
from nnbench.engine.network import Network

IMAGE = (8, 8, 1)


def planned(depth, in_shape=IMAGE, **options):
    layers = CNN(**options).layers(in_shape, 10, depth, 4, Hidden(ReLU()), He())
    return Network(layers, in_shape)


@pytest.mark.parametrize("depth", range(13))
def test_every_depth_is_valid_on_small_images(depth):
    network = planned(depth)

    assert sum(isinstance(layer, Convolution) for layer in network.layers) == depth
    # From 8 to 4 to 2 places, while there are layers for it.
    assert sum(isinstance(layer, Pool) for layer in network.layers) == min(depth, 2)
    assert network.out_shape == (10,)


@pytest.mark.parametrize("depth", range(1, 12))
def test_poolings_are_spread_over_the_depth(depth):
    for poolings in range(depth + 1):
        after = pooled_blocks(depth, poolings)
        assert len(after) == poolings
        assert after <= set(range(1, depth + 1))
    assert pooled_blocks(8, 2) == {3, 5}


@pytest.mark.parametrize("in_shape", [(40, 2), (8, 8, 3)])
def test_signals_and_images_without_poolings_keep_their_size(in_shape):
    network = planned(3, in_shape, pool="none")

    assert network.in_shapes[-2] == (*in_shape[:-1], 4)


@pytest.mark.parametrize(
    ("depth", "in_shape", "options", "message"),
    [
        (3, (4,), {}, "is for images and signals, but an example is 4 numbers"),
        (3, IMAGE, {"kernel": 9}, "kernel=9: is larger than the inputs of 8×8"),
        (3, IMAGE, {"dilation": 4}, "kernel=3: is larger than the inputs of 8×8 with dilation=4"),
        (4, IMAGE, {"padding": 0}, "padding=0: leaves nothing of 8×8 after 4 layers, 3 at most"),
        (5, IMAGE, {"poolings": 4}, "poolings=4: of 8×8, 5 layers allow 3 at most"),
        (2, IMAGE, {"poolings": 3}, "poolings=3: of 8×8, 2 layers allow 2 at most"),
    ],
)
def test_what_does_not_fit_is_refused(depth, in_shape, options, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        planned(depth, in_shape, **options)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kernel", 0), ("kernel", 1.5), ("stride", True), ("padding", -1), ("padding", "valid"),
        ("dilation", 0), ("pool", "sum"), ("pool_size", 1), ("poolings", -1), ("head", "mean"),
    ],
)  # fmt: skip
def test_options_are_checked(name, value):
    with pytest.raises(ValueError, match=f"^{name}={value}: must be "):
        CNN(**{name: value})
