"""A report's runs trained again, in this process."""

import json
import shutil

import pytest

from nnbench.app.reproduction import jobs_of
from nnbench.app.stored_report import read_report
from nnbench.engine import VERSION

WORDS = ["-m", "depth=0,1", "lr=0.01,0.1", "dataset=iris", "epochs=2", "width=4", "seeds=6",
         "seed=5", "compare=depth", "title='Is it deep, or not?'", "experiment=answer"]  # fmt: skip


@pytest.fixture(scope="module")
def answered_once(template_store, tmp_path_factory):
    """A directory whose store is to have what is trained again, and a list of what was."""
    return tmp_path_factory.mktemp("answered")


@pytest.fixture
def answered(here, command, answered_once):
    """A committed report that is no longer where it was written; its runs are trained once more."""
    if not (answered_once / "committed").exists():
        assert command(*WORDS)[0] == 0
        (here / "committed").mkdir()
        (here / "reports" / "answer").rename(here / "committed" / "deep")
        code, output, _ = command("reproduce", "committed/deep")
        assert (code, output.splitlines()[-1]) == (0, "same"), output
        shutil.copytree(here, answered_once, dirs_exist_ok=True)
    shutil.copytree(answered_once, here, dirs_exist_ok=True)
    return here / "committed" / "deep"


def change(report, changes):
    file = report / "report.json"
    data = json.loads(file.read_text("utf-8"))
    changes(data)
    file.write_text(json.dumps(data), "utf-8")


def test_question_and_runs_are_the_reports(answered, here):
    stored, new = (json.loads((folder / "report.json").read_text("utf-8"))
                   for folder in (answered, here / "reports" / "deep_again"))  # fmt: skip

    assert stored["recipe"]["settings"] == new["recipe"]["settings"]
    assert stored["recipe"]["shared"] == new["recipe"]["shared"]
    assert stored["recipe"]["seeds"] == new["recipe"]["seeds"] == list(range(5, 11))
    assert len(stored["recipe"]["settings"]) == 4
    asked = ("compare", "title", "where", "metric", "reference", "equivalence")
    assert [stored["question"][key] for key in asked] == [new["question"][key] for key in asked]
    assert stored["answer"]["headline"] == new["answer"]["headline"]
    # No command that trains other runs begins like this one.
    assert not any("reproduce" in caveat["command"] for caveat in new["answer"]["caveats"])
    assert stored["question"]["experiment"] == "answer"
    assert not (here / "reports" / "answer").exists()


def test_other_values_are_the_same_verdicts(answered, command):
    def change_values(data):
        data["groups"][0]["test"]["by_seed"][2] = 0.125
        data["machines"] = [{"processor": "Zuse Z3", "blas": "", "blas_kernel": "", "runs": 24}]
        data["recipe"]["engine"] = VERSION + 1
        data["recipe"]["settings"][0]["digest"] = "another"

    change(answered, change_values)

    code, output, errors = command("reproduce", "committed/deep")

    *lines, last = output.splitlines()
    assert (code, last, errors) == (0, "same verdicts", "")
    assert f"The report is of engine {VERSION + 1}; engine {VERSION}, which is installed" in output
    assert "The content of iris differs from the report's: another stored, " in output
    assert any("groups: iris, depth=" in line and "0.125 stored" in line for line in lines)
    assert any(line.startswith("Trained on Zuse Z3; now on ") for line in lines)


def test_other_verdicts_differ_and_fail(answered, command):
    def change_verdict(data):
        data["contrasts"][0]["outcome"] = "better <b>\x1b[31m"

    change(answered, change_verdict)

    code, output, _ = command("reproduce", "committed/deep")

    assert (code, output.splitlines()[-1]) == (1, "differs")
    assert "\x1b" not in output


def test_a_report_is_never_written_over(answered, here, command):
    (here / "reports").mkdir(exist_ok=True)
    shutil.copytree(answered, here / "reports" / "mine")

    code, output, errors = command("reproduce", "reports/mine", "experiment=mine")

    assert (code, output) == (1, "")
    assert errors == "nnbench: experiment=mine: would write over the report; name another\n"


def test_a_plan_trains_nothing(answered, here, command):
    code, output, errors = command("reproduce", "committed/deep", "plan=true", "experiment=new")

    assert (code, errors) == (0, "")
    assert "24 runs" in output
    assert not (here / "reports" / "new").exists()


def test_uneven_seeds_are_jobs_of_their_own(answered):
    def take_seeds(data):
        recipe = data["recipe"]
        for settings, seeds in zip(recipe["settings"], ([1], [1, 4], [2], [3]), strict=True):
            settings["seeds"] = seeds
        recipe["seeds"] = []

    change(answered, take_seeds)

    jobs = jobs_of(read_report(answered), ["experiment=x"])

    assert [list(job.seeds) for job in jobs] == [[1], [1], [4], [2], [3]]
    assert {job.sweep.seeds for job in jobs} == {1}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["nowhere"], "reproduce=nowhere: no such folder"),
        (["a", "b"], "reproduce a b: must name one folder"),
        (["x", "depth=3"], "depth=3: the report decides it; reproduce takes tracking, "),
        (["x", "seeds=3"], "seeds=3: the report decides it"),
        (["x", "hydra.run.dir=y"], "hydra.run.dir=y: the report decides it"),
        (["x", "jobs=0"], "jobs=0: must be"),
        ([], "reproduce=reports: has no report"),
    ],
)
def test_mistakes_are_told_in_one_line(words, expected, call):
    code, output, errors = call("reproduce", *words)

    assert (code, output) == (1, "")
    assert errors.startswith(f"nnbench: {expected}")
    assert len(errors.splitlines()) == 1


def test_without_a_folder_reports_are_listed(answered, here, command):
    (here / "committed").rename(here / "kept")
    shutil.move(here / "kept" / "deep", here / "reports" / "deep")
    (here / "reports" / "old").mkdir()
    (here / "reports" / "old" / "report.json").write_text("{}")

    code, output, _ = command("reproduce")

    assert code == 0
    assert "reports/deep: Is it deep, or not? (24 runs, " in output
    assert " on one core)" in output
    assert "reports/old: written by an earlier version or damaged" in output
