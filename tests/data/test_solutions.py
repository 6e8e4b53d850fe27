"""Networks built by hand with one hidden layer, and what no network of a size can be."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnbench.data import ladder
from nnbench.data.solutions import SHALLOW, expressible
from nnbench.verification.datasets import outputs, unsolved

PARITY, SAWTOOTH = "nnbench.data.ladder.parity", "nnbench.data.ladder.sawtooth"


@settings(max_examples=20, deadline=None)
@given(folds=st.integers(1, 8), seed=st.integers(0, 9))
def test_one_hidden_layer_makes_sawtooth_with_unit_slope(folds, seed):
    data = ladder.sawtooth("s", 50, seed, folds, 0)
    solution = SHALLOW[SAWTOOTH]({"folds": folds})
    assert (solution.depth, solution.width) == (1, 2**folds)
    assert unsolved(data, outputs(solution, data)) < 1e-9


@settings(max_examples=20, deadline=None)
@given(bits=st.integers(2, 12), distractors=st.integers(3, 6), seed=st.integers(0, 9))
def test_one_hidden_layer_tells_parity_with_unit_bit(bits, distractors, seed):
    data = ladder.parity("p", 20, seed, bits, distractors, 0)
    solution = SHALLOW[PARITY]({"bits": bits, "distractors": distractors})
    assert (solution.depth, solution.width) == (1, bits)
    assert unsolved(data, outputs(solution, data)) == 0


@pytest.mark.parametrize(
    ("target", "depth", "width", "expected"),
    [
        (SAWTOOTH, 4, 2, True),  # A layer a fold.
        (SAWTOOTH, 9, 2, True),  # The other layers hand it on.
        (SAWTOOTH, 1, 16, True),  # A unit a slope.
        (SAWTOOTH, 0, 99, False),
        (SAWTOOTH, 1, 14, False),  # 15 pieces at most, of which it has 16.
        (SAWTOOTH, 2, 2, False),  # 9 pieces.
        (SAWTOOTH, 2, 3, None),  # 16 pieces would do, but nobody has built it.
        (PARITY, 3, 2, True),
        (PARITY, 1, 6, True),
        (PARITY, 1, 5, None),
        (PARITY, 0, 99, False),
    ],
)
def test_what_can_be_expressed(target, depth, width, expected):
    options = {"folds": 4, "bits": 6, "distractors": 6}
    assert expressible(target, options, depth, width) is expected
