"""Sweeps by other sweepers and launchers of Hydra's: one parent run, one report."""

import json
import os
from statistics import fmean

import pytest
import yaml

from nnbench import load_runs
from nnbench.app import joined_launches
from nnbench.track.experiments import has_experiment
from nnbench.track.shared_view import TAG
from nnbench.track.store import open_store
from nnbench.track.sweeps import read_sweeps

SHORT = ["dataset=iris", "epochs=2", "seeds=2", "jobs=1"]


def parent(experiment="nnbench"):
    """The only sweep of an experiment, as MLflow has it."""
    store = open_store(None)
    (sweep,) = read_sweeps(store, experiment)
    return store.client.get_run(sweep.run_id)


def validation_errors(runs):
    """Depth and learning rate → the mean validation error of the runs that have them."""
    grouped = runs.groupby(["depth", "lr"])["best_validation_accuracy"]
    return {key: fmean(1 - group) for key, group in grouped}


@pytest.fixture
def optuna():
    return pytest.importorskip("optuna", reason="optuna is not installed")


TABLE = "accuracy at the best epoch"
"""Beginning of the table of scores by setting."""


def assert_tells_each_job_once(out, jobs):
    """Each launch prints a line for each of its jobs, and only the whole sweep a table."""
    assert out.count(TABLE) == 1
    lines = [line.split(": ") for line in out.splitlines() if "validation error" in line]
    assert sorted(line[0] for line in lines) == jobs
    table = out[out.index(TABLE) :]
    assert all(line.startswith("validation error 0") for _, line in lines)
    assert [table.count(f"\n    {depth} ") for depth in (0, 1)] == [1, 1]


def test_optuna_minimises_validation_error_in_one_sweep(here, command, optuna):
    words = ["depth=choice(0,1)", "lr=tag(log,interval(0.0001,0.1))", "hydra.sweep.dir=study"]
    sampler = ["hydra.sweeper.sampler.seed=0", "hydra.sweeper.n_trials=4", "hydra.sweeper.n_jobs=2"]
    code, out, err = command("-m", "hydra/sweeper=optuna", *words, *sampler, *SHORT)
    assert (code, out.count("Report: "), out.count("Training ")) == (0, 1, 2), err
    assert (out.count(TABLE), out.count(": validation error 0.")) == (1, 4)

    runs = load_runs("nnbench")
    assert len(runs) == 8
    run = parent()
    assert set(runs["sweep"]) == {run.info.run_id}
    assert run.info.status == "FINISHED"
    assert run.data.metrics["runs_finished"] == 8
    assert "hydra/sweeper=optuna" in run.data.tags["nnbench.command"]
    assert joined_launches.VARIABLE not in os.environ

    errors = validation_errors(runs)
    study = yaml.safe_load((here / "study" / "optimization_results.yaml").read_text())
    best = min(errors, key=errors.get)
    assert study["best_value"] == pytest.approx(errors[best])
    assert float(study["best_params"]["lr"]) in [lr for _, lr in errors]
    assert errors[int(study["best_params"]["depth"]), float(study["best_params"]["lr"])] == (
        pytest.approx(study["best_value"])
    )


@pytest.mark.parametrize("direction", ["maximize", "[minimize,maximize]", "[minimize]"])
def test_direction_of_a_study_must_be_minimize(direction, tmp_path, monkeypatch, command, optuna):
    monkeypatch.chdir(tmp_path)
    words = ["lr=interval(0.01,0.1)", f"hydra.sweeper.direction={direction}"]
    code, out, err = command("-m", "hydra/sweeper=optuna", *words, *SHORT)
    assert (code, out, os.listdir(tmp_path)) == (1, "", [])
    (line,) = [line for line in err.splitlines() if line.startswith("nnbench: ")]
    assert line.startswith("nnbench: hydra.sweeper.direction=")
    assert "must be minimize; each job returns one value, its validation error" in line


@pytest.mark.parametrize("rate", [0, 1])
def test_study_ends_at_too_many_invalid_trials(here, command, optuna, rate):
    words = ["depth=choice(0,1)", "optimizer.beta1=choice(0.9,1)", "hydra.sweep.dir=study"]
    sampler = ["hydra/sweeper/sampler=grid", f"hydra.sweeper.max_failure_rate={rate}"]
    sampler += ["hydra.sweeper.n_jobs=4"]
    code, out, err = command("-m", "hydra/sweeper=optuna", *sampler, *words, *SHORT)
    assert (code, out.count("Report: ")) == ((0, 1) if rate else (1, 0))
    if rate == 0:
        assert err.count("nnbench: optimizer.beta1=1.0: ") == 1
    assert_describes_all_launches(parent(), load_runs("nnbench"))


def test_unwritable_report_is_refused_before_training(here, command):
    (here / "reports").write_text("mine")
    code, _, err = command("-m", "hydra/launcher=basic", "depth=0,1", *SHORT)
    assert (code, err.count("\n")) == (1, 1), err
    assert "reports" in err
    assert sorted(os.listdir(here)) == ["mlflow.db", "reports"]
    assert not has_experiment(open_store(None), "nnbench")


def test_plan_of_a_study_is_refused(tmp_path, monkeypatch, command, optuna):
    monkeypatch.chdir(tmp_path)
    code, out, err = command("-m", "hydra/sweeper=optuna", "lr=interval(0.01,0.1)", "plan=true")
    assert (code, out, os.listdir(tmp_path)) == (1, "", [])
    (line,) = [line for line in err.splitlines() if line.startswith("nnbench: ")]
    assert line == "nnbench: plan=true: needs nnbench's sweeper, which knows all jobs"


@pytest.mark.parametrize(
    "words",
    [
        ["hydra/launcher=basic"],
        ["hydra/sweeper=basic", "hydra.sweeper.max_batch_size=1"],
        ["hydra/sweeper=basic", "hydra/launcher=basic"],
    ],
)
def test_launches_of_a_sweep_log_into_one(words, here, command):
    code, out, err = command("-m", *words, "depth=0,1", "hydra.sweep.dir=jobs", *SHORT)
    assert (code, out.count("Report: "), out.count("Training ")) == (0, 1, 2), err
    assert_tells_each_job_once(out, ["depth=0", "depth=1"])
    runs = load_runs("nnbench")
    assert sorted(zip(runs["depth"], runs["seed"], strict=True)) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert set(runs["sweep"]) == {parent().info.run_id}
    assert "compare" not in {
        k for k, v in parent().data.params.items() if v not in ("None", "null")
    }
    assert "depth 1" in out.splitlines()[-1]


@pytest.mark.parametrize("processes", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_joblib_logs_into_one_sweep(here, command, processes):
    pytest.importorskip("hydra_plugins.hydra_joblib_launcher", reason="not installed")
    launcher = ["hydra/launcher=joblib", f"hydra.launcher.n_jobs={processes}"]
    words = ["depth=0,1", "optimizer.beta1=0.9,1", "hydra.sweep.dir=jobs"]
    code, out, err = command("-m", *launcher, *words, *SHORT)
    assert (code, out.count("Report: ")) == (0, 1), err
    assert (out.count(TABLE), out.count("4 skipped: optimizer.beta1=1.0: ")) == (1, 1)
    assert_describes_all_launches(parent(), load_runs("nnbench"))


def assert_describes_all_launches(run, runs):
    """The parent run says of all launches what it says of a sweep of one."""
    assert set(runs["sweep"]) == {run.info.run_id}
    means = runs.groupby("depth")["best_validation_accuracy"].mean()
    assert run.data.tags["nnbench.best_setting"] == f"depth={means.idxmax()}"
    assert run.data.metrics["best_validation_accuracy"] == pytest.approx(means.max())
    assert run.data.tags["nnbench.varied"] == "depth"
    experiment = open_store(None).client.get_experiment(run.info.experiment_id)
    assert json.loads(experiment.tags[TAG])["selectedColumns"][0] == "params.`depth`"
    ((reason, number),) = json.loads(run.data.tags["nnbench.skipped"]).items()
    assert reason.startswith("optimizer.beta1=1.0: ")
    assert number == 4


def test_single_job_launcher_skips_invalid_jobs(here, command):
    launcher = ["hydra/launcher=basic", "hydra.sweep.dir=jobs"]
    words = ["optimizer.beta1=0.9,1", *SHORT]
    code, _, err = command("-m", *launcher, *words, "plan=true")
    assert code == 0, err
    assert not (here / "jobs").exists()
    code, out, err = command("-m", *launcher, *words)
    assert code == 0, err
    assert "nnbench: skipped: optimizer.beta1=1.0: " in err
    assert set(load_runs("nnbench")["optimizer.beta1"]) == {0.9}
    assert out.count("2 skipped: optimizer.beta1=1.0: ") == 1

    code, _, err = command("-m", *launcher, "optimizer.beta1=1,2", *SHORT)
    assert code == 1
    assert err.startswith("nnbench: optimizer.beta1=1.0: ")
    assert err.count("\n") == 1
    assert joined_launches.VARIABLE not in os.environ
