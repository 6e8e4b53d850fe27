from dataclasses import replace

import pytest

import nnbench
from nnbench.run.errors import ConfigError
from nnbench.track.store import open_store

from .small_sweeps import BARE


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lr": -1}, "^lr=-1: must be a finite number above 0"),
        ({"depth": "three"}, "^depth=three: must be a whole number"),
        ({"optimizer": "adm"}, "^optimizer=adm: must be a component"),
    ],
)
def test_value_set_in_a_program_is_checked_too(change, message):
    config = nnbench.compose(["dataset=iris", "epochs=1"])
    with pytest.raises(ConfigError, match=message):
        nnbench.train(replace(config, **change))


@pytest.fixture
def tracked(command, here):
    assert (
        command("-m", "depth=1,2", "dataset=iris", "epochs=1", "seeds=6", "experiment=depth")[0]
        == 0
    )


def test_program_writes_the_report_of_the_command(tracked, here, capsys):
    report = nnbench.report("depth", ["title=Is it so?", *BARE])

    assert capsys.readouterr() == ("", "")
    assert report.page.samefile(here / "reports" / "depth" / "index.html")
    assert report.answer.headline in report._repr_html_()
    assert "Is it so?" in report.readme.read_text("utf-8")
    (sweep,) = set(nnbench.load_runs("depth")["sweep"])
    assert "Is it so?" in open_store(None).client.get_run(sweep).data.tags["mlflow.note.content"]
    with pytest.raises(ConfigError, match=r"^depth=3: a report never trains"):
        nnbench.report("depth", ["depth=3"])
    with pytest.raises(ConfigError, match=r"^experiment=nope: no such experiment"):
        nnbench.report("nope")


def test_program_is_told_of_an_unattached_report(tracked, monkeypatch, capsys):
    monkeypatch.setattr("nnbench.app.reporting.publish_report", lambda *_: "disk full")

    nnbench.report("depth", BARE)

    assert capsys.readouterr().out == "Not attached to the sweep: disk full\n"
