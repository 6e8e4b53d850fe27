import pytest

from nnbench.app.summary import Summary
from tests.app.build_results import ended


def test_keys_that_follow_from_others_are_left_out():
    """An optimizer's options and default learning rate follow from its name."""
    summary = Summary({})
    for optimizer in ("adam", "momentum"):
        for depth in (1, 2):
            summary.add(ended(optimizer=optimizer, depth=depth))

    assert summary.varied() == ["optimizer", "depth"]


def test_option_that_varies_by_itself_is_shown():
    summary = Summary({})
    for noise in (0.1, 0.2):
        summary.add(ended(dataset="moons", changes={"dataset": {"noise": noise}}))

    assert summary.varied() == ["dataset.noise"]


def test_validation_error_is_infinite_if_run_was_lost():
    summary = Summary({})
    summary.add(ended(0.9))
    assert summary.validation_error() == pytest.approx(0.1)
    summary.add(ended(None, "diverged"))
    assert summary.validation_error() == float("inf")
