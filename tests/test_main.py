"""The command line: what is printed, written and returned."""

import os
import shlex
import subprocess
import sys

import pytest

from tests.phase_lines import without_phases
from tests.small_sweeps import BARE

SMALL = ["dataset=iris", "epochs=2", "width=4", "seeds=2", "jobs=1"]


def nnbench(*words, cwd, **environment):
    """Run the command line; returns exit code, output and errors."""
    environment = {**os.environ, "COLUMNS": "120", "PYTHONWARNINGS": "ignore", **environment}
    environment.pop("MLFLOW_TRACKING_URI", None)
    done = subprocess.run(
        [sys.executable, "-m", "nnbench", *words],
        cwd=cwd, env=environment, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def test_the_main_job_trains_tracks_and_reports(here, command):
    code, out, err = nnbench("-m", "depth=1,3", *SMALL, cwd=here)
    assert (code, err) == (0, "")
    assert "Training 4 runs …" in out
    assert "reports/nnbench/index.html" in out
    assert "python -m nnbench ui" in out
    assert sorted(os.listdir(here)) == [".mlflow.db.lock", "mlartifacts", "mlflow.db", "reports"]
    readme = (here / "reports" / "nnbench" / "evidence.md").read_text()
    assert "python -m nnbench -m depth=1,3 dataset=iris" in readme

    from nnbench import load_runs

    runs = load_runs("nnbench")
    assert sorted(zip(runs["depth"], runs["seed"], strict=True)) == [(1, 0), (1, 1), (3, 0), (3, 1)]
    assert set(runs["status"]) == {"finished"}

    # The report is among the artifacts of the parent run.
    from nnbench.track.store import open_store

    files = open_store(None).client.list_artifacts(runs["sweep"][0], "report")
    assert "report/index.html" in {file.path for file in files}

    # And can be written again without training.
    code, out, err = command("report", "experiment=nnbench", "compare=width", *BARE)
    assert (code, err) == (0, "")
    assert len(load_runs("nnbench")) == 4


def test_one_run_needs_no_m(here, command):
    code, out, err = command("depth=0", *SMALL, "report=false")
    assert (code, err) == (0, "")
    assert "Training 2 runs …" in out
    assert not (here / "reports").exists()


def test_tracking_can_be_left_out(tmp_path, command, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = command("depth=0", *SMALL, "tracking=none")
    assert (code, err) == (0, "")
    assert os.listdir(tmp_path) == []


def test_named_sweep_needs_no_m_and_yields(here, command):
    words = ["+sweeps=learning_rate_by_depth", "depth=1", "lr=0.01,0.1", *SMALL, "report=false"]
    code, out, err = command(*words)
    assert (code, err) == (0, "")
    assert "Training 4 runs …" in out


def test_a_job_that_fails_fails_alone(here, command):
    (here / "good.csv").write_text("x,y\n" + "1,a\n2,b\n" * 20)
    words = [
        "-m",
        "dataset=csv",
        "dataset.path=good.csv,gone.csv",
        "dataset.target=y",
        *SMALL[1:],
        "report=false",
    ]
    code, out, err = command(*words)
    assert code == 1
    assert err == "nnbench: 2 of 4 runs failed\n"
    assert "2 failed: dataset.path=gone.csv: " in out

    from nnbench import load_runs

    runs = load_runs("nnbench")
    assert sorted(runs["status"]) == ["failed", "failed", "finished", "finished"]


def test_a_cell_that_makes_no_sense_is_skipped(here, command):
    words = ["-m", "dataset=iris,diabetes", "loss=cross_entropy", *SMALL[1:], "report=false"]
    code, out, err = command(*words)
    assert (code, err) == (0, "")
    assert "2 skipped: loss=cross_entropy: is for classification, but diabetes" in out


def test_invalid_values_are_skipped_and_reported(here, command):
    shown = [word for word in BARE if word != "+sections.skipped=null"]
    words = ["-m", "depth=0,-1,abc", "optimizer.beta1=0.9,1", *SMALL, *shown]
    code, out, err = command(*words)
    assert (code, err) == (0, "")
    assert "Training 2 runs …" in out
    assert "4 skipped: depth=-1: must be a whole number, 0 or more" in out
    assert "4 skipped: depth=abc: must be a whole number, 0 or more" in out
    assert "2 skipped: optimizer.beta1=1.0: must be a number from 0 to below 1" in out
    lines = [
        "| depth=-1: must be a whole number, 0 or more | 4 |",
        "| depth=abc: must be a whole number, 0 or more | 4 |",
        "| optimizer.beta1=1.0: must be a number from 0 to below 1 in float32 | 2 |",
    ]
    readme = here / "reports" / "nnbench" / "evidence.md"
    for line in lines:
        assert line in readme.read_text()

    # As well if all others are there already: the first time under a parent run of its own.
    for _ in range(2):
        code, out, err = command("-m", "depth=0", "width=4,0", *SMALL[:2], *SMALL[3:], *shown)
        assert (code, err) == (0, "")
        assert "already finished: 2 of 2 runs" in out
        assert "2 skipped: width=0: must be a whole number, 1 or more" in out
    from nnbench.track.store import open_store

    store = open_store(None)
    (experiment,) = [e for e in store.client.search_experiments() if e.name == "nnbench"]
    skipping = store.client.search_runs([experiment.experiment_id], "tags.`nnbench.skipped` != ''")
    assert [run.info.status for run in skipping] == ["FINISHED", "FINISHED"]

    # And if the report is written again without training.
    readme.unlink()
    code, _, err = command("report", *shown)
    assert (code, err) == (0, "")
    for line in (*lines, "| width=0: must be a whole number, 1 or more | 2 |"):
        assert line in readme.read_text()


def test_skipped_job_counts_all_its_would_be_runs(tmp_path, command, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["-m", "depth=0,-1", "search=3", *SMALL, "tracking=none"]
    code, out, err = command(*words)
    assert (code, err) == (0, "")
    assert "Training 6 runs …" in out
    assert "6 skipped: depth=-1: must be a whole number, 0 or more" in out


def test_diverged_run_is_shown_and_is_no_failure(here, command):
    words = ["optimizer=sgd", "lr=1e9", *SMALL, "report=false"]
    code, out, err = command(*words)
    assert (code, err) == (0, "")
    assert "2 diverged" in out


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (["depth=-1"], 1, "nnbench: depth=-1: must be a whole number, 0 or more"),
        (["-m", "depth=-1,abc"], 1, "nnbench: depth=-1: must be a whole number, 0 or more"),
        (["-m", "depth=1,2", "jobs=0"], 1, "nnbench: jobs=0: must be a whole number, 1 or more"),
        (["-m", "depth=-1,2", "jobs=0"], 1, "nnbench: jobs=0: must be a whole number, 1 or more"),
        (["-m", "optimizer=adam,sgd", "optimizer.beta1=0"], 1, "nnbench: optimizer.beta1=0: sgd"),
        (["-m", "optimizer=adm,sgd"], 1, "nnbench: optimizer=adm: did you mean adam?"),
        (["+sweeps=dept"], 1, "nnbench: +sweeps=dept: did you mean depth?"),
        (["dataset=diabetes", "loss=cross_entropy"], 1, "nnbench: loss=cross_entropy: is for"),
        (["dataset=moons", "dataset.samples=-5"], 1, "nnbench: dataset.samples=-5: must be a"),
        (["-m", "experiment=a,b"], 1, "nnbench: experiment=b: must be the same for all jobs"),
        (["tracking.uri=sqlite:////proc/x.db"], 1, "nnbench: tracking.uri=sqlite:////proc"),
        (["tracking.uri=http://127.0.0.1:1"], 1, "nnbench: tracking.uri=http://127.0.0.1:1: no"),
        (["report", "experiment=none"], 1, "nnbench: tracking.uri=sqlite:///"),
        (["ui"], 1, "nnbench: tracking.uri=sqlite:///"),
        (["inspect", "nope"], 1, "nnbench: tracking.uri=sqlite:///"),
        (["inspect"], 1, "nnbench: inspect: must be followed by the id of one run"),
        (["tracking.model=maybe"], 1, "nnbench: tracking.model=maybe: must be true or false"),
        (["ui", "tracking.ui_port=99999"], 1, "nnbench: tracking.ui_port=99999: must be a whole"),
        (["compare=dept"], 1, "nnbench: compare=dept: did you mean depth?"),
        (["compare=loss.classification"], 1, "nnbench: compare=loss.classification: must be"),
        (["compare=dataset"], 1, "nnbench: compare=dataset: "),
        (["where={dept: 1}"], 1, "nnbench: where.dept=1: did you mean depth?"),
        (["where={depth: 9}"], 1, "nnbench: where.depth=9: no run has it; there are 3"),
        (["compare=depth,lr"], 1, "nnbench: compare=depth,lr: write two keys as a list: compare"),
        (["report", "depth=3"], 1, "nnbench: depth=3: a report never trains; where='{depth: 3}'"),
        (["report", "lr=range(1,5)"], 1, "nnbench: lr=range(1,5): a report never trains; where="),
        (["report", "seeds=3"], 1, "nnbench: seeds=3: a report never trains; where='{seed: [0, 1,"),
        (["report", "depth=1,3"], 1,
         "nnbench: depth=1,3: a report never trains; where='{depth: [1, 3]}'"),
        (["reference=9"], 1, "nnbench: reference=9: must be a value of depth that runs have: 3"),
        (["metric=test_r2"], 1, "nnbench: metric=test_r2: runs on digits have test_acc"),
        (["target=95"], 1, "nnbench: target=95: no run on digits can have it; accuracy is"),
        (["dataset=iris", "test_size=0.01"], 1, "nnbench: test_size=0.01: no valid split of iris"),
        (["optimizer.beta2=0.99999999"], 1, "nnbench: optimizer.beta2=1.0: must be a number from"),
        (["-m", "optimizer=glob(z*)"], 1, "nnbench: optimizer=glob(z*): contains no values"),
        (["tracking.uri=foo://bar"], 1, "nnbench: tracking.uri=foo://bar: must be sqlite:///FILE"),
        (["tracking.uri=1234"], 1, "nnbench: tracking.uri=1234: must be sqlite:///FILE"),
        (["tracking.uri=sqlite://"], 1, "nnbench: tracking.uri=sqlite://: must be sqlite:///FILE"),
        (["repot"], 2, "nnbench: unknown command: repot; must be one of data, "),
    ],
)  # fmt: skip
def test_bad_input_is_one_line_without_leftovers(words, code, line, call):
    exit_code, out, err = call(*words)
    assert exit_code == code
    assert err.startswith(line)
    assert err.count("\n") == 1
    assert without_phases(out) == ""


def test_a_process_of_its_own_says_the_same(tmp_path):
    exit_code, out, err = nnbench("depth=1,2", "lr=${nope}", cwd=tmp_path)
    assert (exit_code, out) == (1, "")
    assert err == "nnbench: depth=1,2: several values need -m, which sweeps over them\n"
    assert os.listdir(tmp_path) == []


def test_help_names_every_command_choice_and_key(tmp_path, command, monkeypatch):
    monkeypatch.chdir(tmp_path)
    from nnbench.commands.help import command_names
    from nnbench.composition.jobs import KEYS

    code, out, err = command("--help")
    assert (code, err) == (0, "")
    for word in (*command_names(), *KEYS, "adam", "digits", "learning_rate"):
        assert word in out
    assert os.listdir(tmp_path) == []


def test_impossible_report_directory_is_refused_before_training(here, command):
    (here / "reports").write_text("a file")
    code, out, err = command("depth=0", *SMALL)
    assert (code, without_phases(out)) == (1, "")
    assert err.startswith("nnbench: report=true: ")


def test_an_experiment_without_runs_has_no_report(here, command):
    code, out, err = command("report", "experiment=Default")
    assert (code, without_phases(out)) == (1, "")
    assert err == "nnbench: experiment=Default: has no runs to report on\n"
    assert "Writing the report" not in out


@pytest.mark.slow
def test_report_can_be_repeated_by_its_command(here, command):
    words = ["-m", "dataset=iris,wine", "optimizer=momentum", "optimizer.momentum=0.5,0.9"]
    code, _, err = command(*words, "experiment='my (first) trial'", *SMALL[1:])
    assert (code, err) == (0, "")
    readme = (here / "reports" / "my (first) trial" / "README.md").read_text()
    shown = readme.rstrip().rpartition("    ")[2]
    assert "compare=optimizer.momentum" in shown
    python, _, module, *words = shlex.split(shown)
    assert (python, module) == ("python", "nnbench")
    code, _, err = command(*words)
    assert (code, err) == (0, "")
    again = (here / "reports" / "my (first) trial" / "README.md").read_text()
    assert again == readme


def test_help_is_the_same_everywhere(command):
    code, out, _ = command("report", "--help")
    assert code == 0
    assert out == command("--help")[1]


def test_file_blocking_artifacts_is_refused_before_training(here, command):
    (here / "mlartifacts").write_text("mine")
    code, out, err = command("depth=0", *SMALL)
    assert (code, without_phases(out)) == (1, "")
    assert "mlartifacts must be a directory" in err
    assert err.count("\n") == 1
