from dataclasses import replace

import numpy as np
import pytest

import nnbench
from nnbench.app.rerun import curve_difference, refuse_excess, value_difference
from nnbench.assembly import build
from nnbench.commands import replay
from nnbench.run.errors import ConfigError
from nnbench.sweep.plan import run_key
from nnbench.track.mlflow_tables import RUNS
from nnbench.track.run_files import CURVES
from nnbench.track.tracker import track_sweep

WORDS = ["dataset=iris", "epochs=3", "width=4", "depth=2", "schedule=cosine", "patience=2"]


@pytest.fixture(scope="module")
def results():
    """A finished and a diverged run."""
    diverging = [*WORDS, "optimizer=sgd", "lr=1e9"]
    return [nnbench.train(nnbench.compose(words)) for words in (WORDS, diverging)]


@pytest.fixture
def tracked(store, results):
    """Ids of a finished and of a diverged run, and of their sweep."""
    with track_sweep(store, "trial", {}, "") as tracker:
        ids = []
        for result in results:
            data = build.dataset(result.config.dataset)
            ids.append(tracker.log(result, run_key(result.config, data.fingerprint), data))
    return [*ids, tracker.sweep_id]


@pytest.mark.parametrize("which", [0, 1])
def test_a_run_comes_out_the_same(tracked, which, capsys):
    assert replay.run([tracked[which]]) == 0
    assert capsys.readouterr().out == "Every value is identical, bit for bit.\n"


def test_the_beginning_of_an_id_is_enough(tracked, capsys):
    """As tables show it: eight characters; and one fewer than all."""
    run_id = tracked[0]
    for length in (8, 31):
        assert replay.run([run_id[:length]]) == 0
    assert capsys.readouterr().out == 2 * "Every value is identical, bit for bit.\n"
    with pytest.raises(ConfigError, match=r"^run=.*: no such run in .*first 4 characters$"):
        replay.run([run_id[:3]])


def test_the_beginning_of_several_ids_is_refused(tracked, store):
    experiment = store.client.get_experiment_by_name("trial").experiment_id
    ids = [f"feed{number:028x}" for number in range(8)]
    with store.engine.begin() as database:
        for run_id in ids:
            row = {"run_uuid": run_id, "experiment_id": experiment, "lifecycle_stage": "active"}
            more = {"status": "FINISHED", "user_id": "me", "start_time": 1, "artifact_uri": "x"}
            database.execute(RUNS.insert(), {**row, **more})
    with pytest.raises(ConfigError) as caught:
        replay.run(["feed"])
    shown = ", ".join(ids[:5])
    assert str(caught.value) == f"run=feed: must be the id of one run, not of {shown}, …"


def test_a_run_that_fails_is_said(tracked, monkeypatch, capsys):
    def fail(config):
        raise OSError("no such [thing]")

    monkeypatch.setattr("nnbench.api.train", fail)
    assert replay.run([tracked[0]]) == 1
    assert capsys.readouterr().out.startswith(
        "Training failed: OSError: no such [thing] (test_replay.py:"
    )


def test_difference_in_the_last_bit_is_reported(tracked, store, capsys):
    stored = store.client.get_run(tracked[0]).data.metrics["test_loss"]
    changed = float(np.nextafter(stored, 1))
    store.client.log_metric(tracked[0], "test_loss", changed, step=1)
    assert replay.run([tracked[0]]) == 1
    difference = f"{stored:.6g}, differs by {abs(changed - stored):.1g}"
    assert capsys.readouterr().out == f"test_loss: {difference}\n"


@pytest.mark.parametrize(
    ("stored", "new", "text"),
    [
        (0.5, 0.25, "0.5 stored, 0.25 now"),
        (1 / 3, 2 / 3, "0.333333 stored, 0.666667 now"),
        (None, 0.25, "not stored, 0.25 now"),
    ],
)
def test_differing_values_are_shown_to_six_digits(stored, new, text):
    assert value_difference(stored, new) == text


@pytest.mark.parametrize(
    ("stored", "new", "text"),
    [
        (None, np.zeros(3), "not stored"),
        (np.zeros(1), np.zeros(1200), "1 epoch stored, 1,200 now"),
        (np.zeros((3, 2)), np.zeros((3, 1)), "shape (3, 2) stored, (3, 1) now"),
        (
            np.array([np.nan, 0.0, 0.0, 0.0]),
            np.array([np.nan, 0.0, 1.0, np.nan]),
            "differs at 2 positions of 4, first at position 2",
        ),
        (
            np.array([[0.0, 1.0], [2.0, 3.0]]),
            np.array([[0.0, 1.0], [2.0, 4.0]]),
            "differs at 1 position of 2, first at position 1",
        ),
    ],
)
def test_curve_that_differs_names_lengths_or_the_position(stored, new, text):
    assert curve_difference(stored, new) == text


@pytest.mark.parametrize(
    ("table", "column", "name"),
    [
        ("curves", "train_loss", "train_loss"),
        ("layer_statistics", "update_ratio", "update_ratio by layer"),
    ],
)
def test_a_curve_that_differs_is_told(table, column, name, tracked, store, capsys, tmp_path):
    file = store.client.download_artifacts(tracked[0], CURVES, str(tmp_path))
    with np.load(file) as arrays:
        changed = dict(arrays)
    changed[table][column] = np.nextafter(changed[table][column], 9)
    np.savez(tmp_path / CURVES, **changed)
    store.client.log_artifact(tracked[0], str(tmp_path / CURVES))
    assert replay.run([tracked[0]]) == 1
    positions = len(changed[table])
    assert capsys.readouterr().out == (
        f"curve {name}: differs at {positions} positions of {positions}, first at position 0\n"
    )


def test_a_change_of_the_engine_is_said(tracked, monkeypatch, capsys):
    monkeypatch.setattr("nnbench.sweep.plan.VERSION", -1)
    assert replay.run([tracked[0]]) == 0
    assert "engine have changed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([], "^replay: must be followed by the id of one run"),
        (["a", "b"], "^replay a b: must be followed by the id of one run"),
        (["nope"], "^run=nope: no such run"),
        ([""], "^run=: no such run"),
        (["____"], "^run=____: no such run"),
        (["%%%%"], "^run=%%%%: no such run"),
        (["éééé"], "^run=éééé: no such run"),
    ],
)
def test_what_is_no_run_is_refused(tracked, words, why):
    with pytest.raises(ConfigError, match=why):
        replay.run(words)


def test_a_sweep_is_no_run(tracked):
    with pytest.raises(ConfigError, match="must be a training run"):
        replay.run([tracked[2]])


@pytest.mark.parametrize(
    ("key", "value"), [("depth", 10**18), ("width", 10**18), ("width", 10**6), ("epochs", 10**18)]
)
def test_stored_run_beyond_memory_is_refused_before_training(key, value):
    config = replace(nnbench.compose(["dataset=iris"]), **{key: value})
    data = build.dataset(config.dataset)
    reason = "takes about .* of memory, .* GB available"
    with pytest.raises(ConfigError, match=rf"^{key}={value}: {reason}$"):
        refuse_excess(config, data)


def test_a_usual_run_is_not_refused():
    config = nnbench.compose(["dataset=iris"])
    refuse_excess(config, build.dataset(config.dataset))
