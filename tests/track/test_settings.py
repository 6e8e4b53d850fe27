"""Settings in MLflow: the parent run has what all runs share, a run what is its own."""

from dataclasses import replace

import pandas as pd
import pytest

import nnbench
from nnbench.run.config import Component
from nnbench.track.read_runs import LEFT_OUT, read_runs
from nnbench.track.settings import FIRST, SETTING, VARIED, setting_of, settings_of
from nnbench.track.tracker import track_sweep
from tests.track.made import DATA, by_requests, made_result

COLUMNS_OF_STORE = ["run_id", "sweep", "artifacts", "engine"]


def varied_configs():
    """Two depths and two optimizers with three seeds each; of both optimizers, some options."""
    adam = made_result().config
    sgd = replace(adam, optimizer=Component("sgd", "a.c", {"nesterov": True}), clip_norm=2.5)
    settings = [replace(c, depth=depth) for c in (adam, sgd) for depth in (1, 11)]
    return [replace(c, seed=seed) for c in settings for seed in (0, 1, 12)]


def logged(store, configs, shared=True):
    results = [replace(made_result(), config=config) for config in configs]
    alike = configs if shared else []
    with track_sweep(store, "trial", {"jobs": None, "seeds": 3}, "", configs=alike) as tracker:
        ids = [tracker.log(result, f"key {i}", DATA) for i, result in enumerate(results)]
    return ids, tracker.sweep_id


@pytest.mark.parametrize("way", ["rows", "requests"])
def test_run_has_own_params_and_parent_rest(store, way):
    if way == "requests":
        by_requests(store)
    ids, sweep_id = logged(store, varied_configs())
    runs = [store.client.get_run(run_id).data for run_id in ids]
    assert set(runs[0].params) == {
        *FIRST, "optimizer.beta1", "optimizer.beta2", "optimizer.epsilon", "optimizer.text",
        "optimizer.list",
    }  # fmt: skip
    assert set(runs[-1].params) == {*FIRST, "optimizer.nesterov", "clip_norm"}
    assert runs[-1].params["seed"] == "12"
    parent = store.client.get_run(sweep_id).data
    assert parent.tags[VARIED] == "optimizer, depth"
    assert parent.params["batch_size"] == "32"
    assert parent.params["seeds"] == "3"
    assert not set(parent.params) & {"jobs", "depth", "optimizer", "seed", "patience"}
    assert not {"null", "None"} & {v for run in [*runs, parent] for v in run.params.values()}


@pytest.mark.parametrize("way", ["rows", "requests"])
def test_setting_is_the_first_tag(store, way):
    if way == "requests":
        by_requests(store)
    (run_id, *_), _ = logged(store, varied_configs())
    names = [n for n in store.client.get_run(run_id).data.tags if not n.startswith("mlflow.")]
    assert names[0] == SETTING


def test_only_seeds_of_a_setting_share_its_tag(store):
    ids, _ = logged(store, varied_configs())
    tags = [store.client.get_run(run_id).data.tags[SETTING] for run_id in ids]
    assert [tags.count(tag) for tag in tags] == [3] * 12
    assert tags[0] == tags[1] == tags[2] != tags[3]
    assert tags[0].startswith("depth=1 lr=0.001 adam iris mlp width=64 ")
    config = varied_configs()[0]
    assert setting_of(config, "1") != setting_of(config, "2")
    assert setting_of(replace(config, epochs=3), "1") != setting_of(config, "1")


@pytest.mark.parametrize("way", ["rows", "requests"])
def test_table_equals_that_of_whole_runs(store, way):
    if way == "requests":
        by_requests(store)
    logged(store, varied_configs())
    apart = read_runs(store, "trial")
    store.client.rename_experiment(store.client.get_experiment_by_name("trial").experiment_id, "b")
    logged(store, varied_configs(), shared=False)
    whole = read_runs(store, "trial")
    drop = [*COLUMNS_OF_STORE, "seconds"]
    pd.testing.assert_frame_equal(
        apart.drop(columns=drop), whole.drop(columns=drop), check_like=True
    )
    assert apart["clip_norm"].dropna().tolist() == [2.5] * 6
    assert apart["batch_size"].tolist() == [32] * 12


def test_deleted_parents_settings_are_read_from_files(store, tmp_path):
    ids, sweep_id = logged(store, varied_configs())
    expected = read_runs(store, "trial")
    store.client.delete_run(sweep_id)
    runs = read_runs(store, "trial")
    pd.testing.assert_frame_equal(
        runs.drop(columns="engine"), expected.drop(columns="engine"), check_like=True
    )
    (tmp_path / "mlartifacts" / ids[3] / "config.yaml").unlink()
    runs = read_runs(store, "trial")
    assert len(runs) == 11
    assert list(runs.attrs[LEFT_OUT]) == [ids[3]]
    assert "settings are lost" in runs.attrs[LEFT_OUT][ids[3]]


def test_run_that_lacks_a_shared_value_says_so():
    configs = [replace(config, clip_norm=2.5) for config in varied_configs()]
    settings = settings_of(configs)
    assert settings.shared["clip_norm"] == 2.5
    assert settings.own(replace(configs[0], clip_norm=None))["clip_norm"] is None
    assert settings.own(replace(configs[0], clip_norm=1.0))["clip_norm"] == 1.0
    assert "clip_norm" not in settings.own(configs[0])


def test_a_sweep_without_runs_shares_nothing():
    assert settings_of([]).shared == {}
    assert settings_of([nnbench.compose(["depth=3"])]).varied == ()
