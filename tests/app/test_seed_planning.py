"""Seeds of previews, and what is said of seeds before anything is trained."""

import pytest

from nnbench.app import seed_planning, terminal
from nnbench.app.experiment import run_sweep
from nnbench.app.seed_planning import QUICK_SECONDS, with_enough_seeds
from nnbench.composition.jobs import compose_job
from nnbench.report import Family
from nnbench.report.compare.measure import Measure
from nnbench.report.metric import Metric
from nnbench.sweep.estimate import Estimate
from nnbench.track.read_runs import read_runs
from nnbench.track.store import open_store
from tests.small_sweeps import BARE

SMALL = ("dataset=iris", "epochs=2", "width=4", "jobs=1")
COMMAND = "python -m nnbench -m depth=0,1,2"


def families(comparisons):
    return [
        Family("iris", Measure(Metric("accuracy"), "test_accuracy"), comparisons, 0, float("nan"))
    ]


def preview(seeds, comparisons, seconds, *words):
    sweep = compose_job(["quick=true", f"seeds={seeds}", *words]).sweep
    estimate = Estimate(1, 1, 1, seconds / 3600, 0.0, 0.0)
    return with_enough_seeds(sweep, families(comparisons), estimate).seeds


@pytest.mark.parametrize(
    ("comparisons", "seconds", "seeds"),
    [(1, 5, 6), (2, 5, 7), (28, 5, 11), (28, QUICK_SECONDS * 6 / 9.5, 9), (28, 100, 6),
     (28, 0, 11)],
)  # fmt: skip
def test_preview_has_needed_seeds_if_they_fit(comparisons, seconds, seeds):
    assert preview(10, comparisons, seconds) == seeds


def test_preview_never_exceeds_typed_seeds():
    assert preview(3, 28, 1) == 3


def test_a_preview_exceeds_no_limit_for_more_seeds():
    # Half a minute: 9.5 of 28 comparisons' 11 seeds, if 6 take 19 seconds.
    assert preview(10, 28, 19, f"limits.hours={30 / 3600}") == 9


@pytest.fixture
def notices(monkeypatch):
    lines = []
    monkeypatch.setattr(terminal, "say", lambda text, **how: lines.append(text))
    return lines


def sweep(*words, depths=(0, 1, 2)):
    jobs = [compose_job([*SMALL, *BARE, *words, f"depth={depth}"]) for depth in depths]
    run_sweep(jobs, COMMAND)


def test_a_preview_trains_the_seeds_that_it_needs(here, one_process, notices):
    sweep("quick=true")

    runs = read_runs(open_store(None), "nnbench_quick")
    assert sorted(runs["seed"].unique()) == list(range(7))
    assert len(runs) == 21
    assert any(line.startswith("With 7 seeds and 2 comparisons, differences") for line in notices)


def test_repeated_preview_has_as_many_seeds(here, one_process, monkeypatch):
    seconds = []

    def record(sweep, families, estimate):
        seconds.append(estimate.hours)
        return with_enough_seeds(sweep, families, estimate)

    monkeypatch.setattr(seed_planning, "with_enough_seeds", record)
    monkeypatch.setattr(seed_planning, "QUICK_SECONDS", 0)
    sweep("quick=true")
    sweep("quick=true")

    assert seconds[0] == seconds[1] > 0
    assert sorted(read_runs(open_store(None), "nnbench_quick")["seed"].unique()) == list(range(6))


def test_preview_without_time_says_what_it_cannot_show(here, notices, monkeypatch):
    monkeypatch.setattr(seed_planning, "QUICK_SECONDS", 0)
    sweep("quick=true", "plan=true")

    assert [line for line in notices if line.startswith("With ")] == [
        "With 6 seeds and 2 comparisons, no difference can be significant, however large (exact "
        f"signed-rank test, Holm). Enough seeds: {COMMAND} seeds=7"
    ]


def test_too_few_seeds_are_reported_before_training(here, one_process, notices):
    sweep("seeds=2")

    assert [line for line in notices if line.endswith(f"{COMMAND} seeds=7")]
    assert len(read_runs(open_store(None), "nnbench")) == 6
    notices.clear()
    # Nothing is trained any more.
    sweep("seeds=2")
    assert not [line for line in notices if line.startswith("With ")]


def test_no_password_of_a_command_is_printed(notices):
    sweep = compose_job(["seeds=2"]).sweep
    seed_planning.show(families(2), sweep, f"{COMMAND} tracking.uri=http://me:secret@host")

    assert len(notices) == 1
    assert "secret" not in notices[0]
    assert "seeds=7" in notices[0]


def test_a_plan_says_what_tracked_runs_let_expect(here, one_process, notices):
    sweep("seeds=6", depths=(0, 1))
    notices.clear()
    sweep("seeds=9", "plan=true", depths=(0, 1))

    (line,) = [line for line in notices if line.startswith("With ")]
    assert "9 seeds and 1 comparison, differences from about" in line
    assert "runs tracked before" in line
