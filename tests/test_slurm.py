"""Hydra's launcher for Slurm, with submitit's executor for this machine in Slurm's place."""

import os
import subprocess
import sys

import pytest

from nnbench import load_runs
from nnbench.track.store import open_store
from nnbench.track.sweeps import read_sweeps

pytest.importorskip("hydra_plugins.hydra_submitit_launcher", reason="submitit is not installed")


@pytest.mark.slow
def test_jobs_track_their_own_seeds_in_one_sweep(here):
    words = ["-m", "hydra/launcher=submitit_local", "depth=0,1", "dataset=iris", "epochs=2"]
    done = subprocess.run(
        [sys.executable, "-m", "nnbench", *words, "seeds=3", "jobs=1", "hydra.sweep.dir=jobs"],
        cwd=here, env={**os.environ, "PYTHONWARNINGS": "ignore"},
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    runs = load_runs("nnbench")
    assert sorted(zip(runs["depth"], runs["seed"], strict=True)) == [
        (depth, seed) for depth in (0, 1) for seed in range(3)
    ]
    assert runs["sweep"].nunique() == 1
    assert len(read_sweeps(open_store(None), "nnbench")) == 1
    assert done.stdout.count("Report: ") == 1
