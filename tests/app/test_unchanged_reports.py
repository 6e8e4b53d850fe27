"""Reports that a sweep with nothing to train leaves as they are, and those that it writes again."""

import shutil

import pytest

from nnbench.app import planning, reporting, unchanged_reports
from nnbench.app.experiment import run_sweep
from nnbench.composition.jobs import compose_job
from nnbench.system.cache import cache_directory
from nnbench.track.store import open_store
from tests.small_sweeps import BARE, OneProcess

WORDS = ["dataset=iris", "epochs=2", "width=4", "seeds=2", "jobs=1", "experiment=kept", *BARE]
PAGE = "reports/kept/index.html"


@pytest.fixture(scope="module")
def once(template_store, tmp_path_factory):
    directory = tmp_path_factory.mktemp("kept")
    shutil.copy(template_store, directory / "mlflow.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(directory)
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        patch.setattr(planning, "LocalPool", OneProcess)
        again()
    return directory


@pytest.fixture
def swept(here, once, one_process, monkeypatch):
    """A directory of the test's own with a sweep and its report; returns the names of writings."""
    shutil.copytree(once, here, dirs_exist_ok=True)
    again()
    writings = []
    write_report = reporting.write_report

    def counted(*words):
        writings.append("report")
        return write_report(*words)

    monkeypatch.setattr(reporting, "write_report", counted)
    return writings


def again(*words):
    jobs = [compose_job([*WORDS, f"depth={depth}", *words]) for depth in (0, 1)]
    run_sweep(jobs, "python -m nnbench -m depth=0,1")


def test_unchanged_report_is_left_alone(swept, here, capsys):
    before = {file: file.stat().st_mtime_ns for file in here.glob("reports/kept/**/*.*")}
    assert len(before) == 4
    again()

    assert swept == []
    assert before == {file: file.stat().st_mtime_ns for file in before}
    lines = capsys.readouterr().out
    assert "The report is up to date" in lines
    assert "Writing the report" not in lines
    assert "Answer:    On iris, " in lines
    assert "inspect " in lines


def remove(file):
    file.unlink()


def change(file):
    file.write_bytes(file.read_bytes() + b" ")


@pytest.mark.parametrize("alter", [remove, change])
def test_altered_file_is_written_again(swept, here, alter):
    names = ["index.html", "README.md", "report.json", "evidence.md"]
    for number, name in enumerate(names, start=1):
        file = here / "reports" / "kept" / name
        written = file.read_bytes()
        alter(file)
        again()

        assert swept == ["report"] * number, name
        assert file.read_bytes() == written


@pytest.mark.parametrize("words", ["equivalence=0.02", "metric=test_loss", "title=Another"])
def test_other_question_is_answered_anew(swept, words):
    again(words)
    again(words)
    again()

    assert swept == ["report", "report"]


def test_new_runs_and_changed_curves_count(swept, here):
    again("seeds=3")
    # The runs of the experiment are the same.
    again()
    assert swept == ["report"]
    curves = next(here.glob("mlartifacts/**/curves.npz"))
    change(curves)
    again()
    assert swept == ["report"] * 2
    curves.unlink()
    again()
    again()
    # Missing curves are told each time.
    assert swept == ["report"] * 4


def test_changed_code_counts(swept, here, monkeypatch):
    names = {file.name for file in unchanged_reports.code_files()}
    assert {"experiment.py", "page.html.j2", "page.js", "config.yaml"} <= names
    module = here / "module.py"
    monkeypatch.setattr(unchanged_reports, "code_files", lambda: [module])
    for text in ("1", "22"):
        module.write_text(text)
        again()
        again()

    assert swept == ["report", "report"]


def test_damaged_record_is_not_used(swept):
    record = unchanged_reports.record_of(reporting.report_directory(compose_job(WORDS).sweep))
    assert record.is_relative_to(cache_directory())
    for content in ("[", '{"inputs": ""}'):
        record.write_text(content)
        again()
    record.unlink()
    again()

    assert swept == ["report"] * 3


def test_unattached_report_is_attached_next_time(swept, monkeypatch, capsys):
    def refuse(*_, **__):
        raise OSError("no room")

    with monkeypatch.context() as patch:
        patch.setattr(reporting, "publish", refuse)
        again("equivalence=0.02")
    assert "Not attached to the sweep: no room" in capsys.readouterr().out
    again("equivalence=0.02")
    again("equivalence=0.02")

    assert swept == ["report", "report"]


def test_report_command_always_writes(swept, here):
    reporting.report_on(open_store(None), compose_job(WORDS).sweep)

    assert swept == ["report"]
