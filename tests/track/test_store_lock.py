"""Unavailable locks: one line, in time, and nothing is touched."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from nnbench.run.errors import ConfigError
from nnbench.system.leftovers import temporary_directory
from nnbench.track import store_lock
from nnbench.track.store import open_store
from nnbench.track.store_lock import LOCK_SECONDS, SILENT_SECONDS, lock, lock_file

SERVER = "postgresql://me@127.0.0.1:9/nowhere"


@pytest.fixture
def hasty(monkeypatch):
    """Patience for less than a second, once it is clear that there isn't much more otherwise."""
    assert SILENT_SECONDS <= 5
    assert SILENT_SECONDS + LOCK_SECONDS <= 15
    monkeypatch.setattr(store_lock, "SILENT_SECONDS", 0.1)
    monkeypatch.setattr(store_lock, "LOCK_SECONDS", 0.5)


def test_held_lock_is_awaited_and_reported(store, hasty, capsys):
    started = time.monotonic()
    with lock(store.uri), pytest.raises(ConfigError) as caught:
        open_store(None, create=True)
    assert time.monotonic() - started < 10
    waiting = f"nnbench: waiting for another process, which holds {lock_file(store.uri)}\n"
    assert capsys.readouterr().err == waiting
    assert str(caught.value).startswith("tracking.uri=sqlite:///")
    assert str(caught.value).endswith(
        f": another process holds {lock_file(store.uri)}; try again once it has ended"
    )
    assert open_store(None, create=True).uri == store.uri


def test_reading_a_store_waits_for_no_lock(store, hasty, capsys):
    with lock(store.uri):
        assert open_store(None).uri == store.uri
    assert capsys.readouterr().err == ""


def test_lock_that_many_wait_for_is_waited_for(store, hasty):
    """However long the queue, as long as it moves on."""

    def hold(number):
        with lock(store.uri):
            time.sleep(0.25)
        return number

    with ThreadPoolExecutor(8) as others:
        assert sorted(others.map(hold, range(8))) == list(range(8))


@pytest.mark.parametrize("target", ["there", "nowhere"])
def test_a_link_is_never_followed(store, target, tmp_path):
    precious = tmp_path / target
    if target == "there":
        precious.write_text("precious")
    file = lock_file(store.uri)
    file.unlink(missing_ok=True)
    file.symlink_to(precious)
    with pytest.raises(ConfigError, match=r"^tracking\.uri=.* not a link$"):
        open_store(None, create=True)
    assert precious.exists() == (target == "there")
    assert target == "nowhere" or precious.read_text() == "precious"


def test_what_is_no_file_is_said(store):
    file = lock_file(store.uri)
    file.unlink(missing_ok=True)
    file.mkdir()
    with pytest.raises(ConfigError, match=f"locking {file} failed: Is a directory$"):
        open_store(None, create=True)


def test_errors_under_a_lock_keep_their_kind(store):
    with pytest.raises(OSError, match=r"^mine$"), lock(store.uri):
        raise OSError("mine")


def test_all_processes_share_the_lock_of_a_server():
    outside = lock_file(SERVER)
    with temporary_directory():
        assert lock_file(SERVER) == outside
    assert outside.parent == Path(os.environ.get("TMPDIR", "/tmp"))
