"""The collector of cycles while a sweep is planned."""

import gc

import pytest

from nnbench.system.garbage import collection_paused


def test_collector_is_paused_and_goes_on_after_error():
    def plan():
        assert not gc.isenabled()
        raise ValueError("too many")

    with pytest.raises(ValueError, match="too many"), collection_paused():
        plan()
    assert gc.isenabled()


def test_a_collector_that_is_off_stays_off():
    with collection_paused():
        with collection_paused():
            pass
        assert not gc.isenabled()
