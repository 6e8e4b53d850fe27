import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnbench.assembly import build
from nnbench.data import ladder
from nnbench.data.solutions import SOLUTIONS
from nnbench.run.config import Component
from nnbench.run.errors import ConfigError
from nnbench.verification.datasets import outputs, unsolved
from tests.build_small import component

LADDER = (
    "parity", "sawtooth", "composition", "spirals", "checkerboard", "deep_linear", "deep_relu"
)  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(bits=st.integers(1, 8), distractors=st.integers(3, 6), seed=st.integers(0, 99))
def test_parity_is_product_of_the_bits_that_count(bits, distractors, seed):
    data = ladder.parity("p", 10, seed, bits, distractors, 0)
    assert set(np.unique(data.x)) <= {-1.0, 1.0}
    ones = (data.x[:, :bits] == 1).sum(axis=1)
    classes = np.unique(ones % 2)
    np.testing.assert_array_equal(classes[data.y], ones % 2)
    assert len(np.unique(data.x, axis=0)) == 10


def test_noise_is_share_of_labels_that_are_wrong():
    clean, noisy = (ladder.parity("p", 200, 0, 6, 4, noise) for noise in (0, 0.25))
    np.testing.assert_array_equal(clean.x, noisy.x)
    assert (clean.y != noisy.y).mean() == 0.25
    clean, noisy = (ladder.checkerboard("c", 200, 0, 4, 2, noise) for noise in (0, 0.1))
    assert (clean.y != noisy.y).mean() == 0.1


def test_sawtooth_has_the_right_number_of_teeth():
    data = ladder.sawtooth("s", 5000, 0, 4, 0)
    order = data.x[:, 0].argsort()
    rising = np.diff(data.y[order, 0]) > 0
    assert (np.diff(rising.astype(int)) != 0).sum() == 2**4 - 1
    np.testing.assert_allclose(
        data.y[:, 0], 1 - 2 * np.abs((data.x[:, 0] * 8) % 1 - 0.5), atol=1e-12
    )


@settings(max_examples=40, deadline=None)
@given(folds=st.integers(1, 12), seed=st.integers(0, 9))
def test_the_sawtooth_is_solved_by_hand(folds, seed):
    data = ladder.sawtooth("s", 50, seed, folds, 0)
    solution = SOLUTIONS[data.source]({"folds": folds})
    assert (solution.depth, solution.width) == (folds, 2)
    assert unsolved(data, outputs(solution, data)) < 1e-9


@settings(max_examples=40, deadline=None)
@given(bits=st.integers(2, 20), distractors=st.integers(4, 6), seed=st.integers(0, 9))
def test_parity_is_solved_by_hand(bits, distractors, seed):
    data = ladder.parity("p", 60, seed, bits, distractors, 0)
    solution = SOLUTIONS[data.source]({"bits": bits, "distractors": distractors})
    assert solution.depth == max(1, int(np.ceil(np.log2(bits))))
    if data.classes == 2:
        assert unsolved(data, outputs(solution, data)) == 0


def test_what_is_not_solved_is_seen():
    data = ladder.sawtooth("s", 50, 0, 4, 0)
    wrong = SOLUTIONS[data.source]({"folds": 3})
    assert unsolved(data, outputs(wrong, data)) > 0.5
    parity = ladder.parity("p", 60, 0, 4, 4, 0.5)
    solution = SOLUTIONS[parity.source]({"bits": 4, "distractors": 4})
    assert unsolved(parity, outputs(solution, parity)) == 0.5


def test_the_composition_is_the_tree_written_out():
    data = ladder.composition("c", 20, 0, 2, 0)

    def h(a, b):
        return np.sin(2 * a - b + a * b)

    a, b, c, d = data.x.T
    np.testing.assert_allclose(data.y[:, 0], h(h(a, b), h(c, d)))


def test_the_board_is_black_and_white():
    data = ladder.checkerboard("c", 300, 0, 3, 2, 0)
    cells = (data.x * 3).astype(int)
    np.testing.assert_array_equal(data.y, (cells[:, 0] + cells[:, 1]) % 2)


def test_arms_of_spiral_are_where_they_should_be():
    data = ladder.spirals("s", 200, 0, 2, 1.0, 0.0)
    radius = np.linalg.norm(data.x, axis=1)
    angle = np.arctan2(data.x[:, 1], data.x[:, 0]) - 2 * np.pi * radius
    np.testing.assert_allclose(np.cos(angle), np.where(data.y == 0, 1, -1), atol=1e-9)


def test_linear_teacher_is_linear_and_its_strengths_halve():
    data = ladder.deep_linear("l", 400, 0, 8, 3, 0.0)
    weights, residuals, *_ = np.linalg.lstsq(data.x, data.y, rcond=None)
    assert residuals.max() < 1e-20
    np.testing.assert_allclose(np.linalg.svd(weights)[1], [1, 0.5, 0.25])


def test_the_deep_teacher_is_not_linear():
    data = ladder.deep_relu("r", 400, 0, 4, 3, 8, 0.0)
    _, residuals, *_ = np.linalg.lstsq(data.x, data.y - data.y.mean(), rcond=None)
    assert residuals[0] > 0.05 * 400
    assert data.y.std() == pytest.approx(1)


@pytest.mark.parametrize("name", LADDER)
def test_theory_is_told_with_its_source(name):
    theory = build.dataset(component("dataset", name)).theory
    assert re.search(r"\d{4}\)|layer", theory)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("parity", {"bits": 0}), ("parity", {"noise": 1.5}),
        ("parity", {"samples": 5000}), ("parity", {"distractors": -1}),
        ("sawtooth", {"folds": 0}), ("sawtooth", {"folds": 21}), ("sawtooth", {"noise": -1}),
        ("sawtooth", {"samples": 3}),
        ("composition", {"levels": 0}), ("composition", {"levels": 11}),
        ("spirals", {"arms": 1}), ("spirals", {"turns": float("inf")}),
        ("checkerboard", {"cells": 1}), ("checkerboard", {"dimensions": 0}),
        ("deep_linear", {"outputs": 17}), ("deep_linear", {"features": 0}),
        ("deep_relu", {"teacher_depth": 0}), ("deep_relu", {"noise": "much"}),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_one_line(name, options):
    ((key, value),) = options.items()
    chosen = component("dataset", name)
    with pytest.raises(ConfigError, match=rf"^dataset\.{key}={value}: must be [^\n]*$"):
        build.dataset(Component(name, chosen.target, {**chosen.options, **options}))


def test_rows_among_very_many_are_different():
    for bits in (40, 90):
        data = ladder.parity("p", 500, 0, bits, 0, 0)
        assert len(np.unique(data.x, axis=0)) == 500


def test_xor_is_one_where_the_corners_signs_differ():
    data = ladder.xor("x", 403, 0, 0)
    np.testing.assert_array_equal(data.y, data.x[:, 0] * data.x[:, 1] < 0)
    assert np.unique(data.x, axis=0, return_counts=True)[1].tolist() == [101, 101, 101, 100]
    noisy = ladder.xor("x", 4003, 0, 0.3)
    assert (noisy.x - ladder.xor("x", 4003, 0, 0).x).std() == pytest.approx(0.3, rel=0.05)


@pytest.mark.parametrize("name", [*LADDER, "xor"])
@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_that_no_generator_takes_is_named(name, seed):
    chosen = component("dataset", name)
    with pytest.raises(ConfigError, match=rf"^dataset\.data_seed={seed}: must be a whole number"):
        build.dataset(Component(name, chosen.target, {**chosen.options, "data_seed": seed}))
