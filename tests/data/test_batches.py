"""Batches of a stack of runs."""

import numpy as np
import pytest

from nnbench.assembly import build
from nnbench.data.batches import Batches
from nnbench.data.dataset import classification, regression
from nnbench.data.split import Split, split
from tests.build_small import component

SEEDS = (0, 1, 5)


def loaded(name):
    data = build.dataset(component("dataset", name))
    return data, [split(data, seed, 0.1, 0.2) for seed in SEEDS]


def gathered(batches, rows):
    x = np.full((*rows.shape, *batches.in_shape), np.nan, batches.dtype)
    targets = np.full((*rows.shape, batches.outputs), np.nan, batches.dtype)
    batches.gather(rows, x, targets)
    return x, targets


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ["wine", "linnerud", "friedman2"])
def test_training_part_is_standardised(name, dtype):
    data, splits = loaded(name)
    batches = Batches(data, splits, dtype)

    x, targets = gathered(batches, batches.train)

    tolerance = 1e-5 if dtype == "float32" else 1e-12
    standardised = [x, targets] if data.task == "regression" else [x]
    for values in standardised:
        assert values.dtype == dtype
        np.testing.assert_allclose(values.mean(axis=1, dtype=np.float64), 0, atol=tolerance)
        np.testing.assert_allclose(values.std(axis=1, dtype=np.float64), 1, rtol=tolerance)


@pytest.mark.parametrize("name", ["wine", "linnerud"])
def test_rows_are_standardised_as_their_run_does(name):
    data, splits = loaded(name)
    batches = Batches(data, splits, "float64")

    x, targets = gathered(batches, batches.test)

    for run, subsets in enumerate(splits):
        train = data.x[subsets.train]
        expected = (data.x[subsets.test] - train.mean(axis=0)) / train.std(axis=0)
        np.testing.assert_allclose(x[run], expected, rtol=1e-9, atol=1e-12)
        if data.task == "regression":
            train = data.y[subsets.train]
            expected = (data.y[subsets.test] - train.mean(axis=0)) / train.std(axis=0)
        else:
            expected = np.eye(data.classes)[data.y[subsets.test]]
        np.testing.assert_allclose(targets[run], expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("shape", [(7,), (4, 5)])
def test_channels_are_standardised_at_all_places_together(shape):
    rng = np.random.default_rng(0)
    x = rng.normal(3, [1, 10], (40, *shape, 2)) + rng.normal(size=(*shape, 1))
    data = classification("signals", x, np.arange(40) % 2, "here")
    subsets = split(data, 0, 0.1, 0.2)

    got, _ = gathered(Batches(data, [subsets], "float64"), subsets.test[None])

    train = data.x[subsets.train].reshape(-1, 2)
    expected = (data.x[subsets.test] - train.mean(axis=0)) / train.std(axis=0)
    np.testing.assert_allclose(got[0], expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("subset", ["validation", "test"])
@pytest.mark.parametrize("name", ["wine", "linnerud"])
def test_training_rows_know_nothing_of_other_parts(name, subset):
    data, (chosen, *_) = loaded(name)
    x, y = data.x.copy(), data.y.copy()
    x[getattr(chosen, subset)] = 3 * x[getattr(chosen, subset)] + 7
    make = classification if data.task == "classification" else regression
    if data.task == "regression":
        y[getattr(chosen, subset)] *= 5
    changed = make("changed", x, y, "here")

    before, after = (
        gathered(batches, batches.train)
        for batches in (Batches(source, [chosen], "float64") for source in (data, changed))
    )

    for values, same in zip(before, after, strict=True):
        np.testing.assert_allclose(same, values, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_large_numbers_keep_their_digits(dtype):
    """Features and targets that differ little from each other, but much from 0."""
    rng = np.random.default_rng(0)
    x, y = 1e6 + rng.normal(0, 1, (60, 2)), 1e6 + rng.normal(0, 1, 60)
    data = regression("far away", x, y, "here")
    subsets = split(data, 0, 0.1, 0.2)
    batches = Batches(data, [subsets], dtype)

    got_x, got_y = gathered(batches, batches.train)

    for got, values in ((got_x, data.x), (got_y, data.y)):
        train = values[subsets.train]
        expected = (train - train.mean(axis=0)) / train.std(axis=0)
        np.testing.assert_allclose(got[0], expected, atol=1e-5)


def test_constant_features_become_zero():
    data = classification("flat", np.full((30, 2), 1e5), np.arange(30) % 2, "here")
    batches = Batches(data, [split(data, 0, 0.1, 0.2)], "float64")

    x, _ = gathered(batches, batches.train)

    np.testing.assert_array_equal(x, 0)


def test_constant_training_feature_is_left_out():
    x = np.zeros((30, 1))
    x[20:] = np.arange(10)[:, None]
    data = classification("late", x, np.arange(30) % 2, "here")
    parts = Split(np.arange(20), np.arange(20, 25), np.arange(25, 30))
    batches = Batches(data, [parts], "float64")

    for rows in (batches.train, batches.validation, batches.test):
        np.testing.assert_array_equal(gathered(batches, rows)[0], 0)


def test_scores_ignore_rows_outside_the_training_set():
    """Digits has columns that are constant in some training sets (seed 12) but not elsewhere."""
    digits = build.dataset(component("dataset", "digits"))
    data = classification("table", digits.x.reshape(len(digits.x), -1), digits.y, "here")
    subsets = split(data, 12, 0.1, 0.2)
    got = gathered(Batches(data, [subsets], "float64"), subsets.test[None])[0][0]

    train = data.x[subsets.train]
    spread = train.std(axis=0)
    learnable = spread > 0
    assert not learnable.all()
    expected = (data.x[subsets.test] - train.mean(axis=0))[:, learnable] / spread[learnable]
    np.testing.assert_allclose(got[:, learnable], expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(got[:, ~learnable], 0)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ["wine", "linnerud"])
def test_run_sees_same_alone_and_after_others_left(name, dtype):
    data, splits = loaded(name)
    stack = Batches(data, splits, dtype)
    together = gathered(stack, stack.train)

    for run, subsets in enumerate(splits):
        alone = Batches(data, [subsets], dtype)
        left = stack.select(np.array([run]))
        for batches in (alone, left):
            for values, expected in zip(gathered(batches, batches.train), together, strict=True):
                np.testing.assert_array_equal(values[0], expected[run])


@pytest.mark.parametrize("name", ["digits", "diabetes"])
def test_pieces_of_large_data_differ_by_rounding_only(name, monkeypatch):
    data, splits = loaded(name)
    whole = Batches(data, splits, "float64")
    monkeypatch.setattr("nnbench.data.standardised.PIECE", 100)
    in_pieces = Batches(data, splits, "float64")

    for rows in (whole.train, whole.test):
        for values, expected in zip(gathered(in_pieces, rows), gathered(whole, rows), strict=True):
            np.testing.assert_allclose(values, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("empty", [slice(0, 100), slice(100, 200), slice(0, 200), slice(50, 300)])
def test_feature_may_be_missing_in_a_whole_piece(empty, monkeypatch):
    x = np.random.default_rng(0).normal(3, 2, (300, 2))
    x[empty, 0] = np.nan
    data = classification("gaps", x, np.arange(300) % 2, "here")
    rows = np.arange(300)
    monkeypatch.setattr("nnbench.data.standardised.PIECE", 100)
    seen, _ = gathered(Batches(data, [Split(rows, rows, rows)], "float64"), rows[None])

    expected = (x - np.nanmean(x, axis=0)) / np.nanstd(x, axis=0)
    np.testing.assert_allclose(seen[0], np.nan_to_num(expected), rtol=1e-9, atol=1e-9)
