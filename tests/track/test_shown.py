"""Runs that are shown in the store while they train."""

from dataclasses import replace

import numpy as np
import pytest
from mlflow.exceptions import MlflowException

from nnbench.run.errors import ConfigError
from nnbench.run.result import History
from nnbench.track.read_run import recall
from nnbench.track.read_runs import Histories, read_runs
from nnbench.track.sync import SyncReport, sync
from nnbench.track.tracker import track_sweep
from tests.track.made import DATA, by_requests, keys_of_whole_runs, long_result, made_result


def until(epoch, result):
    """A run with its results up to an epoch."""
    history = result.history
    curves = {name: curve[: epoch + 1] for name, curve in history.curves.items()}
    past = History(np.arange(epoch + 1), curves, (), np.empty(0, int), {})
    return replace(result, status="running", history=past, final={})


def states(store, tracker):
    """Status of every run beside the parent."""
    runs = store.client.search_runs([tracker.experiment_id])
    return [run.info.status for run in runs if run.info.run_id != tracker.sweep_id]


@pytest.mark.parametrize("way", ["rows", "requests"])
def test_growing_run_ends_like_one_logged_at_once(store, way):
    if way == "requests":
        by_requests(store)
    result = made_result(1)
    with track_sweep(store, "trial", {}, "") as tracker:
        for epoch in (0, 1):
            tracker.show(until(epoch, result), "shown", DATA)
            (run,) = store.client.search_runs([tracker.experiment_id], "tags.nnbench.key != ''")
            assert run.info.status == "RUNNING"
            assert run.data.metrics["train_loss"] == result.history.curves["train_loss"][epoch]
            assert run.data.params["optimizer.text"] == "ä 'quoted'"
        assert read_runs(store, "trial").empty
        run_id = tracker.log(result, "shown", DATA)
        assert run_id == run.info.run_id
        other = tracker.log(result, "plain", DATA)
    assert states(store, tracker) == ["FINISHED"] * 2
    first, two = store.client.get_run(run_id), store.client.get_run(other)
    assert first.data.metrics == two.data.metrics
    assert first.data.params == two.data.params
    assert first.inputs.to_dictionary() == two.inputs.to_dictionary()
    for name in first.data.metrics:
        points, others = (store.client.get_metric_history(i, name) for i in (run_id, other))
        assert [(p.step, p.value) for p in points] == [(p.step, p.value) for p in others], name
    runs = read_runs(store, "trial").set_index("key")
    same = [name for name in runs if name not in ("run_id", "artifacts")]
    assert runs.loc["shown", same].equals(runs.loc["plain", same])
    histories = Histories(store, runs.reset_index())
    np.testing.assert_equal(vars(histories[run_id]), vars(histories[other]))


def test_what_was_shown_and_never_ended_is_killed(store):
    with track_sweep(store, "trial", {}, "") as tracker:
        tracker.show(until(1, made_result(1)), "cut off", DATA)
    assert states(store, tracker) == ["KILLED"]


def test_run_that_another_process_finished_is_killed(store):
    with track_sweep(store, "trial", {}, "") as tracker:
        tracker.show(until(1, made_result(1)), "key", DATA)
        with track_sweep(store, "trial", {}, "") as other:
            other.show(until(1, made_result(1)), "key", DATA)
            # A reader of the newest runs sees the shown run before it ends.
            for number in (2, 3):
                assert tracker.log(made_result(number), f"key {number}", DATA)
            assert other.log(made_result(1), "key", DATA)
        assert tracker.log(made_result(1), "key", DATA) is None
    assert sorted(states(store, tracker)) == [*["FINISHED"] * 4, "KILLED"]
    assert keys_of_whole_runs(store, "trial") == {"key": 1, "key 2": 1, "key 3": 1}


def test_run_that_fails_after_display_says_why(store):
    with track_sweep(store, "trial", {}, "") as tracker:
        tracker.show(until(1, made_result(2)), "key", DATA)
        run_id = tracker.log(made_result(2, "failed"), "key", DATA)
    run = store.client.get_run(run_id)
    assert (run.info.status, run.data.tags["nnbench.reason"]) == ("FAILED", "made to fail")
    assert "seconds" in run.data.metrics


def test_shown_run_of_a_failing_store_appears_once(store, monkeypatch):
    def fail(*_, **__):
        raise MlflowException("gone")

    with track_sweep(store, "trial", {}, "") as tracker:
        tracker.show(until(1, made_result(1)), "key", DATA)
        with monkeypatch.context() as patch:
            patch.setattr(type(store.writer), "reopen", fail)
            tracker.log(made_result(1), "key", DATA)
        tracker.show(until(1, made_result(2)), "other", DATA)
    assert (tracker.unlogged, tracker.failing) == (1, True)
    assert sync(store) == SyncReport(1, 0)
    assert sorted(states(store, tracker)) == ["FINISHED", "KILLED"]
    assert keys_of_whole_runs(store, "trial") == {"key": 1}


@pytest.mark.parametrize("way", ["rows", "requests"])
def test_deleted_shown_run_is_logged_by_next_start(store, way):
    if way == "requests":
        by_requests(store)
    with track_sweep(store, "trial", {}, "") as tracker:
        tracker.show(until(1, made_result(1)), "key", DATA)
        (run,) = store.client.search_runs([tracker.experiment_id], "tags.nnbench.key != ''")
        store.client.delete_run(run.info.run_id)
        tracker.log(made_result(1), "key", DATA)
        assert tracker.log(made_result(2), "other", DATA)
    assert (tracker.unlogged, tracker.failing) == (1, False)
    assert sync(store) == SyncReport(1, 0)
    assert keys_of_whole_runs(store, "trial") == {"key": 1, "other": 1}


def test_a_store_that_will_not_show_still_logs(store, monkeypatch):
    def fail(*_, **__):
        raise MlflowException("not now")

    with track_sweep(store, "trial", {}, "") as tracker:
        with monkeypatch.context() as patch:
            patch.setattr(type(store.writer), "create", fail)
            tracker.show(until(1, made_result(1)), "key", DATA)
        tracker.show(until(1, made_result(1)), "key", DATA)
        assert states(store, tracker) == []
        assert tracker.log(made_result(1), "key", DATA)
    assert tracker.unlogged == 0


def test_stack_that_begins_anew_shows_no_epoch_twice(store):
    result = long_result(1)
    with track_sweep(store, "trial", {}, "") as tracker:
        for epoch in (10, 3, 8, *range(11, 119)):
            tracker.show(until(epoch, result), "key", DATA)
        run_id = tracker.log(result, "key", DATA)
        other = tracker.log(result, "at once", DATA)
    points, others = (
        [point.step for point in store.client.get_metric_history(i, "train_loss")]
        for i in (run_id, other)
    )
    assert points == others
    assert len(points) == len(set(points))


def test_run_that_has_not_ended_cannot_be_replayed(store):
    with track_sweep(store, "trial", {}, "") as tracker:
        tracker.show(until(1, made_result(1)), "key", DATA)
        (shown,) = tracker.live_runs.values()
        with pytest.raises(ConfigError, match="logged to its end"):
            recall(store, shown.run_id)


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b", "a" * 9000])
def test_any_text_can_be_a_reason(store, text):
    failed = replace(made_result(1, "failed"), reason=text)
    with track_sweep(store, "trial", {}, "") as tracker:
        run_id = tracker.log(failed, "key", DATA)
    assert store.client.get_run(run_id).data.tags["nnbench.reason"].startswith("a")
