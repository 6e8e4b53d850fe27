import getpass
import os
import pwd
from pathlib import Path

import pytest

from nnbench.system import account

NAMES = ("HOME", "USER", "LOGNAME", "LNAME", "USERNAME")


@pytest.fixture
def nobody(monkeypatch):
    """A user id that the machine has no entry for, as many containers run under."""

    def unknown(uid):
        raise KeyError(f"getpwuid(): uid not found: {uid}")

    for name in NAMES:
        # Set first, so that what is set in the test goes again.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setattr(pwd, "getpwuid", unknown)


def test_unknown_user_has_a_name_and_a_home(nobody):
    with pytest.raises(KeyError):
        getpass.getuser()
    with pytest.raises(RuntimeError):
        Path.home()
    account.complete()
    assert getpass.getuser() == str(os.getuid())
    assert Path.home() == Path("/")


def test_what_is_known_stays(nobody, monkeypatch):
    monkeypatch.setenv("HOME", "/data")
    monkeypatch.setenv("LOGNAME", "ada")
    account.complete()
    assert (getpass.getuser(), Path.home()) == ("ada", Path("/data"))
    assert "USER" not in os.environ
