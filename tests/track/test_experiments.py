"""Experiments that a store has, as the error of an unknown one names them."""

import pytest

from nnbench.run.errors import ConfigError
from nnbench.track import experiments
from nnbench.track.experiments import UNUSED, experiment_id
from nnbench.track.store import Store
from nnbench.track.tracker import track_sweep
from tests.track.made import DATA, made_result


def refused(store, name="nope"):
    with pytest.raises(ConfigError, match=rf"^experiment={name}: no such experiment") as error:
        experiment_id(store, name)
    return str(error.value).partition("; it has ")[2]


@pytest.fixture(params=["rows", "requests"])
def reader(request, store):
    """A reader of the store by one way alone, and the store itself."""
    reader = Store(store.uri, store.file)
    if request.param == "rows":
        # As if MLflow, which takes seconds to import, could not be.
        vars(reader)["client"] = None
    else:
        vars(reader)["engine"] = None
    return reader, store


def test_unknown_experiment_is_refused_with_the_others(reader):
    reader, store = reader
    assert refused(reader) == "none"
    for name in ("wine", "deleted", "depth"):
        identity = store.client.create_experiment(name)
        assert experiment_id(reader, name) == identity
    store.client.delete_experiment(store.client.get_experiment_by_name("deleted").experiment_id)
    assert refused(reader) == "depth, wine"


def test_mlflows_own_experiment_needs_runs_to_count(reader):
    reader, store = reader
    store.client.create_run(UNUSED)
    assert refused(reader) == "none"
    with track_sweep(store, "Default", {}, "the command") as tracker:
        tracker.log(made_result(), "first", DATA)
    assert refused(reader) == "Default"


def test_only_the_newest_of_many_experiments_are_named(reader, monkeypatch):
    reader, store = reader
    monkeypatch.setattr(experiments, "NAMED", 2)
    for name in ("first", "second", "third"):
        store.client.create_experiment(name)
    assert refused(reader) == "second, third"
