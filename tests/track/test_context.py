"""User, source and commit of runs, in MLflow's own tags."""

import getpass
import subprocess

import pytest

from nnbench.track import context
from nnbench.track.tracker import track_sweep
from tests.track.made import DATA, by_requests, made_result


@pytest.fixture
def fresh():
    context.context_tags.cache_clear()
    yield
    context.context_tags.cache_clear()


@pytest.mark.parametrize("way", ["rows", "requests"])
def test_runs_have_user_and_source(store, way):
    if way == "requests":
        by_requests(store)
    with track_sweep(store, "trial", {}, "") as tracker:
        run_id = tracker.log(made_result(), "key", DATA)
    for run in map(store.client.get_run, (run_id, tracker.sweep_id)):
        assert run.data.tags["mlflow.user"] == getpass.getuser() == run.info.user_id
        assert run.data.tags["mlflow.source.name"] == "nnbench"
        assert run.data.tags["mlflow.source.type"] == "LOCAL"


def repository(directory):
    """A repository with one commit, whose address has a token in it; returns the commit."""
    words = ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "--allow-empty", "-qm", "one"]
    address = ["remote", "add", "origin", "https://secrettoken@example.com/a.git"]
    for command in (["init", "-q"], words, address):
        subprocess.run(["git", *command], cwd=directory, check=True)
    done = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=directory, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize("place", ["script", "directory", "nowhere"])
def test_commit_is_of_script_else_of_directory(fresh, tmp_path, monkeypatch, place):
    other, here = tmp_path / "other", tmp_path / "here"
    other.mkdir()
    here.mkdir()
    (other / "main.py").touch()
    commits = {"directory": repository(here)} if place != "nowhere" else {}
    if place == "script":
        commits["script"] = repository(other)
    monkeypatch.chdir(here)
    monkeypatch.setattr("sys.argv", [str(other / "main.py")])
    tags = context.context_tags()
    assert tags.get("mlflow.source.git.commit") == commits.get(place)
    assert "secrettoken" not in str(tags)


def test_mlflows_own_variable_adds_tags(fresh, monkeypatch):
    monkeypatch.setenv("MLFLOW_RUN_CONTEXT", '{"team": "blue"}')
    assert context.context_tags()["team"] == "blue"
