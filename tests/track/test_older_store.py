"""A store that version 0.1.0 wrote with all settings as parameters of each run and one input."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

import nnbench
from nnbench.app.experiment import run_sweep
from nnbench.composition import jobs

OLDER = Path(__file__).with_name("older_store")
"""Rows of its database, its artifacts, and its runs as `load_runs` read them at that time."""


@pytest.fixture
def older(here):
    with sqlite3.connect(here / "mlflow.db") as database:
        database.executescript(
            (OLDER / "rows.sql").read_text(encoding="utf-8").replace("{directory}", str(here))
        )
    database.close()
    shutil.copytree(OLDER / "artifacts", here / "mlartifacts")
    return here


def frozen():
    return json.loads((OLDER / "runs.json").read_text(encoding="utf-8"))


def test_load_runs_reads_the_same_from_it(older):
    runs = nnbench.load_runs("earlier")
    read = json.loads(runs.to_json(orient="records", double_precision=15))
    expected = frozen()
    assert len(expected) == 4
    common = [{key: row.get(key) for key in expected[0]} for row in read]
    assert sorted(common, key=run_id) == sorted(expected, key=run_id)


def run_id(row):
    return row["run_id"]


def test_report_on_it_has_the_same_scores(older, command):
    code, _, errors = command("report", "experiment=earlier")
    assert (code, errors) == (0, "")
    text = (older / "reports" / "earlier" / "report.json").read_text(encoding="utf-8")
    reported = {
        (run, group["value"]["depth"]): score
        for group in json.loads(text)["groups"]
        for run, score in zip(group["run_ids"], group["test"]["by_seed"], strict=True)
    }
    expected = {(row["run_id"], row["depth"]): row["test_accuracy"] for row in frozen()}
    assert reported == pytest.approx(expected)


def test_its_runs_are_not_trained_again(older, one_process, capsys):
    words = ["dataset=iris", "seeds=2", "epochs=2", "width=4", "jobs=1", "report=false"]
    composed = [jobs.compose_job([*words, f"depth={d}", "experiment=earlier"]) for d in (1, 2)]
    run_sweep(composed, "python -m nnbench")
    assert "already finished: 4 of 4 runs" in capsys.readouterr().out
    assert len(nnbench.load_runs("earlier")) == 4
