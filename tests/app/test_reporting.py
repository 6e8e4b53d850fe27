"""Questions of a report, and its pages in MLflow after a real sweep."""

import json
import re
import shutil

import pandas as pd
import pytest

import nnbench
from nnbench.app import planning
from nnbench.app.experiment import run_sweep
from nnbench.app.report_words import words
from nnbench.app.reporting import compared, publish_report, report_on, usual_keys
from nnbench.commands import report
from nnbench.composition.jobs import compose_job
from nnbench.options.overrides import as_word
from nnbench.run.errors import ConfigError, RunsFailedError
from nnbench.track.files import local_path
from nnbench.track.shared_view import TAG
from nnbench.track.store import open_store
from nnbench.track.sweeps import TrackedSweep, read_sweeps
from tests.local_texts import local_texts
from tests.manuals import ROOT
from tests.report.runs import run, table
from tests.small_sweeps import BARE, OneProcess

WORDS = ["dataset=iris", "epochs=2", "width=4", "seeds=2", "jobs=1", "experiment=trial_1"]

pytestmark = pytest.mark.usefixtures("one_process")


@pytest.fixture(scope="module")
def swept_once(template_store, tmp_path_factory):
    """A directory with one sweep over two depths in its store, and the sweep's settings."""
    directory = tmp_path_factory.mktemp("swept")
    shutil.copy(template_store, directory / "mlflow.db")
    jobs = [compose_job([*WORDS, f"depth={depth}"]) for depth in (0, 1)]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(directory)
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        patch.setattr(planning, "LocalPool", OneProcess)
        run_sweep(jobs, "python -m nnbench -m depth=0,1 <b>")
    return directory, jobs[0].sweep


@pytest.fixture
def swept(here, swept_once):
    """A store with the sweep, which is the test's own, and the sweep's settings."""
    directory, sweep = swept_once
    shutil.copytree(directory, here, dirs_exist_ok=True)
    return open_store(None), sweep


def parent(store):
    sweep = read_sweeps(store, "trial_1")[-1]
    return store.client.get_run(sweep.run_id)


def test_sweep_shows_its_report_with_its_parent_run(swept):
    store, _ = swept
    run = parent(store)
    directory = local_path(run.info.artifact_uri) / "report"
    assert (directory / "index.html").exists()
    text = run.data.tags["mlflow.note.content"]
    assert "\n\nWhat is depth worth? Experiment trial\\_1, 4 runs:\n\n- " in text
    link = f"#/experiments/{run.info.experiment_id}/runs/{run.info.run_id}/artifacts/report/"
    headline, second, *_ = text.split("\n\n")
    assert headline.startswith("**On iris, ")
    assert second == f"[The whole report]({link}index.html?workflowType=machine_learning)"
    assert run.data.metrics["iris/diverged_or_failed_share/depth_0"] == 0
    assert 0 <= run.data.metrics["iris/mean_test_accuracy/depth_1"] <= 1
    assert run.data.tags["nnbench.varied"] == "depth"
    view = json.loads(store.client.get_experiment(run.info.experiment_id).tags[TAG])
    assert view["selectedColumns"][:2] == ["params.`depth`", "params.`seed`"]
    assert run.data.tags["nnbench.best_setting"].startswith("depth=")
    assert 0.3 < run.data.metrics["best_validation_accuracy"] <= 1
    assert not any(" " in name for name in run.data.metrics)
    assert run.data.metrics["runs_finished"] == 4


@pytest.mark.usefixtures("swept")
def test_a_report_knows_where_its_runs_come_from(here):
    data = json.loads((here / "reports" / "trial_1" / "report.json").read_text())
    runs = nnbench.load_runs("trial_1")
    assert {row["run_id"] for row in data["tables"]["runs"]} == set(runs["run_id"])
    assert {row["digest"] for row in data["tables"]["data"]} == set(runs["digest"])
    (versions,) = data["question"]["versions"].values()
    assert {"nnbench", "engine", "python", "numpy", "scipy"} == set(versions)
    # 105 examples for training are 4 batches: two epochs are 8 steps.
    assert {row["epochs"] for row in data["tables"]["cost"]} == {2}


@pytest.mark.usefixtures("swept")
def test_written_reports_name_nothing_local(here):
    assert report.run(["experiment=trial_1", f"tracking.uri=sqlite:///{here}/mlflow.db"]) == 0

    assert list(local_texts(here / "reports")) == []
    data = json.loads((here / "reports" / "trial_1" / "report.json").read_text("utf-8"))
    assert data["question"]["report_command"].endswith(" tracking.uri=sqlite:///mlflow.db")
    (here / "reports" / "notes.md").write_text(f"[here]({here.as_uri()})")
    assert [name for name, _ in local_texts(here / "reports")] == ["notes.md"]


@pytest.mark.usefixtures("swept")
def test_other_questions_stand_beside_or_replace_aloud(here, capsys):
    def title(folder):
        return json.loads((here / "reports" / folder / "report.json").read_text())["question"]

    words = ["experiment=trial_1", "compare=depth", *BARE]
    assert report.run([*words, "where={depth: [0]}", "name=linear"]) == 0
    assert "until now" not in capsys.readouterr().out
    assert (title("linear")["where"], title("trial_1")["where"]) == ({"depth": [0]}, {})
    assert " name=linear " in title("linear")["report_command"]
    assert report.run([*words, "metric=test_loss"]) == 0
    line = "reports/trial_1 answered another question (compare=[depth]) until now; name=NAME"
    assert line in capsys.readouterr().out
    assert report.run([*words, "metric=test_loss"]) == 0
    assert "until now" not in capsys.readouterr().out


@pytest.mark.usefixtures("swept")
def test_reports_of_other_experiments_are_never_replaced(here):
    other = here / "reports" / "other" / "report.json"
    other.parent.mkdir(parents=True)
    other.write_text('{"question": {"experiment": "another"}}')

    with pytest.raises(ConfigError, match="is the report of experiment another"):
        report.run(["experiment=trial_1", "name=other", *BARE])
    with pytest.raises(ConfigError, match="is the report of experiment another"):
        run_sweep([compose_job([*WORDS, "experiment=new", "name=other"])], "python -m nnbench")

    assert other.read_text() == '{"question": {"experiment": "another"}}'
    assert "new" not in [e.name for e in open_store(None).client.search_experiments()]


def test_committed_reports_name_nothing_local():
    reports = [ROOT / "reports" / sweep.stem for sweep in (ROOT / "sweeps").glob("*.yaml")]
    assert sum(directory.is_dir() for directory in reports) >= 9
    assert [text for directory in reports for text in local_texts(directory)] == []


def test_committed_pages_share_the_script_of_charts():
    cards = (ROOT / "reports" / "index.html").read_text("utf-8")
    pages = re.findall(r'href="(\w+/index\.html)"', cards)  # a checkout may hold reports of its own
    assert len(pages) == cards.count('class="card"') >= 9
    for page in pages:
        assert "../assets/charts.js" in (ROOT / "reports" / page).read_text("utf-8")


def test_stored_titles_are_recalled_for_their_question(here):
    words = [*WORDS, "seeds=1", "compare=depth", "report=false"]
    jobs = [compose_job([*words, "title='Deep, or not?'", f"depth={depth}", f"lr={lr}"])
            for depth in (0, 1) for lr in (0.1, 0.2)]  # fmt: skip
    run_sweep(jobs, "python -m nnbench")

    def title(*words):
        assert report.run(["experiment=trial_1", *BARE, *words]) == 0
        data = json.loads((here / "reports" / "trial_1" / "report.json").read_text())
        return data["question"]["title"]

    assert title() == "Deep, or not?"
    assert title("compare=depth", "where={lr: 0.1}") == "Deep, or not?"
    assert title("title=Anew?") == "Anew?"
    assert title("compare=lr") == "Which learning rate is best?"
    assert title("metric=test_loss") == "What is depth worth?"


def test_report_by_hand_is_shown_with_newest_sweep(swept, here):
    store, _ = swept
    run_sweep([compose_job([*WORDS, "depth=2", "report=false"])], "newest")
    assert "mlflow.note.content" not in parent(store).data.tags

    assert report.run(["experiment=trial_1", "compare=depth", "where={depth: [0, 2]}"]) == 0

    run = parent(store)
    assert run.data.tags["mlflow.note.content"].count("What is depth worth?") == 1
    assert "iris/diverged_or_failed_share/depth_2" in run.data.metrics
    assert (local_path(run.info.artifact_uri) / "report" / "report.json").exists()


def test_a_report_asks_what_the_newest_sweep_asked(here):
    words = [*WORDS, "seeds=1", "compare=lr", "report=false"]
    jobs = [compose_job([*words, f"depth={depth}"]) for depth in (0, 1)]
    run_sweep(jobs, "python -m nnbench -m depth=0,1 compare=lr")

    assert report.run(["experiment=trial_1", *BARE]) == 0

    data = json.loads((here / "reports" / "trial_1" / "report.json").read_text())
    assert data["question"]["compare"] == ["lr"]


def test_sweep_compares_keys_that_its_own_runs_vary(here):
    """Two of three rates were tracked, and the new one was trained at two depths before."""

    def swept(*changes):
        jobs = [compose_job([*WORDS, *BARE, "seeds=1", *change.split()]) for change in changes]
        run_sweep(jobs, "python -m nnbench")
        data = json.loads((here / "reports" / "trial_1" / "report.json").read_text())
        return data["question"]["compare"]

    assert swept("lr=0.1", "lr=0.2") == ["lr"]
    assert swept("depth=0 lr=0.3", "depth=1 lr=0.3") == ["depth"]
    assert swept("lr=0.1", "lr=0.2", "lr=0.4") == ["lr"]
    # All are tracked, so that nothing is trained, nor is there a new sweep.
    assert swept("depth=0 lr=0.3", "depth=1 lr=0.3") == ["depth"]
    # One run is about what the newest sweep was, and so is a report by hand.
    assert swept("lr=0.5") == ["lr"]
    assert report.run(["experiment=trial_1", *BARE]) == 0
    data = json.loads((here / "reports" / "trial_1" / "report.json").read_text())
    assert data["question"]["compare"] == ["lr"]


@pytest.mark.parametrize(
    ("sweeps", "keys"),
    [
        ([("lr",), ("width",)], ("width",)),
        # Runs have no such key any more, or never had.
        ([("lr",), ("dataset.noise",)], ("lr",)),
        # The newest was tracked before that was named: it is what its runs differ in.
        ([("width",), ()], ("lr",)),
        ([], ("depth",)),
    ],
)
def test_what_an_experiment_is_about(sweeps, keys):
    rows = [run(s, lr=lr, width=8 * number, sweep=str(number)) for s in (0, 1) for lr in (0.1, 0.2)
            for number in range(len(sweeps) or 1)]  # fmt: skip
    tracked = [TrackedSweep(str(i), "", {}, compare) for i, compare in enumerate(sweeps)]

    assert usual_keys(table(*rows), tracked) == keys
    assert usual_keys(pd.DataFrame(), tracked) == ("depth",)


def test_widths_solved_for_a_size_are_not_compared(here):
    words = [word for word in [*WORDS, *BARE] if not word.startswith("width=")]
    jobs = [compose_job([*words, "seeds=1", f"params={size}"]) for size in (100, 200)]
    run_sweep(jobs, "python -m nnbench")

    data = json.loads((here / "reports" / "trial_1" / "report.json").read_text())
    assert data["question"]["compare"] == ["params"]


def test_key_of_tracked_runs_only_is_comparable(here):
    noisy = [*WORDS, "dataset=moons", "report=false"]
    jobs = [compose_job([*noisy, f"dataset.noise={noise}"]) for noise in (0.1, 0.3)]
    run_sweep(jobs, "python -m nnbench")

    run_sweep([compose_job([*WORDS, "compare=dataset.noise"])], "python -m nnbench")


@pytest.mark.parametrize("asked", ["where={depth: 7}", "reference=7"])
def test_absent_value_is_refused_if_reported(here, asked):
    words = [*WORDS, "seeds=1", asked]
    with pytest.raises(ConfigError, match=r"7: .*(no run has it|runs have)"):
        run_sweep([compose_job(words)], "refused")

    run_sweep([compose_job([*words, "report=false"])], "python -m nnbench")


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        ("reference=7", "reference=7: must be a value of depth that runs have: 0, 1"),
        ("metric=test_r2", "metric=test_r2: runs on iris have test_accuracy, test_loss"),
        ("target=2", "target=2: no run on iris can have it; accuracy is from 0 to 1"),
        ("metric=steps_to_target", "target=null: metric=steps_to_target needs a number"),
    ],
)
@pytest.mark.usefixtures("swept")
def test_question_that_runs_lack_is_refused_unwritten(asked, allowed, capsys):
    with pytest.raises(ConfigError) as raised:
        report.run(["experiment=trial_1", asked])
    assert str(raised.value).startswith(allowed)
    assert "Writing" not in "".join(capsys.readouterr())


def test_question_may_concern_data_that_fail_to_load(here):
    jobs = [compose_job([*WORDS, "where={dataset.path: none.csv}", *words]) for words in
            ([], ["dataset=csv", "dataset.path=none.csv", "dataset.target=y"])]  # fmt: skip

    with pytest.raises(RunsFailedError, match="2 of 4 runs failed"):
        run_sweep(jobs, "python -m nnbench")


def test_question_may_concern_runs_of_earlier_sweeps(swept):
    """Depth 0 is tracked already, whatever is trained again; depth 7 is nowhere."""
    store, _ = swept
    for asked in (["reference=0"], ["where={depth: [0, 2]}", "resume=false"]):
        job = compose_job([*WORDS, *BARE, "depth=2", "compare=depth", *asked])
        run_sweep([job], "newer")
    before = len(nnbench.load_runs("trial_1"))

    with pytest.raises(ConfigError, match=r"^reference=7: .* runs have: 0, 1, 2, 5$"):
        run_sweep([compose_job([*WORDS, "depth=5", "reference=7"])], "refused")

    assert len(nnbench.load_runs("trial_1")) == before
    assert "newer" in read_sweeps(store, "trial_1")[-1].command


def test_a_store_that_takes_no_report_is_said(swept, monkeypatch):
    store, sweep = swept

    def fail(*_, **__):
        raise OSError("no room")

    written = report_on(store, sweep)
    monkeypatch.setattr(type(store.writer), "amend", fail)

    assert publish_report(store, sweep, written) == "no room"
    assert written.page.exists()


ASKED = [
    ["compare=depth"],
    ["compare=[depth,optimizer]", "reference=[3,adam]"],
    ["compare=dataset.noise", "reference=0.5"],
    ["compare=residual", "reference=true"],
    ["compare=lr", "where={dataset: [digits, wine], depth: [1, 3]}"],
    ["compare=lr", "where={dataset.noise: 0.1, patience: null, residual: false}"],
    ["compare=lr", "where={optimizer: 'it''s: x', lr: 1e-05}"],
    ["compare=lr", "metric=test_loss", "budget=params", "target=0.95", "equivalence=0.01"],
    ["compare=lr", "equal_budgets=false", "formats=[svg,latex]", "experiment=a (b), c"],
    ["compare=lr", "title='Is it, or not?'"],
    ["compare=lr", "+sections.curves=null", "+sections.method={place: 1}"],
]


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_a_report_asks_for_itself_again(asked):
    asked = [word.replace("''", "\\'") for word in asked]
    sweep = compose_job([quoted(word) for word in asked]).sweep
    command, *again = words(sweep, compared(sweep))

    assert command == "report"
    repeated = compose_job(again).sweep
    assert repeated == sweep
    # What is usual needs no word.
    assert len(again) == len([word for word in asked if not word.startswith("experiment=")]) + 1


def quoted(word):
    """An experiment's name as Hydra wants it."""
    key, _, value = word.partition("=")
    return f"{key}='{value}'" if key == "experiment" else word


@pytest.mark.parametrize(
    ("compare", "keys"), [(None, ()), ("depth", ("depth",)), (["lr", "depth"], ("lr", "depth"))]
)
def test_what_is_compared(compare, keys):
    sweep = compose_job([f"compare={as_word(compare)}"]).sweep

    assert compared(sweep) == keys
