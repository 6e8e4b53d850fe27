"""Files of runs that were killed while they were logged, and of others beside them."""

from pathlib import Path

import pytest

from nnbench.track import log_run, orphans
from nnbench.track.experiments import get_or_create_experiment
from nnbench.track.orphans import remove_orphans
from nnbench.track.run_entry import Entry
from nnbench.track.table_writer import RowWriter
from tests.track.made import made_result

ENTRY = Entry(made_result(), "key", None, "trial", "sweep")


def names(root):
    return sorted(path.name for path in root.iterdir())


@pytest.fixture
def root(store):
    directory = store.file.parent / "mlartifacts"
    directory.mkdir()
    return directory


def logged(store):
    with store.lock():
        return log_run.log_entry(store, get_or_create_experiment(store, "trial"), ENTRY)


class KilledError(BaseException):
    """Stands for the end of the process."""


def killed(*_, **__):
    raise KilledError


@pytest.mark.parametrize(
    ("owner", "name", "left"),
    [(log_run, "write_files", 0), (RowWriter, "insert", 0), (Path, "unlink", 1)],
)
def test_files_of_an_interrupted_run_are_removed(store, root, monkeypatch, owner, name, left):
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, killed)
        with pytest.raises(KilledError):
            logged(store)
    assert len(names(root)) == 2
    remove_orphans(store)
    # Cut off after its rows had been written it is a run like any other.
    assert len(names(root)) == left
    assert len(store.client.search_runs(["1"])) == left
    whole = logged(store)
    assert whole in names(root)
    remove_orphans(store)
    assert len(names(root)) == left + 1


def test_nothing_of_others_is_removed(store, root, tmp_path, monkeypatch):
    ids = [f"{number:032x}" for number in range(6)]
    for run_id in ids:
        (root / run_id).mkdir()
        (root / run_id / "file").touch()
    # Of another store, of no store, of a living process, and names that nobody would give.
    (root / f".logging-{ids[0]}").write_bytes(b"another")
    (root / ".logging-..").write_bytes(orphans.identity(store))
    (root / ".logging-mine").write_bytes(orphans.identity(store))
    (root / f".logging-{ids[1]}").write_bytes(b"")
    (root / f".logging-{ids[2]}").symlink_to(tmp_path / "nowhere")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").touch()
    (root / f"{9:032x}").symlink_to(outside)
    (root / f".logging-{9:032x}").write_bytes(orphans.identity(store))
    monkeypatch.setattr(RowWriter, "insert", lambda *_: remove_orphans(store))
    before = names(root)
    logged(store)
    gone = [f".logging-{ids[1]}", f".logging-{9:032x}"]
    assert [name for name in before if name not in names(root)] == sorted(gone)
    assert len(set(names(root)) - set(before)) == 1
    assert (outside / "file").exists()
