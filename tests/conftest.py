import gc
import logging
import os
import shutil
import signal
import sys
from functools import cache
from pathlib import Path

import numpy  # noqa: F401  Only libraries that are loaded can be limited.
import pytest
import scipy.linalg  # noqa: F401
from filelock import FileLock
from hypothesis import settings
from threadpoolctl import threadpool_limits

from tests.read_once import files_read_once

# How long an example takes says something of the machine, and nothing of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

LONGEST = "test_kills"
"""Tests of minutes each: begun last, they would keep one worker busy when all others are done."""

LONG = (
    "test_main",
    "test_own",
    "app/test_reporting",
    "app/test_forecast",
    "commands/test_ui",
    "commands/test_sync",
    "sweep/",
    "track/",
    "verification/",
    "calibration/",
)
"""Folders of tests that train in processes of their own, or start servers."""


BROWSER_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
"""Flags of Chromium as root, without a screen."""


def pytest_collection_modifyitems(items):
    """Put long tests first: a worker that is done takes tests from the end of another's queue."""

    def place(item):
        name = item.nodeid.removeprefix("tests/")
        return not name.startswith(LONGEST), not name.startswith(LONG)

    items.sort(key=place)


@pytest.fixture(scope="session", autouse=True)
def _one_thread():
    """Limits products of matrices to one thread, as in training.

    Threads of several workers wait for each other by spinning, most of all where arrays are small.
    """
    with threadpool_limits(1, user_api="blas"):
        yield


@pytest.fixture(scope="session", autouse=True)
def _signals():
    """Takes signals that tests send, also where pytest runs in the background or under nohup."""
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            default = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
            signal.signal(number, default)


@pytest.fixture(scope="session", autouse=True)
def _files_read_once():
    """Files of Hydra and scikit-learn are read and put together once."""
    with pytest.MonkeyPatch.context() as patch:
        files_read_once(patch)
        yield


@pytest.fixture(scope="module", autouse=True)
def _frozen():
    """Keeps what has been collected and imported out of the search for cyclic garbage.

    statsmodels searches after every correction, which takes a quarter of a second among all tests.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory):
    """The user's cache directory is one of all tests together."""
    shared = tmp_path_factory.getbasetemp().parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(shared / "cache"))
        yield


@pytest.fixture(scope="module", autouse=True)
def _drawn_here():
    """Figures are drawn in this process, which need not start another for every page."""
    drawing = sys.modules.get("nnbench.pages.drawing")
    with pytest.MonkeyPatch.context() as patch:
        if drawing is not None:
            patch.setattr(drawing, "Popen", no_process)
        yield


@pytest.fixture(scope="session", autouse=True)
def _schemas_read_once():
    """Altair lists its classes by their schemas once, and not for every channel of a chart.

    That takes a fifth of the time of a report.
    """
    schemapi = sys.modules.get("altair.utils.schemapi")
    with pytest.MonkeyPatch.context() as patch:
        if schemapi is not None:
            listing, lists = schemapi._FromDict.__init__, {}

            def listed(converter, classes, /):
                kinds = tuple(classes)
                if kinds not in lists:
                    listing(converter, kinds)
                    lists[kinds] = converter.class_dict
                converter.class_dict = lists[kinds]

            patch.setattr(schemapi._FromDict, "__init__", listed)
        yield


def no_process(*words, **options):
    """Stands for `Popen` where no process can be started."""
    raise OSError("no process")


@pytest.fixture(scope="session")
def template_store(tmp_path_factory):
    """An empty MLflow store; making one takes over a second, so all tests copy one."""
    shared = tmp_path_factory.getbasetemp().parent
    file = shared / "template.db"
    with FileLock(shared / "template.lock"):
        if not file.exists():
            from nnbench.track.store import open_store

            making = shared / "making.db"
            open_store(f"sqlite:///{making}", create=True).client.search_experiments()
            making.rename(file)
    return file


@pytest.fixture(scope="session")
def _schema_read_once(template_store):
    """MLflow imports its 70 migrations once, instead of for every store, to name the last."""
    from mlflow.store.db import utils

    latest = cache(utils._get_latest_schema_revision)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(utils, "_get_latest_schema_revision", latest)
        yield


@pytest.fixture
def here(tmp_path, monkeypatch, template_store, _schema_read_once):
    """An empty working directory with a fresh store in it."""
    shutil.copy(template_store, tmp_path / "mlflow.db")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.delenv("MLFLOW_EXPERIMENT_NAME", raising=False)
    return Path(tmp_path)


@pytest.fixture
def store(here):
    """The store of the working directory."""
    from nnbench.track.store import open_store

    return open_store(None)


@pytest.fixture
def one_process(monkeypatch):
    """Sweeps of this process train in it."""
    from nnbench.app import planning
    from tests.small_sweeps import OneProcess

    monkeypatch.setattr(planning, "LocalPool", OneProcess)


@pytest.fixture
def command(monkeypatch, capsys, one_process):
    """Runs a command line in this process; returns exit code, output and errors."""
    from nnbench.__main__ import main

    # Hydra's --info has the root logger print to what is standard output then.
    monkeypatch.setattr(logging.root, "handlers", logging.root.handlers[:])
    monkeypatch.setattr(logging.root, "level", logging.root.level)
    monkeypatch.setenv("COLUMNS", "120")
    for name in ("MLFLOW_TRACKING_URI", "MLFLOW_EXPERIMENT_NAME", "HYDRA_FULL_ERROR"):
        monkeypatch.delenv(name, raising=False)

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["nnbench", *words])
        try:
            code = main()
        except SystemExit as ended:
            code = ended.code or 0
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def call(monkeypatch, tmp_path, command):
    """Run a command line in an empty directory, in this process; nothing trains.

    Called with words; returns exit code, output and errors, and checks that nothing was written.
    """
    from nnbench.app import experiment
    from nnbench.run.errors import NO_VALUE, ConfigError

    def stop():
        raise ConfigError("would train", NO_VALUE, "all words are fine")

    monkeypatch.setattr(experiment, "interruptible", stop)
    monkeypatch.chdir(tmp_path)

    def run(*words):
        result = command(*words)
        assert os.listdir(tmp_path) == []
        return result

    return run


@pytest.fixture(scope="session")
def browser():
    """A real browser without a face."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright isn't installed")
    if not (chromium := shutil.which("chromium")):
        pytest.skip("there is no chromium")
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=chromium, args=BROWSER_FLAGS)
        yield running
        running.close()
