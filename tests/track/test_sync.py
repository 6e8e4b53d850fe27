from contextlib import contextmanager

import pytest

from nnbench.track.inputs import as_source
from nnbench.track.outbox import outbox_of
from nnbench.track.process import close_dead_runs
from nnbench.track.read_runs import Histories, read_runs
from nnbench.track.run_entry import Entry
from nnbench.track.sync import SyncReport, sync
from nnbench.track.tracker import track_sweep
from tests.track.forks import run_module
from tests.track.made import DATA, by_requests, keys_of_whole_runs, made_result, waiting


@pytest.mark.slow
@pytest.mark.parametrize("way", ["rows", "requests"])
def test_killed_sync_neither_loses_nor_doubles_runs(store, way):
    runs = 20
    for number in range(runs):
        entry = Entry(made_result(number), f"key {number}", as_source(DATA), "trial", "sweep")
        outbox_of(store.uri).put(entry)
    done = run_module("cut_syncs", store.uri, way, 0, directory=store.file.parent)
    assert done.returncode == 0, done.stdout
    assert waiting(store) == 0
    assert keys_of_whole_runs(store, "trial") == {f"key {number}": 1 for number in range(runs)}
    table = read_runs(store, "trial")
    assert len(table) == runs
    # Each is there with all that belongs to it.
    assert all(len(history.epochs) == 3 for history in Histories(store, table).values())
    assert table["steps"].tolist() == [7] * runs
    close_dead_runs(store, "trial")
    (experiment,) = store.client.search_experiments(filter_string="name = 'trial'")
    assert store.client.search_runs([experiment.experiment_id], "status = 'RUNNING'") == []


def test_waiting_runs_never_duplicate_a_key(store):
    for again in (False, True):
        outbox_of(store.uri).put(Entry(made_result(), "key", None, "trial", "sweep", again))
    with track_sweep(store, "trial", {}, "") as tracker:
        tracker.log(made_result(), "key", DATA)
    assert sync(store) == SyncReport(2, 0)
    assert waiting(store) == 0
    assert keys_of_whole_runs(store, "trial") == {"key": 2}


@pytest.mark.parametrize("way", ["rows", "requests"])
def test_run_with_an_unheard_end_is_logged_once(store, monkeypatch, way):
    """The answer of a server may be lost after it has done what was asked."""
    if way == "requests":
        by_requests(store)
    create = store.writer.create

    @contextmanager
    def create_and_fail(*arguments):
        with create(*arguments) as run:
            yield run
        raise ConnectionResetError("reset by peer")

    with track_sweep(store, "trial", {}, "", again=True) as tracker, monkeypatch.context() as patch:
        patch.setattr(type(store.writer), "create", lambda _, *values: create_and_fail(*values))
        assert tracker.log(made_result(), "key", DATA) is None
    assert (tracker.unlogged, tracker.trouble) == (1, "reset by peer")
    assert sync(store) == SyncReport(1, 0)
    assert keys_of_whole_runs(store, "trial") == {"key": 1}
