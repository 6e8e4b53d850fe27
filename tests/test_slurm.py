"""Hydra's launcher for Slurm, with submitit's executor for this machine in Slurm's place."""

import os
import subprocess
import sys

import pytest

from nnbench import load_runs

pytest.importorskip("hydra_plugins.hydra_submitit_launcher", reason="submitit is not installed")


@pytest.mark.slow
def test_each_job_trains_and_tracks_its_own_seeds(here):
    words = ["-m", "hydra/launcher=submitit_local", "depth=0,1", "dataset=iris", "epochs=2"]
    done = subprocess.run(
        [sys.executable, "-m", "nnbench", *words, "seeds=3", "report=false", "jobs=1"],
        cwd=here, env={**os.environ, "PYTHONWARNINGS": "ignore"},
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    runs = load_runs("nnbench")
    assert sorted(zip(runs["depth"], runs["seed"], strict=True)) == [
        (depth, seed) for depth in (0, 1) for seed in range(3)
    ]
    assert runs["sweep"].nunique() == 2
