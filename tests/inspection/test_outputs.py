"""Outputs that represent a layer, in every kind of network."""

import numpy as np
import pytest

import nnbench
from nnbench.assembly import build, predictor
from nnbench.engine.layers.residual import Join
from nnbench.inspection import outputs
from nnbench.inspection.sections.filters import filter_images
from tests.build_small import run


def untrained(**settings):
    """The network of a run after one epoch, and its data."""
    result = nnbench.train(run(epochs=1, **settings), weights=True)
    data = build.dataset(result.config.dataset)
    return predictor.from_weights(result.config, data, result.weights), data


@pytest.mark.parametrize("depth", [0, 1, 3])
@pytest.mark.parametrize(
    "settings",
    [{}, {"norm": "batch"}, {"residual": True, "norm": "layer"}, {"activation": "prelu"}],
)
def test_there_is_one_for_each_hidden_layer(depth, settings):
    network, data = untrained(depth=depth, **settings)
    actual = outputs.outputs_of(network, data.x[:10])

    assert [layer.name for layer in actual] == ["input", *map(str, range(1, depth + 1)), "output"]
    assert [layer.numbers.shape for layer in actual] == [(10, 4), *[(10, 8)] * depth, (10, 3)]
    assert np.array_equal(actual[-1].numbers, network.answers(data.x[:10]))


@pytest.mark.parametrize(("settings", "after"), [({}, "Activation"), ({"residual": True}, "Join")])
def test_it_is_what_the_next_layer_gets(settings, after):
    network, _ = untrained(depth=2, norm="batch", dropout=0.1, **settings)
    layers = network.network().layers
    *hidden, _ = outputs.handed_on(network.network())

    for place in hidden:
        kind = type(layers[place]).__name__
        assert kind == after or not isinstance(layers[place], Join)
        rest = [type(layer).__name__ for layer in layers[place + 1 :]]
        assert rest[0] in ("Dropout", "Dense", "Fork", "Join")
        assert (kind == "Join") == (after == "Join")


@pytest.mark.parametrize("model", ["cnn", "rnn"])
def test_images_are_flattened_and_large_ones_averaged(model, monkeypatch):
    network, data = untrained(dataset="digits", model=model, depth=2, width=6)
    whole = outputs.outputs_of(network, data.x[:5])
    monkeypatch.setattr(outputs, "MOST", 20)
    averaged = outputs.outputs_of(network, data.x[:5])

    assert whole[0].numbers.shape == averaged[0].numbers.shape == (5, 64)
    for first, other in zip(whole[1:-1], averaged[1:-1], strict=True):
        assert other.averaged
        assert not first.averaged
        places = first.numbers.reshape(5, -1, 6)
        assert other.numbers == pytest.approx(places.mean(axis=1), abs=1e-6)


def test_filters_are_weights_in_shape_of_the_image():
    network, _ = untrained(dataset="digits", depth=1, width=6)
    images, whole = filter_images(network)

    assert whole
    assert images.shape == (6, 8, 8)
    assert np.array_equal(images[2].ravel(), network.values[: 64 * 6].reshape(64, 6)[:, 2])


def test_filters_of_convolution_have_size_of_its_window():
    network, _ = untrained(dataset="digits", model="cnn", depth=1, width=5)
    images, whole = filter_images(network)

    assert not whole
    assert images.shape == (5, 3, 3)
    assert np.array_equal(images[1].ravel(), network.values[: 9 * 5].reshape(9, 5)[:, 1])


def test_a_recurrent_network_has_no_filters():
    network, _ = untrained(dataset="digits", model="rnn", depth=1, width=5)
    assert filter_images(network) is None
