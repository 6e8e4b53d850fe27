"""The files of runs: below the artifact root of the store in use, whatever the store says."""

import os
import shutil
from types import SimpleNamespace

import pytest
from sqlalchemy import update

from nnbench.app.experiment import run_sweep
from nnbench.commands import inspect, replay, report
from nnbench.composition import jobs
from nnbench.run.errors import ConfigError
from nnbench.track.files import OutsideError, files_of, local_path
from nnbench.track.mlflow_tables import EXPERIMENTS, RUNS
from nnbench.track.publish_report import publish
from nnbench.track.read_run import recall
from nnbench.track.read_runs import Histories, read_runs
from nnbench.track.store import open_store
from nnbench.track.sweeps import read_sweeps
from nnbench.track.tracker import track_sweep
from tests.small_sweeps import BARE
from tests.track.made import DATA, made_result

WORDS = ["dataset=iris", "epochs=2", "width=4", "depth=1", "jobs=1"]


BELOW = {"windows"}


def tree(directory):
    """Every file below a directory, with its content."""
    files = sorted(file for file in directory.rglob("*") if file.is_file())
    return {str(file.relative_to(directory)): file.read_bytes() for file in files}


@pytest.fixture
def victim(tmp_path_factory):
    """A private directory, with all files that a run could have."""
    directory = tmp_path_factory.mktemp("victim")
    for name in ("report/precious.txt", "inspect/precious.txt", "config.yaml", "curves.npz"):
        (directory / name).parent.mkdir(exist_ok=True)
        (directory / name).write_text("precious")
    return directory


def addresses(victim, store):
    """Ways to say that files are at the victim's."""
    root = store.file.parent / "mlartifacts"
    root.mkdir(exist_ok=True)
    (root / "link").symlink_to(victim)
    up = "/".join([".."] * 30)
    return {
        "file": victim.as_uri(),
        "plain": str(victim),
        "localhost": f"file://localhost{victim}",
        "short": f"file:{victim}",
        "up": f"{root.as_uri()}/{up}{victim}",
        "encoded up": f"{root.as_uri()}/{up.replace('.', '%2e')}{victim}",
        "encoded": f"{root.as_uri()}/{up.replace('/', '%2F')}{victim}",
        "moved up": f"file:///elsewhere/mlartifacts/{up}{victim}",
        "link": (root / "link").as_uri(),
        "moved link": "file:///elsewhere/mlartifacts/link",
        "share": f"file://server{victim}",
        "windows": rf"\\server\share{victim}",
        "authority": f"//server{victim}",
        "broken": "file://[/x",
        "root": root.as_uri(),
        "served": "mlflow-artifacts:/1/2/artifacts",
        "bucket": "s3://bucket/1/2/artifacts",
        "web": "http://127.0.0.1:9/artifacts",
        "nothing": "file:///a%00b",
    }


def tracked(store):
    """Ids of a sweep and of its one run."""
    with track_sweep(store, "trial", {}, "python -m nnbench") as tracker:
        return tracker.sweep_id, tracker.log(made_result(), "key", DATA)


def say(store, table, column, identity, address):
    """Have the store say that files are at an address."""
    key = next(iter(table.columns))
    with store.engine.begin() as connection:
        connection.execute(update(table).where(key == identity).values({column: address}))


def test_files_outside_the_root_are_never_touched(store, victim, tmp_path):
    sweep_id, run_id = tracked(store)
    page = tmp_path / "page"
    page.mkdir()
    (page / "index.html").write_text("new")
    before = tree(victim)
    for name, address in addresses(victim, store).items():
        say(store, RUNS, "artifact_uri", sweep_id, address)
        say(store, RUNS, "artifact_uri", run_id, address)
        (sweep,) = read_sweeps(store, "trial")
        # These are names below the root, or for all it matters none.
        if name not in BELOW:
            with pytest.raises(OutsideError, match="mlartifacts"):
                publish(store, sweep, page, "", {})
        with pytest.raises(KeyError):
            Histories(store, read_runs(store, "trial"))[run_id]
        with pytest.raises(ConfigError, match=f"run={run_id}: its files are missing"):
            recall(store, run_id)
        assert tree(victim) == before, name


def test_link_among_the_files_of_run_leads_nowhere(store, victim, tmp_path):
    _, run_id = tracked(store)
    before = tree(victim)
    directory = local_path(store.client.get_run(run_id).info.artifact_uri)
    for name in ("config.yaml", "curves.npz"):
        (directory / name).unlink()
        (directory / name).symlink_to(victim / name)
    (directory / "inspect").symlink_to(victim / "inspect")
    (directory / "pipe").mkdir()
    os.mkfifo(directory / "pipe" / "curves.npz")
    files = files_of(store, store.client.get_run(run_id).info.artifact_uri)
    for name in ("config.yaml", "inspect"):
        with pytest.raises(OutsideError), files.fetched(name):
            pass
    with pytest.raises(FileNotFoundError), files.fetched("pipe/curves.npz"):
        pass
    page = tmp_path / "page"
    page.mkdir()
    (page / "precious.txt").write_text("new")
    files.replace("inspect", page)
    assert (directory / "inspect" / "precious.txt").read_text() == "new"
    assert not (directory / "inspect").is_symlink()
    assert tree(victim) == before


def test_a_root_that_is_a_link_is_refused(here, victim):
    (here / "mlartifacts").symlink_to(victim)
    with pytest.raises(ConfigError, match=r"mlartifacts must be a directory.* not a link"):
        open_store(None)


def test_foreign_artifact_root_gets_files_below_its_root(store, victim):
    before = tree(victim)
    for name, address in addresses(victim, store).items():
        identity = store.client.create_experiment(name)
        say(store, EXPERIMENTS, "artifact_location", int(identity), address)
        if local_path(address) is None:
            with pytest.raises(ConfigError, match=f"^experiment={name}: files at"):
                tracked_in(store, name)
            continue
        for run_id in tracked_in(store, name):
            written = local_path(store.client.get_run(run_id).info.artifact_uri)
            assert written.is_relative_to(store.file.parent / "mlartifacts"), name
        assert tree(victim) == before, name


def tracked_in(store, experiment):
    with track_sweep(store, experiment, {}, "") as tracker:
        return tracker.sweep_id, tracker.log(made_result(), "key", DATA)


def test_the_default_experiment_can_be_used(store):
    for run_id in tracked_in(store, "Default"):
        assert "mlartifacts" in store.client.get_run(run_id).info.artifact_uri
    assert not (store.file.parent / "mlruns").exists()


def test_another_root_can_be_named(store, victim, monkeypatch):
    with pytest.raises(OutsideError, match="MLFLOW_DEFAULT_ARTIFACT_ROOT"):
        files_of(store, f"{victim}/files")
    monkeypatch.setenv("MLFLOW_DEFAULT_ARTIFACT_ROOT", str(victim))
    assert files_of(store, f"{victim}/files").directory == victim / "files"
    monkeypatch.setenv("MLFLOW_DEFAULT_ARTIFACT_ROOT", "s3://bucket/mine")
    assert files_of(store, "s3://bucket/mine/1/2").directory is None
    for other in ("s3://bucket/mine2/1", "s3://bucket/mine/../1", "s3://bucket/mine/%2e%2e/1"):
        with pytest.raises(OutsideError):
            files_of(store, other)


def test_server_gets_only_files_that_it_serves(tmp_path):
    server = SimpleNamespace(uri="http://me:secret@host:5000/path", file=None)
    for served in ("mlflow-artifacts:/1/2", "mlflow-artifacts://host:5000/1/2"):
        assert files_of(server, served).directory is None
    for other in (
        "mlflow-artifacts://evil/1",
        "http://host:5000/1",
        str(tmp_path),
        "s3://bucket/1",
    ):
        with pytest.raises(OutsideError):
            files_of(server, other)


def test_files_of_another_database_are_not_sought(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    database = SimpleNamespace(uri="postgresql://host/db", file=None)
    assert files_of(database, f"{tmp_path}/mlartifacts/1").directory == tmp_path / "mlartifacts/1"
    with pytest.raises(OutsideError):
        files_of(database, "/elsewhere/mlartifacts/1")


def sweep(*words):
    job = jobs.compose_job([*WORDS, *BARE, *words])
    run_sweep([job], "python -m nnbench")


def check_a_copy(before, old, capsys):
    """More is trained and reported in this directory, and none of it comes to the old one."""
    new, store = old.with_name("copied"), open_store(None)
    sweep("seeds=3", "tracking.model=true")
    output = capsys.readouterr().out
    assert "already finished: 2 of 3 runs" in output
    assert "ot attached" not in output
    places = [
        store.client.get_run(run).info.artifact_uri for run in read_runs(store, "nnbench").run_id
    ]
    assert len(places) == 3
    assert all(local_path(place).is_relative_to(new / "mlartifacts") for place in places)
    assert all((local_path(place) / "curves.npz").exists() for place in places)
    (local_path(places[0]) / "curves.npz").unlink()
    report.run(["experiment=nnbench"])
    assert "The curves of 1 run are missing" in capsys.readouterr().out
    page = (new / "reports/nnbench/evidence.md").read_text()
    assert "1 run was left out, since settings are chosen by validation curves" in page
    assert tree(old) == before


def check_all_is_there(old, capsys):
    """All that runs left can be read in this directory, and nothing is written to the old one."""
    store = open_store(None)
    runs = read_runs(store, "nnbench")
    assert len(Histories(store, runs)[runs["run_id"][0]].epochs) == 3
    report.run(["experiment=nnbench", *BARE])
    assert replay.run([runs["run_id"][0]]) == 0
    assert inspect.run([runs["run_id"][0]]) == 0
    output = capsys.readouterr().out
    assert "those stored with the run" in output
    assert "The curves of" not in output
    assert "ot attached" not in output
    assert not old.exists()


def test_copied_or_moved_directory_keeps_all_files(
    template_store, tmp_path, monkeypatch, capsys, one_process
):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    old = tmp_path / "old"
    old.mkdir()
    shutil.copy(template_store, old / "mlflow.db")
    monkeypatch.chdir(old)
    sweep("seeds=2", "tracking.model=true", "report=false")
    before = tree(old)
    shutil.copytree(old, tmp_path / "copied")
    monkeypatch.chdir(tmp_path / "copied")
    capsys.readouterr()
    check_a_copy(before, old, capsys)
    monkeypatch.chdir(old.rename(tmp_path / "moved"))
    check_all_is_there(old, capsys)
