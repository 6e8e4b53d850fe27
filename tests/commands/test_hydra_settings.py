"""Hydra's own settings: each works as its manual says, or as conf/README.md says."""

import logging
import os

import pytest
import yaml

from nnbench import load_runs
from nnbench.options.catalogue import ROOT

SHORT = ["dataset=iris", "depth=0,1", "epochs=1", "seeds=1", "jobs=1", "report=false"]
UNTRACKED = [*SHORT, "tracking=none"]
BASIC = ["-m", "hydra/launcher=basic", "hydra.sweep.dir=jobs", *UNTRACKED]


@pytest.mark.parametrize(
    "word",
    ["hydra.sweep.dir=x", "hydra.sweep.subdir=x", "hydra.run.dir=x", "hydra.output_subdir=.hydra",
     "hydra.job.chdir=false", "hydra/job_logging=default"],
)  # fmt: skip
def test_own_launcher_makes_no_directory(word, here, command):
    before = sorted(os.listdir(here))
    code, out, err = command("-m", word, *UNTRACKED)
    assert (code, err, out.count("Training ")) == (0, "", 1)
    assert sorted(os.listdir(here)) == before


def test_other_launchers_write_as_hydra_does(here, command):
    words = ["hydra.output_subdir=.hydra", "hydra/job_logging=default"]
    code, _, err = command(*BASIC, *words, "hydra.sweep.subdir=job${hydra.job.num}")
    for handler in logging.root.handlers:
        # Hydra leaves the last job's open until the process ends.
        handler.close()
    assert code == 0, err
    jobs = here / "jobs"
    for number in (0, 1):
        folder = jobs / f"job{number}"
        assert sorted(os.listdir(folder)) == [".hydra", "nnbench.log"]
        config = yaml.safe_load((folder / ".hydra" / "config.yaml").read_text())
        assert (config["depth"], config["epochs"]) == (number, 1)
        overrides = yaml.safe_load((folder / ".hydra" / "overrides.yaml").read_text())
        assert f"depth={number}" in overrides


@pytest.mark.parametrize("words", [["depth=0"], SHORT, ["hydra/launcher=basic", *SHORT]])
@pytest.mark.parametrize("value", ["true", "True", "1"])
def test_jobs_never_change_directory(words, value, here, command):
    flags = ["-m"] if len(words) > 1 else []
    before = sorted(os.listdir(here))
    code, out, err = command(*flags, f"hydra.job.chdir={value}", *words)
    assert (code, out) == (1, "")
    assert err == f"nnbench: hydra.job.chdir={value}: nnbench writes into the working directory\n"
    assert sorted(os.listdir(here)) == before


def test_mode_multirun_is_a_sweep(here, command):
    code, out, err = command("hydra.mode=MULTIRUN", *UNTRACKED)
    assert (code, err, out.count("Training ")) == (0, "", 1)


def test_own_primary_file_needs_no_hydra_section(here, command):
    text, _, _ = (ROOT / "conf" / "config.yaml").read_text(encoding="utf-8").partition("\nhydra:\n")
    (here / "own").mkdir()
    (here / "own" / "mine.yaml").write_text(text)
    mine = ["--config-dir=own", "--config-name=mine"]
    code, _, err = command("-m", *mine, "hydra/launcher=basic", "hydra.sweep.dir=jobs", *SHORT)
    assert code == 0, err
    assert err == ""
    runs = load_runs("nnbench")
    assert len(runs) == 2
    assert len(set(runs["sweep"])) == 1


def test_swept_values_of_files_may_exceed_ascii(here, command):
    (here / "sweeps").mkdir()
    (here / "sweeps" / "größe.yaml").write_text(SWEEP, encoding="utf-8")
    code, out, err = command(f"--config-dir={here}", "+sweeps=größe", *UNTRACKED[:1], *SHORT[2:])
    assert (code, err) == (0, "")
    assert "Preparing experiment größe …" in out
    assert len(load_runs("größe")) == 2


SWEEP = """# @package _global_
hydra: {mode: MULTIRUN, sweeper: {params: {depth: "0,1", experiment: größe}}}
"""


@pytest.mark.parametrize(
    ("own", "called"),
    [
        (["hydra.mode=MULTIRUN"], ["multirun_start", "multirun_end"]),
        (
            ["hydra.mode=MULTIRUN", "hydra/launcher=basic", "hydra.sweep.dir=jobs"],
            ["multirun_start", *["job_start", "job_end"] * 2, "multirun_end"],
        ),
    ],
)
def test_callbacks_are_called(own, called, here, command, monkeypatch):
    (here / "my_callback.py").write_text(CALLBACK)
    monkeypatch.syspath_prepend(here)
    callback = "+hydra.callbacks.own._target_=my_callback.Own"
    code, _, err = command(*own, callback, *UNTRACKED)
    assert code == 0, err
    assert (here / "called").read_text().split() == called


CALLBACK = """
from hydra.experimental.callback import Callback

def note(name):
    with open("called", "a") as file:
        file.write(name + "\\n")

class Own(Callback):
    def on_multirun_start(self, config, **kwargs): note("multirun_start")
    def on_multirun_end(self, config, **kwargs): note("multirun_end")
    def on_job_start(self, config, **kwargs): note("job_start")
    def on_job_end(self, config, job_return, **kwargs): note("job_end")
"""


@pytest.mark.parametrize("shown", ["job", "hydra", "all"])
def test_cfg_prints_what_it_names(shown, here, command):
    code, out, err = command("--cfg", shown, "depth=7", "tracking.uri=http://me:unseen@db.example")
    assert (code, err) == (0, "")
    assert "unseen" not in out
    config = yaml.safe_load(out)
    assert ("hydra" in config, "depth" in config) == (shown != "job", shown != "hydra")
    if shown == "all":
        assert config["depth"] == 7
        assert config["hydra"]["overrides"]["task"][0] == "depth=7"


def test_directory_of_own_options(here, command):
    folder = here / "own" / "optimizer"
    folder.mkdir(parents=True)
    (folder / "fast.yaml").write_text("defaults: [adam, _self_]\nname: fast\nlr: 0.0123\n")
    code, out, err = command("--config-dir", "own", "optimizer=fast", "--cfg", "job")
    assert (code, err) == (0, "")
    assert yaml.safe_load(out)["optimizer"]["lr"] == 0.0123
