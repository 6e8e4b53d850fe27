"""Removal of what killed processes leave, and of nothing else."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from nnbench.system import leftovers
from nnbench.system.interrupt import EndedError, signals_raise
from nnbench.system.leftovers import own_directory, remove_if_dead, temporary_directory

KILLED = """
import os, signal, sys
from pathlib import Path
from nnbench.system.leftovers import own_directory, process_directory

where = Path(sys.argv[1])
context = own_directory(where, ".making-") if sys.argv[2] == "own" else process_directory()
with context as made:
    (made / "deep").mkdir()
    (made / "deep" / "file").write_text("left")
    print(made, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def start(tmp_path):
    """Starts processes that hold a directory until they are ended."""
    started = []

    def begin(kind="own"):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path), kind], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, "TMPDIR": str(tmp_path)},
        )  # fmt: skip
        started.append(process)
        return process, Path(process.stdout.readline().strip())

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def test_a_directory_goes_with_its_use(tmp_path):
    with own_directory(tmp_path, ".making-") as directory:
        (directory / "file").touch()
        (directory / "link").symlink_to(tmp_path / "elsewhere")
        assert directory.parent == tmp_path
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(KeyError), own_directory(tmp_path, ".making-"):
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_a_signal_while_it_is_made_leaves_nothing(tmp_path, monkeypatch):
    make = leftovers.make_locked

    def make_and_end(*arguments):
        directory = make(*arguments)
        signal.raise_signal(signal.SIGTERM)
        return directory

    monkeypatch.setattr(leftovers, "make_locked", make_and_end)
    with signals_raise(), pytest.raises(EndedError), own_directory(tmp_path, ".making-"):
        raise AssertionError("it was not ended")
    assert list(tmp_path.iterdir()) == []


def test_next_start_removes_leftovers_of_the_dead(tmp_path, start):
    dead, of_the_dead = start()
    _, of_the_living = start()
    dead.kill()
    dead.wait()
    assert (of_the_dead / "deep" / "file").exists()
    with own_directory(tmp_path, ".making-") as mine:
        assert {path.name for path in tmp_path.iterdir()} == {mine.name, of_the_living.name}
    assert (of_the_living / "deep" / "file").read_text() == "left"


def test_what_others_made_is_left_alone(tmp_path):
    """Whatever it is called, as long as it isn't empty and was not ours."""
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / leftovers.IN_USE).touch()
    for name in (".making-abcdefgh", ".making-mine", ".making-ABCDEFGH"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").touch()
    (tmp_path / ".making-aaaaaaaa").symlink_to(kept)
    (tmp_path / ".making-bbbbbbbb").write_text("a file")
    (tmp_path / ".making-cccccccc").mkdir()
    (tmp_path / ".making-cccccccc" / leftovers.IN_USE).symlink_to(kept / leftovers.IN_USE)
    before = sorted(tmp_path.rglob("*"))
    # Killed before there was anything in it.
    (tmp_path / ".making-dddddddd").mkdir()
    with own_directory(tmp_path, ".making-"):
        pass
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_is_removed_unless_it_is_held(tmp_path):
    file = tmp_path / "file"
    with file.open("wb") as stream:
        assert leftovers.lock(stream.fileno())
        assert not remove_if_dead(file)
        assert file.exists()
    assert remove_if_dead(file)
    assert not file.exists()
    (tmp_path / "to").write_text("kept")
    (tmp_path / "link").symlink_to(tmp_path / "to")
    with pytest.raises(OSError, match="link"):
        remove_if_dead(tmp_path / "link")
    assert (tmp_path / "to").read_text() == "kept"


def test_all_that_is_temporary_is_in_one_directory(tmp_path, monkeypatch, start):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dead, of_the_dead = start("process")
    semaphores = tmp_path / "semaphores"
    semaphores.mkdir()
    monkeypatch.setattr(leftovers, "SEMAPHORES", semaphores)
    names = [f"sem.loky-{number}-abcdefgh" for number in (dead.pid, os.getpid())]
    for name in names:
        (semaphores / name).touch()
    dead.send_signal(signal.SIGKILL)
    dead.wait()
    with temporary_directory():
        assert not of_the_dead.exists()
        assert [path.name for path in semaphores.iterdir()] == names[1:]
        inside = Path(tempfile.mkdtemp())
        assert inside.parent.parent == tmp_path == leftovers.machine_directory()
        with temporary_directory():
            assert leftovers.machine_directory() == tmp_path
    assert tempfile.gettempdir() == str(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["semaphores"]


def test_without_room_or_locks_everything_goes_on(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "mkdtemp", refuse)
        with temporary_directory():
            assert Path(tempfile.gettempdir()).is_dir()
    monkeypatch.setattr(leftovers, "fcntl", None)
    with own_directory(tmp_path, ".making-"), own_directory(tmp_path, ".making-"):
        # Nobody can know, so nothing is removed.
        assert len(list(tmp_path.iterdir())) == 2
    assert list(tmp_path.iterdir()) == []
