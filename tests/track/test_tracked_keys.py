from nnbench.track.read_runs import read_runs
from nnbench.track.tracked_keys import TrackedKeys, search
from nnbench.track.tracker import track_sweep
from tests.track.made import DATA, finished_keys, keys_of_whole_runs, made_result


def test_failed_partial_and_deleted_runs_are_unfinished(store):
    with track_sweep(store, "trial", {}, "") as tracker:
        for status in ("finished", "diverged", "failed"):
            tracker.log(made_result(0, status), status, DATA)
        deleted = tracker.log(made_result(1), "deleted", DATA)
        store.client.delete_run(deleted)
        for status in ("RUNNING", "KILLED"):
            run = store.client.create_run(tracker.experiment_id, tags={"nnbench.key": status})
            if status == "KILLED":
                store.client.set_terminated(run.info.run_id, status)
    with track_sweep(store, "other", {}, "") as other:
        other.log(made_result(2), "elsewhere", DATA)
    assert finished_keys(store, "trial") == {"finished", "diverged"}
    assert sorted(read_runs(store, "trial")["key"]) == ["diverged", "failed", "finished"]
    # What MLflow itself finds is the same as what is read from the file directly.
    mine = tracker.experiment_id
    assert search(store, mine, "tags.`nnbench.key` != ''") == finished_keys(store, "trial")
    tracked = TrackedKeys(store, mine)
    assert "finished" in tracked
    assert "failed" not in tracked
    assert "elsewhere" not in tracked


def test_a_run_is_logged_once_unless_again(store):
    with track_sweep(store, "trial", {}, "") as first, track_sweep(store, "trial", {}, "") as other:
        assert first.log(made_result(), "key", DATA)
        assert other.log(made_result(), "key", DATA) is None
    assert keys_of_whole_runs(store, "trial") == {"key": 1}
    with track_sweep(store, "trial", {}, "", again=True) as again:
        assert again.log(made_result(), "key", DATA)
    assert keys_of_whole_runs(store, "trial") == {"key": 2}


def test_a_failed_run_is_logged_once_more(store):
    with track_sweep(store, "trial", {}, "") as tracker:
        assert tracker.log(made_result(0, "failed"), "key", DATA)
        assert tracker.log(made_result(), "key", DATA)
    assert sorted(read_runs(store, "trial")["status"]) == ["failed", "finished"]
