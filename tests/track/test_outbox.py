import errno
import json
import os
import shutil
import sqlite3
import subprocess
import time
from contextlib import contextmanager

import numpy as np
import pytest
import yaml
from mlflow.exceptions import MlflowException

from nnbench.run.errors import ConfigError
from nnbench.system import archive
from nnbench.track import mlflow_tables
from nnbench.track import tracker as tracker_room
from nnbench.track.files import local_path
from nnbench.track.inputs import as_source
from nnbench.track.outbox import outbox_of, read_entry
from nnbench.track.read_runs import Histories, read_runs
from nnbench.track.run_entry import Entry
from nnbench.track.store import open_store
from nnbench.track.sync import SyncReport, sync
from nnbench.track.table_writer import RowWriter
from nnbench.track.tracker import track_sweep
from tests.track.made import DATA, by_requests, keys_of_whole_runs, made_result, waiting


@pytest.mark.parametrize("status", ["finished", "diverged", "failed"])
def test_run_survives_its_file_unchanged(here, status):
    outbox = outbox_of(f"sqlite:///{here}/mlflow.db")
    entry = Entry(made_result(3, status), "key", as_source(DATA), "trial", "sweep", again=True)
    outbox.put(entry)
    (file,) = outbox.files()
    assert file.parent == here / "outbox"
    assert os.listdir(file.parent) == [file.name]
    back = read_entry(file)
    assert back.result.config == entry.result.config
    assert back.result.machine == entry.result.machine
    assert back.result.config.flat() == entry.result.config.flat()
    if status == "failed":
        assert back == entry
        return
    ours, theirs = entry.result.history, back.result.history
    np.testing.assert_equal(vars(theirs), vars(ours))
    assert (back.token, back.ended, back.again) == (entry.token, entry.ended, True)
    assert back.result.final == entry.result.final


def test_runs_of_other_stores_wait_on(here, monkeypatch):
    here_too = f"sqlite:///{here}/other.db"
    server = "postgresql://me:secret@nowhere/db"
    for uri in (here_too, server):
        outbox_of(uri).put(Entry(made_result(), "key", None, "trial", "sweep"))
    assert sync(None) == SyncReport()
    assert [len(outbox_of(uri).files()) for uri in (here_too, server)] == [1, 1]
    assert not any(b"secret" in file.read_bytes() for file in (here / "outbox").iterdir())
    (file,) = outbox_of(server).files()
    with np.load(file) as arrays:
        assert json.loads(str(arrays["entry"]))["store"] == "postgresql://me:***@nowhere/db"


def test_locked_store_loses_nothing_and_waits_once(store, monkeypatch):
    monkeypatch.setattr(mlflow_tables, "LOCKED_SECONDS", 1)
    with track_sweep(store, "trial", {}, "") as tracker:
        assert tracker.log(made_result(0), "key 0", DATA)
        other = sqlite3.connect(store.file, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            started = time.monotonic()
            assert tracker.log(made_result(1), "key 1", DATA) is None
            # Others may be done any moment, so they are waited for.
            assert time.monotonic() - started > 0.9
            started = time.monotonic()
            for seed in (2, 3, 4):
                assert tracker.log(made_result(seed), f"key {seed}", DATA) is None
            assert time.monotonic() - started < 0.9
        finally:
            other.execute("ROLLBACK")
            other.close()
    assert (tracker.unlogged, waiting(store)) == (4, 4)
    assert "database is locked" in tracker.trouble
    assert "\n" not in tracker.trouble
    assert sync(store) == SyncReport(4, 0)
    assert sync(store) == SyncReport()
    assert keys_of_whole_runs(store, "trial") == {f"key {seed}": 1 for seed in range(5)}


def test_recovered_store_is_logged_into_automatically(store, monkeypatch):
    """Runs are logged at intervals, the first that waits first, and once more after the sweep."""
    monkeypatch.setattr(tracker_room, "REST_SECONDS", 1000)
    with track_sweep(store, "trial", {}, "") as tracker:
        with failing(monkeypatch):
            for number in range(3):
                assert tracker.log(made_result(number), f"key {number}", DATA) is None
            tracker.again_at = 0
            assert tracker.log(made_result(3), "key 3", DATA) is None
        assert (tracker.unlogged, tracker.failing, tracker.trouble) == (4, True, "away")
        # It would be there, but it is too early to look.
        assert tracker.log(made_result(4), "key 4", DATA) is None
        tracker.again_at = 0
        assert tracker.log(made_result(5), "key 5", DATA)
        assert (tracker.unlogged, tracker.failing, waiting(store)) == (0, False, 0)
        with failing(monkeypatch):
            assert tracker.log(made_result(6), "key 6", DATA) is None
        tracker.recover()
        assert tracker.unlogged == 0
    assert keys_of_whole_runs(store, "trial") == {f"key {seed}": 1 for seed in range(7)}
    assert store.client.get_run(tracker.sweep_id).info.status == "FINISHED"
    assert not tracker.outbox.exists()


@contextmanager
def failing(monkeypatch):
    """Nothing can be written into any store."""

    def fail(*_):
        raise OSError("away")

    with monkeypatch.context() as patch:
        patch.setattr(RowWriter, "create", fail)
        yield


def test_run_that_waited_is_complete(store, monkeypatch):
    def fail(*_, **__):
        raise MlflowException("gone\nfor good")

    by_requests(store)
    with track_sweep(store, "trial", {}, "") as tracker:
        plain = tracker.log(made_result(1), "plain", DATA)
        with monkeypatch.context() as patch:
            patch.setattr(store.client, "log_batch", fail)
            tracker.log(made_result(1), "waited", DATA)
    assert (tracker.unlogged, tracker.trouble) == (1, "gone")
    assert read_runs(store, "trial")["key"].tolist() == ["plain"]
    assert sync(store) == SyncReport(1, 0)
    runs = read_runs(store, "trial").set_index("key")
    waited = runs.loc["waited", "run_id"]
    same = [name for name in runs if name not in ("run_id", "artifacts")]
    assert runs.loc["plain", same].equals(runs.loc["waited", same])
    histories = Histories(store, runs.reset_index())
    np.testing.assert_equal(vars(histories[waited]), vars(histories[plain]))
    first, two = (store.client.get_run(run_id) for run_id in (plain, waited))
    assert len(first.inputs.dataset_inputs) == 3
    assert two.inputs.to_dictionary() == first.inputs.to_dictionary()
    assert two.data.metrics == first.data.metrics
    files = [local_path(run.info.artifact_uri) / "config.yaml" for run in (first, two)]
    assert yaml.safe_load(files[0].read_text()) == yaml.safe_load(files[1].read_text())
    # The half-logged attempt does not stay open.
    states = store.client.search_runs([tracker.experiment_id], "status = 'KILLED'")
    assert len(states) == 1


def test_refused_run_holds_no_other_back(store):
    by_requests(store)
    refused = made_result(1)
    refused.final["no/such name?"] = 1.0
    with track_sweep(store, "trial", {}, "") as tracker:
        tracker.log(refused, "refused", DATA)
        assert tracker.log(made_result(2), "fine", DATA)
    assert tracker.unlogged == 1
    report = sync(store)
    assert (report.logged, report.unlogged) == (0, 1)
    assert "no/such name?" in report.reason
    assert keys_of_whole_runs(store, "trial") == {"fine": 1}


def test_broken_file_stays_and_others_are_logged(store):
    outbox = outbox_of(store.uri)
    outbox.put(Entry(made_result(), "key", None, "trial", "sweep"))
    broken = outbox.directory / "0000000000000-broken.npz"
    broken.write_bytes(outbox.files()[0].read_bytes()[:500])
    report = sync(store)
    assert (report.logged, report.unlogged) == (1, 1)
    assert report.reason == f"{broken}: is damaged"
    assert broken.exists()


def test_changed_file_is_kept_but_never_logged(store):
    outbox = outbox_of(store.uri)
    outbox.put(Entry(made_result(), "key", None, "trial", "sweep"))
    (file,) = outbox.files()
    with np.load(file) as stored:
        arrays = dict(stored)
    curves = arrays["curves"].copy()
    curves["train_loss"] += 1
    renamed = arrays["curves"].astype([(f"{k}_", v) for k, v in arrays["curves"].dtype.descr])
    for name, value in (("curves", curves), ("curves", renamed), ("digest", None)):
        changed = {**arrays, name: value}
        np.savez(file, **{key: array for key, array in changed.items() if array is not None})
        content = file.read_bytes()
        report = sync(store)
        assert (report.logged, report.unlogged) == (0, 1)
        assert report.reason == f"{file}: {'was changed' if value is not None else 'has no digest'}"
        assert file.read_bytes() == content
    assert store.client.get_experiment_by_name("trial") is None


def test_empty_outbox_and_fragments_are_removed(store):
    outbox = outbox_of(store.uri)
    entry = Entry(made_result(), "key", None, "trial", "sweep")
    outbox.put(entry)
    (file,) = outbox.files()
    unfinished = outbox.directory / f"{file.stem}-abcdefgh.part"
    unfinished.write_bytes(b"half")
    mine = outbox.directory / "mine.part"
    mine.touch()
    assert sync(store) == SyncReport(1, 0)
    assert list(outbox.directory.iterdir()) == [mine]
    mine.unlink()
    assert sync(store) == SyncReport()
    assert not outbox.directory.exists()


def test_a_store_that_was_lost_is_made_anew(tmp_path):
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    outbox_of(uri).put(Entry(made_result(), "key", as_source(DATA), "trial", "gone"))
    assert sync(uri) == SyncReport(1, 0)
    assert len(read_runs(open_store(uri), "trial")) == 1


def full(*_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_full_outbox_is_one_line_without_halves(store, monkeypatch):
    with track_sweep(store, "trial", {}, "") as tracker:
        tracker.log(made_result(0), "logged", DATA)
        tracker.trouble = "down"
        tracker.pause(time.monotonic(), failing=True)
        tracker.log(made_result(1), "kept", DATA)
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(ConfigError, match=r"\(down\).*No space left on device") as caught:
                tracker.log(made_result(2), "lost", DATA)
    assert "\n" not in str(caught.value)
    assert len(os.listdir(store.file.parent / "outbox")) == 1
    assert sync(store) == SyncReport(1, 0)
    assert keys_of_whole_runs(store, "trial") == {"logged": 1, "kept": 1}


@pytest.fixture
def small_disk(tmp_path, template_store):
    """A directory on a disk with hardly more room than a store takes, as root alone can make it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    size = template_store.stat().st_size + 600_000
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no tmpfs can be mounted")
    shutil.copy(template_store, disk / "mlflow.db")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def log_until_it_fails(store):
    """The tracker, how many runs it took, and what it said at the end."""
    with track_sweep(store, "trial", {}, "") as tracker:
        for number in range(1000):
            try:
                tracker.log(made_result(number), f"key {number}", DATA)
            except ConfigError as error:
                return tracker, number, str(error)
    raise AssertionError("the disk was not full after all")


def test_full_disk_loses_nothing_written(small_disk):
    store = open_store(f"sqlite:///{small_disk}/mlflow.db")
    tracker, done, error = log_until_it_fails(store)
    assert "No space left on device" in error
    assert "\n" not in error
    assert done > 0
    more = ["mount", "-o", "remount,size=50m", str(small_disk)]
    subprocess.run(more, check=True)
    report = sync(store)
    assert (report.logged, report.unlogged) == (tracker.unlogged, 0)
    assert keys_of_whole_runs(store, "trial") == {f"key {i}": 1 for i in range(done)}


STRANGE = {
    "token": ["a' or '1' = '1", 5, None, ""],
    "sweep_id": ["../../'", None],
    "experiment": ["", "a\x1b[2J", "\u202ea", "../../x", ["a"]],
    "key": [[], "'"],
    "ended": [10**30, -1, float("nan"), "1"],
    "again": ["yes"],
    "data": [{"name": [1], "digest": "", "source": "", "profile": ""}],
    "result": [
        {"status": "running"}, {"status": ["finished"]}, {"reason": 1},
        {"seconds": "1"}, {"seconds": float("inf")}, {"seconds": 1e300}, {"seconds": float("nan")},
        {"machine": "Z3"}, {"machine": {"blas": 1}}, {"machine": {"owner": "me"}},
        {"share": 2}, {"stack_runs": 0}, {"stack_runs": 1.5},
        {"final": {"x": 10**400}}, {"final": {"x": "1"}}, {"final": {"x": True}},
        {"config": {"depth": "x"}},
        {"config": {"seed": True}}, {"config": {"dataset": None}},
        {"config": {"optimizer": {"name": "a", "options": {"x": [[]]}}}},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"), [(n, v) for n, changes in STRANGE.items() for v in changes]
)
def test_impossible_content_is_named_and_not_written(store, name, value):
    """Its digest is right, as anybody can work it out."""
    outbox = outbox_of(store.uri)
    file = outbox.put(Entry(made_result(), "key", as_source(DATA), "trial", "sweep"))
    arrays = archive.read(file)
    entry = json.loads(str(arrays["entry"]))
    if name == "result":
        for field, invalid in value.items():
            entry[name][field] = {**entry[name][field], **invalid} if field == "config" else invalid
    else:
        entry[name] = value
    archive.write(file, {**arrays, "entry": json.dumps(entry)}).close()
    report = sync(store)
    if name == "result" and "optimizer" in str(value):
        assert report == SyncReport(1, 0)
        return
    assert (report.logged, report.unlogged) == (0, 1)
    assert report.reason.startswith(f"{file}: ")
    assert "\n" not in report.reason
    assert "\x1b" not in report.reason
    assert [experiment.name for experiment in store.client.search_experiments()] == ["Default"]


@pytest.mark.parametrize("kind", ["pipe", "directory", "link to nothing", "link to a device"])
def test_what_is_no_file_is_left_alone(store, kind):
    outbox = outbox_of(store.uri)
    outbox.directory.mkdir()
    file = outbox.directory / "1.npz"
    paths = {
        "pipe": os.mkfifo,
        "directory": os.mkdir,
        "link to nothing": lambda path: os.symlink("/nowhere", path),
        "link to a device": lambda path: os.symlink("/dev/zero", path),
    }
    paths[kind](file)
    assert sync(store) == SyncReport()
    assert os.listdir(outbox.directory) == ["1.npz"]


def test_linked_outbox_is_neither_read_nor_written(store, tmp_path):
    """Otherwise a user who copied the directory would have their own files logged and removed."""
    outbox, elsewhere = outbox_of(store.uri), tmp_path / "elsewhere"
    entry = Entry(made_result(), "key", as_source(DATA), "trial", "sweep")
    file = outbox.put(entry)
    outbox.directory.rename(elsewhere)
    outbox.directory.symlink_to(elsewhere)

    with pytest.raises(ConfigError, match=r"^tracking\.uri=.*outbox is a link"):
        sync(store)
    with pytest.raises(OSError, match="outbox is a link"):
        outbox.put(entry)

    assert os.listdir(elsewhere) == [file.name]
