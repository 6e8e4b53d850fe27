import pytest

from nnbench.track.skipped import is_known, read_skipped, skipped_tags, storable_reasons
from nnbench.track.stored_text import LONGEST
from nnbench.track.tracker import track_sweep


def skip(store, skipped, experiment="trial"):
    with track_sweep(store, experiment, {}, "the command", skipped=skipped) as tracker:
        return tracker.sweep_id


def test_reasons_are_stored_with_the_parent_run(store):
    reasons = {'depth=-1: must be "0" or more': 10, "ünit=💥: <b>no</b>": 3}
    skip(store, reasons)
    assert read_skipped(store, "trial") == reasons


def test_sweep_that_skips_nothing_says_nothing_of_it(store):
    sweep_id = skip(store, {})
    assert "nnbench.skipped" not in store.client.get_run(sweep_id).data.tags
    assert read_skipped(store, "trial") == {}


def test_repeated_sweep_counts_once(store):
    for skipped in ({"a": 10, "b": 1}, {"a": 10}, {"a": 5, "c": 2}):
        skip(store, skipped)
    skip(store, {"d": 7}, "other")
    assert read_skipped(store, "trial") == {"a": 10, "b": 1, "c": 2}


@pytest.mark.parametrize(
    ("skipped", "expected"),
    [
        ({}, True),
        ({"a": 9}, True),
        ({"a": 10}, True),
        ({"a": 11}, False),
        ({"a": 1, "b": 1}, False),
    ],
)
def test_known_and_new_reasons_are_distinguished(store, skipped, expected):
    skip(store, {"a": 10})
    assert is_known(skipped, store, "trial") == expected


@pytest.mark.parametrize(("count", "length"), [(400, 10), (400, 480), (20, 50_000)])
def test_many_or_long_reasons_lose_no_run(store, count, length):
    allowed = '"ü' * (length // 2)
    reasons = {f"lr=-{number}: {allowed}": number for number in range(1, count)}
    assert len(skipped_tags(reasons)["nnbench.skipped"]) <= LONGEST
    stored = storable_reasons(reasons)
    assert sum(stored.values()) == sum(reasons.values())
    skip(store, reasons)
    assert read_skipped(store, "trial") == stored
    assert "lr=-1: " in next(iter(stored))
    assert stored["other reasons"] > 0
    assert is_known(reasons, store, "trial")
