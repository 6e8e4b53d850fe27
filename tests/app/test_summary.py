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


def test_best_setting_has_no_failed_run():
    summary = Summary({})
    for depth, score in ((1, 0.7), (2, 0.8), (3, 0.9)):
        for seed in (0, 1):
            status = "diverged" if (depth, seed) == (3, 1) else "finished"
            summary.add(ended(score + seed / 10, status, depth=depth, seed=seed), f"{depth} {seed}")
    ((data, (words, name, score, key)),) = summary.best().items()
    assert (data, words, name) == ("iris", "depth=2", "best_validation_accuracy")
    assert score == pytest.approx(0.85)
    assert key == "2 1"
    summary.add(ended(0.4, dataset="wine", depth=7))
    assert {data: words for data, (words, *_) in summary.best().items()} == {
        "iris": "depth=2",
        "wine": "depth=7",
    }
    assert Summary({}).best() == {}
