"""Streams of chance."""

from itertools import product
from typing import get_args

import numpy as np
import pytest

from nnbench.engine.streams import Purpose, stream

PURPOSES = get_args(Purpose)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_stream_is_the_same_each_time(purpose):
    np.testing.assert_array_equal(stream(3, purpose).random(9), stream(3, purpose).random(9))


def test_streams_are_independent():
    """No two of seeds next to each other and purposes have anything in common."""
    draws = [
        stream(seed, purpose).normal(size=4000) for seed, purpose in product(range(9), PURPOSES)
    ]

    correlations = np.corrcoef(draws) - np.eye(len(draws))

    # Six standard errors of a correlation of nothing.
    assert np.abs(correlations).max() < 6 / np.sqrt(4000)


def test_older_purposes_keep_their_streams():
    """A purpose in front of others would change the figures of every run there ever was."""
    assert PURPOSES[:3] == ("split", "init", "order")
    np.testing.assert_array_equal(
        [stream(0, purpose).integers(10**6) for purpose in PURPOSES[:3]],
        [802237, 662052, 656380],
    )
