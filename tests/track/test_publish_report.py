"""The report on a sweep's parent run, in a real store."""

import os

import pytest

from nnbench.run.result import BestSetting
from nnbench.track.files import local_path
from nnbench.track.publish_report import BEST, publish, publish_best
from nnbench.track.sweeps import read_sweeps
from nnbench.track.tracker import track_sweep
from tests.track.made import by_requests


@pytest.fixture
def sweep(store):
    with track_sweep(store, "trial", {}, "the command"):
        pass
    return read_sweeps(store, "trial")[-1]


@pytest.fixture
def sweep_id(sweep):
    return sweep.run_id


def report(directory, *names):
    for name in names:
        file = directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    return directory


@pytest.mark.parametrize("way", ["rows", "requests"])
def test_report_takes_the_place_of_the_one_before(store, sweep, sweep_id, tmp_path, way):
    if way == "requests":
        by_requests(store)
    earlier = report(tmp_path / "a", "index.html", "tables/gone.csv")
    later = report(tmp_path / "b", "index.html", "tables/new.csv")

    publish(store, sweep, earlier, "## Earlier", {"digits/depth 1/lost share": 0.5})
    publish(store, sweep, later, "## Later", {"digits/depth 1/lost share": 0.25})

    run = store.client.get_run(sweep_id)
    directory = local_path(run.info.artifact_uri) / "report"
    files = sorted(file.relative_to(directory).as_posix() for file in directory.rglob("*.*"))
    assert files == ["index.html", "tables/new.csv"]
    assert run.data.tags["mlflow.note.content"] == "## Later"
    assert run.data.metrics["digits/depth 1/lost share"] == 0.25


def test_figures_of_any_number_are_logged_at_once(store, sweep, sweep_id, tmp_path):
    metrics = {f"digits/depth {i}/lost share": float(i) for i in range(200)}

    publish(store, sweep, report(tmp_path / "a", "index.html"), "text", metrics)

    assert metrics.items() <= store.client.get_run(sweep_id).data.metrics.items()


def test_links_are_not_published(store, sweep, sweep_id, tmp_path):
    """Every reader of the store could read the files to which they lead."""
    secret = report(tmp_path / "private", "key", "folder/key")
    written = report(tmp_path / "a", "index.html", "tables/x.csv")
    (written / "key").symlink_to(secret / "key")
    (written / "tables" / "key").symlink_to(secret / "key")
    (written / "folder").symlink_to(secret / "folder")
    (written / "nowhere").symlink_to("/nowhere")
    os.mkfifo(written / "pipe")

    publish(store, sweep, written, "## A report", {})

    directory = local_path(store.client.get_run(sweep_id).info.artifact_uri) / "report"
    files = sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*"))
    assert files == ["index.html", "tables", "tables/x.csv"]


def test_parent_run_has_the_best_settings(store):
    single = {"iris": BestSetting("depth=2 lr=0.1", "best_validation_accuracy", 0.75, "key")}
    both = {**single, "my data/ä": BestSetting("depth=13", "best_validation_r2", 0.5, "key")}
    for best in ({}, single, both):
        with track_sweep(store, "trial", {}, "") as tracker:
            publish_best(store, tracker.sweep_id, best)
        data = store.client.get_run(tracker.sweep_id).data
        if not best:
            assert BEST not in data.tags
        elif best is single:
            assert data.tags[BEST] == "depth=2 lr=0.1"
            assert data.metrics["best_validation_accuracy"] == 0.75
        else:
            assert data.tags[BEST] == "iris: depth=2 lr=0.1; my data/ä: depth=13"
            assert data.metrics["best_validation_r2/my_data__"] == 0.5
