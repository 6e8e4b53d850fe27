"""Splits of rows into training, validation and test set."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnbench.assembly import build
from nnbench.data.dataset import classification, regression
from nnbench.data.split import split
from tests.build_small import component, options, repeats, run, stacked

SIZES = (0.1, 0.2)
DATA = {name: build.dataset(component("dataset", name)) for name in ("iris", "wine", "linnerud")}


def parts(data, seed, sizes=SIZES):
    subsets = split(data, seed, *sizes)
    return subsets.train, subsets.validation, subsets.test


@pytest.mark.parametrize("sizes", [SIZES, (0.2, 0.5), (0.3, 0.3)])
@pytest.mark.parametrize("seed", [0, 1, 2**31])
@pytest.mark.parametrize("name", DATA)
def test_parts_are_disjoint_and_cover_all_rows(name, seed, sizes):
    train, validation, test = parts(DATA[name], seed, sizes)

    rows = len(DATA[name].x)
    np.testing.assert_array_equal(np.sort(np.r_[train, validation, test]), np.arange(rows))
    assert len(validation) == round(sizes[0] * rows)
    assert len(test) == round(sizes[1] * rows)


@pytest.mark.parametrize("name", ["iris", "wine"])
def test_classes_keep_their_shares(name):
    data = DATA[name]
    shares = np.bincount(data.y) / len(data.y)

    for subset in parts(data, 4):
        counts = np.bincount(data.y[subset], minlength=data.classes)
        assert np.abs(counts - shares * len(subset)).max() <= 1


@pytest.mark.parametrize("name", DATA)
def test_seed_decides_the_split(name):
    splits = [parts(DATA[name], seed) for seed in (0, 0, 1)]

    for first, again, other in zip(*splits, strict=True):
        np.testing.assert_array_equal(first, again)
        assert (np.sort(first) != np.sort(other)).any()


@pytest.mark.parametrize("dataset", options("dataset"))
def test_every_data_set_can_be_split(dataset):
    data = build.dataset(component("dataset", dataset))

    assert all(len(subset) for subset in parts(data, 0))


@pytest.mark.parametrize(
    "setting",
    [{"depth": 4}, {"width": 5}, {"optimizer": "sgd"}, {"activation": "tanh"}, {"dtype": "float32"},
     {"lr": 0.5}, {"epochs": 1}, {"batch_size": "full"}, {"init": "zeros"}, {"loss": "mse"}],
    ids=lambda setting: next(iter(setting)),
)  # fmt: skip
def test_split_is_same_whatever_is_trained_on_it(setting):
    """So that runs can be compared pair by pair."""
    usual, other = (stacked(repeats(run(**more), [3, 8])).batches for more in ({}, setting))

    for subset in ("train", "validation", "test"):
        np.testing.assert_array_equal(getattr(usual, subset), getattr(other, subset))


def test_smallest_part_is_one_row():
    data = regression("few", np.zeros((5, 1)), np.arange(5), "here")

    assert [len(subset) for subset in parts(data, 0, (0.01, 0.01))] == [3, 1, 1]


@pytest.mark.parametrize(
    "data",
    [
        regression("two", np.zeros((2, 1)), np.arange(2), "here"),
        classification("lonely", np.zeros((9, 1)), np.array([0] * 8 + [1]), "here"),
        classification("pair", np.zeros((99, 1)), np.array([0] * 97 + [1] * 2), "here"),
    ],
    ids=lambda data: data.name,
)
def test_split_refuses_what_is_too_small(data):
    with pytest.raises(
        ValueError, match=r"test_size|member|class 1 has 2 rows, a row for each set is needed"
    ):
        split(data, 0, *SIZES)


@settings(max_examples=60, deadline=None)
@given(
    counts=st.lists(st.integers(3, 40), min_size=2, max_size=6),
    seed=st.integers(0, 2**32),
    sizes=st.sampled_from([SIZES, (0.05, 0.1), (0.3, 0.3), (0.2, 0.5)]),
    own_test=st.booleans(),
)
def test_every_class_is_in_every_set(counts, seed, sizes, own_test):
    y = np.repeat(np.arange(len(counts)), counts)
    data = classification("uneven", np.zeros((len(y), 1)), y, "here")
    if own_test:
        data = replace(data, test_rows=1, x=np.zeros((len(y) + 1, 1)), y=np.r_[y, 0])
    try:
        sets = parts(data, seed, sizes)
    except ValueError as error:
        # Sets with fewer rows than there are classes.
        assert re.search("test_size|train_size|too few", str(error))  # noqa: PT017
        return

    for rows in sets[: 3 - own_test]:
        assert set(y[rows]) == set(range(len(counts)))
    np.testing.assert_array_equal(np.sort(np.concatenate(sets)), np.arange(len(data.x)))


@pytest.mark.parametrize("seed", range(20))
def test_class_of_three_rows_is_in_every_set(seed):
    """Shares alone leave all three to the training set."""
    y = np.zeros(1000, int)
    y[[3, 40, 700]] = 1
    data = classification("rare", np.zeros((1000, 1)), y, "here")

    assert [np.sum(y[rows]) for rows in parts(data, seed)] == [1, 1, 1]
    assert [len(rows) for rows in parts(data, seed)] == [700, 100, 200]
