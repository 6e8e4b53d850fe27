"""Runs as a table."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from nnbench.engine import VERSION
from nnbench.run.result import MACHINE
from nnbench.track.read_runs import LEFT_OUT, VERSIONS, engine_of, read_runs
from nnbench.track.tracker import track_sweep
from tests.track.made import DATA, MADE_MACHINE, made_config, made_result


def test_every_run_knows_the_engine_of_its_sweep(store):
    ids = []
    for key, kept in (("first", '{"engine": "5"}'), ("second", None), ("third", "nonsense")):
        with track_sweep(store, "trial", {}, "the command", again=True) as tracker:
            tracker.log(made_result(), key, DATA)
        ids.append(tracker.sweep_id)
        if kept:
            store.client.set_tag(tracker.sweep_id, VERSIONS, kept)

    runs = read_runs(store, "trial").set_index("sweep")

    assert runs.loc[ids, "engine"].tolist() == [5, VERSION, 0]
    assert runs["length"].tolist() == [2, 2, 2]


def test_runs_of_one_pool_have_their_own_rows(store):
    with track_sweep(store, "trial", {}, "the command", again=True) as tracker:
        for drawn in (0, 3, 2, 3):
            tracker.log(made_result(), f"key{drawn}", replace(DATA, drawn=drawn))

    runs = read_runs(store, "trial")

    assert runs["rows"].tolist() == [len(DATA.x), 3, 2, 3]
    assert runs["digest"].nunique() == 3
    assert runs["digest"].iloc[0] == DATA.fingerprint


def test_runs_know_their_machine_unless_older(store):
    without = replace(made_result(1), machine={})
    with track_sweep(store, "trial", {}, "the command") as tracker:
        run_id = tracker.log(made_result(0), "first", DATA)
        tracker.log(without, "second", DATA)

    runs = read_runs(store, "trial")

    assert runs[list(MACHINE)].to_numpy().tolist() == [list(MADE_MACHINE.values()), ["", "", ""]]
    assert store.client.get_run(run_id).data.tags["nnbench.blas_kernel"] == "Relay"


@pytest.mark.parametrize("text", ["", "[]", "7", "{}", '{"engine": null}', '{"engine": "x"}'])
def test_versions_that_say_nothing_are_engine_zero(text):
    assert engine_of(text) == 0


def set_all(table, **values):
    def change(database):
        for key, value in values.items():
            database.execute(f"UPDATE {table} SET value = ? WHERE key = ?", (value, key))

    return change


STRANGE = {
    "depth is =cmd|x": set_all("params", depth="=cmd|x"),
    "lr is nan": set_all("params", lr="nan"),
    "lr is [1,2": set_all("params", lr="[1,2"),
    "seed is 1e999": set_all("params", seed="1e999"),
    f"epochs is {'9' * 79}…": set_all("params", epochs="9" * 5000),
    "residual is x": set_all("params", residual="x"),
    "depth is no text": set_all("params", depth=b"\xff\x00"),
    "nnbench.status is no text": set_all("tags", **{"nnbench.status": b"\xff"}),
    "test_accuracy is abc": set_all("latest_metrics", test_accuracy="abc"),
    "artifact_uri is no text": lambda database: database.execute(
        "UPDATE runs SET artifact_uri = NULL"
    ),
}


@pytest.mark.parametrize("reason", STRANGE)
def test_impossible_run_is_left_out_and_named(store, reason):
    with track_sweep(store, "trial", {}, "the command") as tracker:
        broken = tracker.log(made_result(), "first", DATA)
    with closing(sqlite3.connect(store.file)) as database, database:
        STRANGE[reason](database)
    with closing(sqlite3.connect(store.file)) as database, database:
        database.execute("UPDATE runs SET artifact_uri = 'x' WHERE artifact_uri IS NULL"
                         " AND run_uuid != ?", (broken,))  # fmt: skip
    with track_sweep(store, "trial", {}, "the command") as tracker:
        whole = tracker.log(made_result(1), "second", DATA)

    runs = read_runs(store, "trial")

    assert runs["run_id"].tolist() == [whole]
    assert runs.attrs[LEFT_OUT] == {broken: reason}


def test_usual_runs_are_not_left_out(store):
    config = replace(made_config(), lr=None, clip_norm=1e-8, weight_decay=1e300, batch_size="all")
    with track_sweep(store, "trial", {}, "the command") as tracker:
        tracker.log(replace(made_result(), config=config), "first", DATA)
    runs = read_runs(store, "trial")
    assert len(runs) == 1
    assert runs.attrs[LEFT_OUT] == {}
