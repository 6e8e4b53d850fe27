"""The composed configurations of jobs, among the artifacts of a sweep's parent run."""

from pathlib import Path

import pytest
import yaml

from nnbench.composition.shared import compose_jobs
from nnbench.track.job_files import as_text
from nnbench.track.store import open_store
from nnbench.track.sweeps import read_sweeps

SHORT = ["dataset=iris", "epochs=1", "seeds=1", "jobs=1", "report=false"]


def configurations(text):
    """Number → words and configuration of each job in a file."""
    values = yaml.safe_load(text)
    return {
        job["number"]: (job["overrides"], {**values["shared"], **job["config"]})
        for job in values["jobs"]
    }


def logged():
    """The names and texts of the files of the only sweep."""
    store = open_store(None)
    (sweep,) = read_sweeps(store, "nnbench")
    folder = Path(store.client.download_artifacts(sweep.run_id, "jobs"))
    return {file.name: file.read_text() for file in folder.iterdir()}


def printed(command, words):
    """The configuration that Hydra prints for words."""
    code, out, err = command(*words, "--cfg", "job")
    assert code == 0, err
    return yaml.safe_load(out)


def test_each_job_is_there_as_composed():
    described = [
        [f"lr={lr}", f"depth={depth}", f"optimizer={optimizer}", "dataset=iris"]
        for lr in (0.001, 0.0123)
        for depth in range(12)
        for optimizer in ("sgd", "adam", "lion")
    ]
    jobs = compose_jobs(described)
    text = as_text(jobs)
    stored = configurations(text)
    assert list(stored) == list(range(72))
    for job, words in zip(jobs, described, strict=True):
        (own,) = compose_jobs([words])
        assert stored[job.number] == (words, dict(own.composed))
    # What all have in common stands there once.
    assert text.count("dtype: float32") == 1
    assert (text.count("name: lion"), text.count("depth: 11")) == (24, 6)


def test_jobs_that_are_equal_differ_in_nothing():
    (job,) = compose_jobs([[]])
    assert configurations(as_text([job])) == {0: ([], dict(job.composed))}


def test_passwords_are_stars():
    address = "tracking.uri=postgresql+psycopg://me:unseen@db.example/runs"
    text = as_text(compose_jobs([[address, "depth=0"], [address, "depth=1"]]))
    assert "unseen" not in text
    assert text.count("postgresql+psycopg://me:***@db.example/runs") == 3


def test_sweep_keeps_jobs_as_hydra_composed_them(here, command):
    words = ["-m", "depth=0,1", "optimizer.beta1=0.9,1", "experiment=null", *SHORT]
    code, _, err = command(*words)
    assert code == 0, err
    files = logged()
    assert list(files) == ["0.yaml"]
    # The second and the fourth are invalid.
    assert {number: job[:2] for number, (job, _) in configurations(files["0.yaml"]).items()} == {
        0: ["depth=0", "optimizer.beta1=0.9"],
        2: ["depth=1", "optimizer.beta1=0.9"],
    }
    for job, config in configurations(files["0.yaml"]).values():
        assert config == printed(command, job)


def test_single_run_keeps_its_job(here, command):
    code, _, err = command("depth=0", *SHORT)
    assert code == 0, err
    ((job, config),) = configurations(logged()["0.yaml"]).values()
    assert job == ["depth=0", *SHORT]
    assert config == printed(command, job)


@pytest.mark.parametrize(
    "words", [["hydra/launcher=basic"], ["hydra/sweeper=basic", "hydra.sweeper.max_batch_size=1"]]
)
def test_each_launch_of_a_sweep_adds_a_file(words, here, command):
    code, _, err = command("-m", *words, "depth=0,1", "hydra.sweep.dir=jobs", *SHORT)
    assert code == 0, err
    files = logged()
    assert sorted(files) == ["0.yaml", "1.yaml"]
    for number in (0, 1):
        ((job, config),) = configurations(files[f"{number}.yaml"]).values()
        assert f"depth={number}" in job
        assert config["depth"] == number
