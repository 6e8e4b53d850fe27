import shutil
from pathlib import Path

import pytest
from filelock import FileLock


@pytest.fixture(scope="session")
def template_store(tmp_path_factory):
    """An empty MLflow store; making one takes over a second, so all tests copy one."""
    shared = tmp_path_factory.getbasetemp().parent
    file = shared / "template.db"
    with FileLock(shared / "template.lock"):
        if not file.exists():
            from nnbench.track.store import open_store

            made = shared / "making.db"
            open_store(f"sqlite:///{made}", create=True).client.search_experiments()
            made.rename(file)
    return file


@pytest.fixture
def here(tmp_path, monkeypatch, template_store):
    """An empty working directory with a fresh store in it."""
    shutil.copy(template_store, tmp_path / "mlflow.db")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    return Path(tmp_path)


@pytest.fixture
def store(here):
    """The store of the working directory."""
    from nnbench.track.store import open_store

    return open_store(None)
