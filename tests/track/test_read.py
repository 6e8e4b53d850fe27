"""Runs as a table."""

import pytest

from nnbench.engine import VERSION
from nnbench.track.read import VERSIONS, engine_of, read_runs
from nnbench.track.tracker import track_sweep
from tests.track.made import DATA, made_result


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


@pytest.mark.parametrize("text", ["", "[]", "7", "{}", '{"engine": null}', '{"engine": "x"}'])
def test_versions_that_say_nothing_are_engine_zero(text):
    assert engine_of(text) == 0
