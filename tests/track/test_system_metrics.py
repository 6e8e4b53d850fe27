"""MLflow's metrics of the machine, on the parent run of a sweep."""

import time

import pytest

from nnbench.composition import jobs
from nnbench.run.errors import ConfigError
from nnbench.track.system_metrics import monitored
from nnbench.track.tracker import track_sweep


def test_parent_run_has_metrics_of_the_machine(store, monkeypatch):
    monkeypatch.setenv("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", "0.1")
    with track_sweep(store, "trial", {}, "") as tracker, monitored(store, tracker.sweep_id):
        end = time.monotonic() + 60
        while not names(store, tracker.sweep_id) and time.monotonic() < end:
            time.sleep(0.1)
    assert "system/cpu_utilization_percentage" in names(store, tracker.sweep_id)
    assert store.client.get_run(tracker.sweep_id).info.status == "FINISHED"


def names(store, run_id):
    return {name for name in store.client.get_run(run_id).data.metrics if "system/" in name}


def test_invalid_switch_is_refused_before_work():
    with pytest.raises(ConfigError, match=r"^tracking.system_metrics=3: must be true or false"):
        jobs.compose_job(["tracking.system_metrics=3"])
