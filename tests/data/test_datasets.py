"""Every data set of conf/dataset, and what a data set is."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from nnbench.assembly import build
from nnbench.data.bundled import load
from nnbench.data.dataset import classification, regression
from nnbench.data.generated import generate
from tests.build_small import built, component, options

DATASETS = options("dataset")


def test_seventeen_data_sets_need_nothing_to_be_set():
    assert len(DATASETS) >= 17


@pytest.mark.parametrize("name", DATASETS)
def test_dataset_is_sound(name):
    data = build.dataset(component("dataset", name))

    assert data.name == name
    assert data.source
    assert data.x.dtype == np.float64
    assert data.x.ndim >= 2
    assert len(data.x) == len(data.y) >= 20
    assert np.isfinite(data.x).all()
    assert np.isfinite(data.y).all()
    if data.task == "classification":
        assert data.y.shape == (len(data.x),)
        assert data.outputs == data.classes >= 2
        np.testing.assert_array_equal(np.unique(data.y), np.arange(data.classes))
    else:
        assert data.task == "regression"
        assert data.classes == 0
        assert data.y.dtype == np.float64
        assert data.y.shape == (len(data.x), data.outputs)


@pytest.mark.parametrize("name", DATASETS)
def test_dataset_is_the_same_each_time(name):
    first, again = (build.dataset(component("dataset", name)) for _ in range(2))

    np.testing.assert_array_equal(first.x, again.x)
    np.testing.assert_array_equal(first.y, again.y)
    assert first.fingerprint == again.fingerprint


def test_datasets_have_fingerprints_of_their_own():
    # Of the same rows, however many of them are kept for training.
    different = [n for n in DATASETS if component("dataset", n).option("train_rows") is None]
    prints = {build.dataset(component("dataset", name)).fingerprint for name in different}

    assert len(prints) == len(different) >= len(DATASETS) - 1


@pytest.mark.parametrize("name", ["moons", "friedman1"])
def test_generated_data_have_size_and_seed_asked_for(name):
    small, other = (built("dataset", name, name=name, samples=50, data_seed=s) for s in (0, 1))

    assert small.rows == len(small.rows_of(3)) == 50
    assert (small.x != other.x).any()


def test_fingerprint_depends_on_the_content_only():
    x, y = np.arange(12.0).reshape(6, 2), np.array([0, 1, 0, 1, 0, 1])
    data = classification("a", x, y, "here")

    same = classification("b", np.asfortranarray(x), np.array(list("pqpqpq")), "there")

    assert same.fingerprint == data.fingerprint


@pytest.mark.parametrize(
    "change",
    [
        lambda x, y: (x + np.eye(6, 2) * 1e-12, y),
        lambda x, y: (x[::-1], y[::-1]),
        lambda x, y: (x, 1 - y),
        lambda x, y: (x[:5], y[:5]),
        lambda x, y: (x.reshape(6, 2, 1), y),
    ],
    ids=["value", "order", "labels", "rows", "shape"],
)
def test_fingerprint_changes_with_contents_and_shape(change):
    x, y = np.arange(12.0).reshape(6, 2), np.array([0, 1, 0, 1, 0, 1])

    changed = classification("a", *change(x, y), "here")

    assert changed.fingerprint != classification("a", x, y, "here").fingerprint


def test_fingerprint_notices_the_task():
    x, y = np.arange(12.0).reshape(6, 2), np.array([0, 1, 0, 1, 0, 1])
    data = classification("a", x, y, "here")

    assert replace(data, task="regression").fingerprint != data.fingerprint


def test_labels_are_numbered_in_sorted_order():
    data = classification("pets", np.zeros((4, 1)), np.array(["dog", "cat", "eel", "cat"]), "here")

    assert (data.classes, data.outputs) == (3, 3)
    np.testing.assert_array_equal(data.y, [1, 0, 2, 0])


def test_targets_are_columns():
    assert regression("r", np.zeros((4, 1)), np.arange(4), "here").y.shape == (4, 1)
    assert regression("r", np.zeros((4, 1)), np.zeros((4, 3)), "here").outputs == 3


def test_unknown_bundled_data_set_is_refused_with_choices():
    with pytest.raises(ValueError, match=r"mnist.*must be one of .*digits"):
        load("mnist")


def test_unknown_generator_is_refused_with_what_there_is():
    with pytest.raises(ValueError, match=r"make_noise.*must be one of .*make_moons"):
        generate("x", generator="make_noise", samples=9, data_seed=0)


def test_mapped_data_are_sent_without_their_inputs(tmp_path):
    data = build.dataset(component("dataset", "digits"))

    mapped = data.mapped(tmp_path / "x.npy")
    sent = pickle.dumps(mapped)
    again = pickle.loads(sent)

    assert len(sent) < data.x.nbytes / 10
    for other in (mapped, again):
        assert isinstance(other.x, np.memmap)
        assert other.fingerprint == data.fingerprint
        np.testing.assert_array_equal(other.x, data.x)
