import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnbench.inspection.measures import effective_rank, linear_cka, varying

seeds = st.integers(0, 10_000)


def rotation(rng, size):
    return np.linalg.qr(rng.normal(size=(size, size)))[0]


def with_spectrum(rng, spectrum, rows=20):
    """Centred outputs with these singular values."""
    basis = np.linalg.qr(rng.normal(size=(rows, len(spectrum))) - 0)[0]
    # Columns without a mean, so that centring leaves them alone.
    basis = np.linalg.qr(basis - basis.mean(axis=0))[0]
    return basis * spectrum @ rotation(rng, len(spectrum))


@pytest.mark.parametrize(
    ("spectrum", "rank"),
    [
        ([1, 1, 1, 1], 4),
        ([5, 0, 0], 1),
        ([2, 2, 0, 0], 2),
        # Shares 1/2, 1/4, 1/4: entropy 1.5 log 2.
        ([2, 1, 1], 2**1.5),
    ],
)
def test_effective_rank_by_hand(spectrum, rank):
    actual = effective_rank(with_spectrum(np.random.default_rng(0), np.array(spectrum, float)))
    assert actual == pytest.approx(rank)


@pytest.mark.parametrize("constant", [0.0, 0.1, 1e8])
def test_a_layer_that_says_nothing_has_no_rank(constant):
    same = np.full((7, 3), constant, np.float32)
    assert effective_rank(same) == 0
    assert varying(same) == 0
    assert np.isnan(linear_cka(same, np.eye(7)))


@settings(deadline=None, max_examples=25)
@given(seeds, st.integers(2, 9), st.integers(3, 30), st.floats(0.01, 100))
def test_neither_moves_with_rotation_shift_or_a_scale(seed, numbers, rows, scale):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(rows, numbers)), rng.normal(size=(rows, 4))
    moved = scale * x @ rotation(rng, numbers) + 3

    assert effective_rank(moved) == pytest.approx(effective_rank(x))
    assert linear_cka(moved, y) == pytest.approx(linear_cka(x, y))
    assert linear_cka(moved, x) == pytest.approx(1)
    assert linear_cka(x, y) == pytest.approx(linear_cka(y, x))
    assert 0 <= linear_cka(x, y) <= 1 + 1e-9
    assert 1 <= effective_rank(x) <= min(numbers, rows - 1) + 1e-9


def test_orthogonal_layers_have_nothing_in_common():
    both = with_spectrum(np.random.default_rng(1), np.ones(4)) @ np.eye(4)
    assert linear_cka(both[:, :2], both[:, 2:]) == pytest.approx(0, abs=1e-12)


def test_cka_by_hand():
    """Columns a, b of length 1 at right angles: |xᵀy|² = 1, |xᵀx| = √2, |yᵀy| = 1."""
    x = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]]) / 2
    assert linear_cka(x, x[:, :1]) == pytest.approx(1 / np.sqrt(2))


def test_few_rows_and_few_numbers_give_the_same():
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(6, 5)), rng.normal(size=(6, 3))
    wide = np.hstack([x, np.zeros((6, 20))])
    assert linear_cka(wide, y) == pytest.approx(linear_cka(x, y))
