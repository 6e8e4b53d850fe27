"""The data of runs as MLflow's inputs, read back with MLflow itself."""

import json
from dataclasses import replace

import mlflow
import numpy as np
import pytest
from mlflow.data.schema import TensorDatasetSchema

import nnbench
from nnbench.assembly import build
from nnbench.data.split import split
from nnbench.run.result import RunResult
from nnbench.track.inputs import CONTEXTS, Source, Sources, as_source, inputs
from nnbench.track.read_run import recall
from nnbench.track.read_runs import read_runs
from nnbench.track.tracker import track_sweep
from tests.track.made import by_requests, made_result


def by_context(run):
    return {tracked.tags[0].value: tracked.dataset for tracked in run.inputs.dataset_inputs}


def logged(store, words, seeds=(0,)):
    config = nnbench.compose(words)
    data = build.dataset(config.dataset)
    with track_sweep(store, "trial", {}, "") as tracker:
        ids = [
            tracker.log(replace(made_result(), config=config.repeated(s)), f"key {s}", data)
            for s in seeds
        ]
    return [store.client.get_run(run_id) for run_id in ids], config, data


@pytest.mark.parametrize("way", ["rows", "requests"])
def test_each_set_is_an_input_with_schema(store, way):
    if way == "requests":
        by_requests(store)
    (run, other), config, data = logged(store, ["dataset=iris"], (0, 12))
    sets = by_context(run)
    assert set(sets) == set(CONTEXTS)
    assert len({dataset.digest for dataset in sets.values()}) == 3
    rows = split(data, 0, config.validation_size, config.test_size)
    for context, numbers in zip(CONTEXTS, (rows.train, rows.validation, rows.test), strict=True):
        profile = json.loads(sets[context].profile)
        assert (profile["num_rows"], profile["data_rows"]) == (len(numbers), 150)
        assert "rows" not in profile
        schema = TensorDatasetSchema.from_dict(json.loads(sets[context].schema))
        assert schema.features.inputs[0].shape == (-1, 4)
        assert schema.features.inputs[0].type == np.dtype("float64")
        assert schema.targets.inputs[0].shape == (-1,)
    assert {d.digest for d in by_context(other).values()}.isdisjoint(
        {d.digest for d in sets.values()}
    )
    runs = read_runs(store, "trial")
    assert set(runs["digest"]) == {data.fingerprint}
    assert set(runs["rows"]) == {150}
    assert set(runs["chance"]) == {1 / 3}


def test_settings_of_a_seed_share_sets():
    config = nnbench.compose(["dataset=iris"])
    data, sources = build.dataset(config.dataset), Sources()
    sets = sources.of(config, data).sets
    assert sources.of(replace(config, depth=13), data).sets == sets
    assert sources.of(replace(config, test_size=0.3), data).sets != sets
    assert sum(rows for _, rows in sets.values()) == 150


def test_a_file_is_a_source_that_loads(store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = [f"{i},{i % 7},{'ab'[i % 2]}" for i in range(40)]
    (tmp_path / "my data.csv").write_text("\n".join(["x,z,y", *lines]))
    words = ["dataset=csv", "dataset.path=my data.csv", "dataset.target=y"]
    (run,), _, _ = logged(store, words)
    source = mlflow.data.get_source(by_context(run)["test"])
    assert source.to_dict() == {"uri": str(tmp_path / "my data.csv")}
    with open(source.load()) as file:
        assert file.readline() == "x,z,y\n"


@pytest.mark.parametrize(
    ("source", "kind", "expected"),
    [
        ("https://me:secret@example.com/a", "http", "https://me:***@example.com/a"),
        ("sklearn.datasets.load_iris", "code", "sklearn.datasets.load_iris"),
    ],
)
def test_other_sources_are_read_by_mlflow(source, kind, expected):
    (tracked,) = inputs(Source("a", "1" * 32, source, '{"rows": 3}'))
    read = mlflow.data.get_source(tracked.dataset)
    assert read._get_source_type() == kind
    content = read.to_dict()
    assert content.get("url", content.get("tags", {}).get("mlflow.source.name")) == expected


def test_data_without_a_split_are_one_input(store):
    config = replace(made_result().config, validation_size=0.001)
    data = replace(build.dataset(config.dataset), train_rows=10_000)
    with track_sweep(store, "trial", {}, "") as tracker:
        run_id = tracker.log(RunResult(config, "failed", reason="no rows"), "key", data)
    (tracked,) = store.client.get_run(run_id).inputs.dataset_inputs
    assert tracked.dataset.digest == data.fingerprint
    assert "num_rows" not in json.loads(tracked.dataset.profile)
    assert recall(store, run_id).data == data.fingerprint


def test_inputs_of_earlier_versions_are_read(store):
    old = as_source(build.dataset(nnbench.compose(["dataset=iris"]).dataset))
    assert old.sets == {}
    (tracked,) = inputs(old)
    with track_sweep(store, "trial", {}, "") as tracker:
        run_id = tracker.log(made_result(), "key", None)
    earlier = replace_profile(tracked, old.profile.replace("data_rows", "rows"))
    store.client.log_inputs(run_id, [earlier])
    runs = read_runs(store, "trial")
    assert runs["digest"].tolist() == [old.digest]
    assert runs["rows"].tolist() == [150]


def replace_profile(tracked, profile):
    """An input as it was when all data were one, with a source that MLflow doesn't know."""
    dataset = tracked.dataset
    old = mlflow.entities.Dataset(dataset.name, dataset.digest, "nnbench", "here", None, profile)
    return mlflow.entities.DatasetInput(old, tracked.tags)
