"""The way of a sweep: what begins before what, and what an error leaves behind."""

import pytest

from nnbench.app import experiment, planning
from nnbench.app.experiment import run_sweep
from nnbench.composition.jobs import compose_job
from nnbench.run.errors import NO_VALUE, ConfigError
from tests.small_sweeps import OneProcess

WORDS = ["dataset=iris", "epochs=1", "seeds=1", "depth=1", "report=false"]


@pytest.fixture
def order(tmp_path, monkeypatch):
    """The names of what a sweep in an empty directory does, in order."""
    events = []

    class Recorded(OneProcess):
        def submit(self, function, item):
            events.append("train")
            return super().submit(function, item)

        def close(self):
            super().close()
            events.append("close")

    open_store = experiment.open_store

    def opened(*words, **options):
        events.append("open")
        return open_store(*words, **options)

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.setattr(planning, "LocalPool", Recorded)
    monkeypatch.setattr(experiment, "open_store", opened)
    return events


def test_workers_train_before_the_store_is_made(order):
    run_sweep([compose_job(WORDS)], "python -m nnbench")

    assert order[:2] == ["train", "open"]
    assert "close" in order


def test_store_that_fails_ends_the_training(order, monkeypatch, tmp_path):
    pools = []
    init = OneProcess.__init__

    def remember(pool, workers):
        init(pool, workers)
        pools.append(pool)

    def refuse(*words, **options):
        raise ConfigError("tracking.uri", NO_VALUE, "is broken")

    monkeypatch.setattr(OneProcess, "__init__", remember)
    monkeypatch.setattr(experiment, "open_store", refuse)
    with pytest.raises(ConfigError, match="is broken"):
        run_sweep([compose_job(WORDS)], "python -m nnbench")

    assert order == ["train", "close"]
    assert [pool.directory.exists() for pool in pools] == [False]
    assert list(tmp_path.iterdir()) == []
