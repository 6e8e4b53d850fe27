import pytest

from nnbench.track.read_runs import read_runs
from nnbench.track.store import open_store
from tests.track.forks import run_module
from tests.track.made import keys_of_whole_runs

RUNS = 6


@pytest.mark.slow
@pytest.mark.parametrize("processes", [2, 8])
def test_simultaneous_processes_log_each_run_once(tmp_path, processes):
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    done = run_module("log_runs", uri, "trial", RUNS, processes, directory=tmp_path)
    assert done.returncode == 0, done.stdout
    store = open_store(uri)
    assert keys_of_whole_runs(store, "trial") == {f"key {i}": 1 for i in range(RUNS)}
    assert len(read_runs(store, "trial")) == RUNS
    (experiment,) = store.client.search_experiments(filter_string="name = 'trial'")
    assert len(store.client.search_runs([experiment.experiment_id])) == RUNS + processes
