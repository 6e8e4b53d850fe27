"""Line searches on lines of all shapes."""

import numpy as np
import pytest

from nnbench.optim.line_search import NUMBERS, TRIALS, LineSearch, Point
from nnbench.verification.references import read

LINES = read("lbfgs")[0]


def searched(height, slope, first=1.0, shortest=1e-9):
    """The steps that a search tries on a line, and the one that it ends with."""
    search = LineSearch.along(Point(0, height(0.0), slope(0.0), 0), first, 1.0)
    numbers = np.empty(NUMBERS)
    tried, accepted = [], None
    while not accepted:
        assert len(tried) <= TRIALS
        tried.append(search.trial)
        accepted = search.tell(height(search.trial), slope(search.trial), shortest)
        # Everything that it knows goes through an array.
        search.pack(numbers)
        search = LineSearch.unpack(numbers)
    return tried, accepted


@pytest.mark.parametrize("line", range(len(LINES["waves"])))
def test_search_tries_the_steps_of_its_reference(line):
    amplitude, frequency, phase = LINES["waves"][line].T

    tried, accepted = searched(
        lambda t: (amplitude * np.sin(frequency * t + phase)).sum(),
        lambda t: (amplitude * frequency * np.cos(frequency * t + phase)).sum(),
    )

    expected = LINES["tried"][line]
    np.testing.assert_allclose([*tried, accepted.step], expected[np.isfinite(expected)], rtol=1e-10)


@pytest.mark.parametrize("nothing", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("what", ["height", "slope"])
def test_search_turns_back_where_there_is_no_number(what, nothing):
    """Beyond 1e-3; the minimum before that is at 6e-4."""

    def spoilt(function, name):
        return lambda t: nothing if t > 1e-3 and name == what else function(t)

    _, accepted = searched(
        spoilt(lambda t: (t - 6e-4) ** 2, "height"), spoilt(lambda t: 2 * (t - 6e-4), "slope")
    )

    assert 0 < accepted.step <= 1e-3


@pytest.mark.parametrize("height", [np.nan, np.inf, 1.0])
def test_search_that_finds_nothing_ends_where_it_began(height):
    tried, accepted = searched(lambda t: height if t else 0.0, lambda t: 1.0 if t else -1.0)

    assert accepted.step == 0
    assert 1 < len(tried) <= TRIALS + 1


def test_search_on_a_line_without_end_ends():
    tried, accepted = searched(lambda t: -t, lambda t: -1.0)

    assert len(tried) == TRIALS + 1
    assert accepted.step == tried[-1] > tried[0]
