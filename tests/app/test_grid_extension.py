"""Grids that go on beyond their ends, in real sweeps of this process."""

import re
import signal
from dataclasses import replace

import pytest

from nnbench import load_runs
from nnbench.app import forecast, grid_extension, terminal
from nnbench.app.experiment import run_sweep
from nnbench.app.grid_extension import Extension
from nnbench.assembly import build
from nnbench.composition.jobs import compose_job, expand
from nnbench.run.errors import ConfigError, RunsFailedError
from nnbench.system.interrupt import InterruptedSweepError
from nnbench.system.limits import LimitError
from nnbench.track.tracker import Tracker

WORDS = ["width=4", "epochs=3", "seeds=2", "jobs=1", "report=false", "metric=test_loss"]
"""The loss tells rates apart after few epochs, the accuracy of few rows doesn't."""

LOW = ["dataset=iris", "lr=0.0001,0.0003"]
"""Rates so small that the larger is better by far."""
HIGH = ["dataset=iris", "depth=1,2", "lr=3,9", "epochs=20"]
"""Rates so large that the smaller is better."""

pytestmark = pytest.mark.usefixtures("here", "one_process")


@pytest.fixture
def steps(monkeypatch):
    """Lines on steps that were printed."""
    lines = []

    def note(text, **how):
        if re.search("is tried too|aren't tried", text):
            lines.append(text)

    monkeypatch.setattr(terminal, "say", note)
    return lines


def sweep(*words):
    """Run a sweep over all values of the words; returns the number of runs that it logged."""
    before = tracked()
    run_sweep([compose_job(job) for job in expand([*WORDS, *words])], "python -m nnbench -m")
    return tracked() - before


def tracked():
    """Number of tracked runs."""
    try:
        return len(load_runs("nnbench"))
    except ConfigError:
        return 0


def tried(key="lr", **where):
    """The values of a key that runs have."""
    runs = load_runs("nnbench")
    for name, value in where.items():
        runs = runs[runs[name] == value]
    return sorted(runs[key].unique())


def test_grid_extends_upwards_until_its_steps_are_used(steps):
    assert sweep(*LOW, "depth=0,1", "extend=2") == 8 + 2 * 4

    assert tried(depth=0) == tried(depth=1) == [0.0001, 0.0003, 0.0009, 0.0027]
    first, second = steps
    values = "depth 0, depth 1|depth 0|depth 1"
    line = rf"On iris the best learning rate of ({values}) may lie above the largest, "
    assert re.fullmatch(line + re.escape("0.0003: 0.0009 is tried too (4 runs)"), first), first
    assert re.fullmatch(line + re.escape("0.0009: 0.0027 is tried too (4 runs)"), second), second


def test_grid_goes_on_downwards_until_best_lies_within(steps):
    assert sweep(*HIGH, "extend=10") < 8 + 10 * 4

    rates = tried()
    assert rates[-3:] == [1, 3, 9]
    assert tried(depth=1) == tried(depth=2) == rates
    assert "may lie below the smallest, 3: 1 is tried too (4 runs)" in steps[0]
    assert len(steps) == len(rates) - 2


def test_nothing_is_tried_below_one_layer(monkeypatch, steps):
    def lowest(runs, key, measure, chance):
        return [(-1, min(dict(setting)[key] for setting in runs))]

    monkeypatch.setattr(grid_extension, "open_ends_of", lowest)
    words = ("dataset=iris", "activation=relu,tanh", "compare=activation", "extend=1")
    assert sweep(*words, "depth=1,2", "lr=0.01,0.03") == 16 + 8

    assert tried("depth") == [1, 2]
    assert [re.search("the best (.*) of", line)[1] for line in steps] == ["learning rate"]


def test_only_data_sets_with_a_best_end_extend(steps):
    words = ["lr=0.0001,0.0003", "dataset=iris,wine", "depth=0,1", "extend=1"]
    with pytest.MonkeyPatch.context() as patch:
        open_ends_of = grid_extension.open_ends_of
        seen = []

        def ends_of(runs, key, measure, chance):
            data = {value for setting in runs for name, value in setting if name == "dataset"}
            seen.append(data)
            return open_ends_of(runs, key, measure, chance) if data == {"iris"} else []

        patch.setattr(grid_extension, "open_ends_of", ends_of)
        assert sweep(*words) == 16 + 4

    assert seen.count({"wine"}) == 2
    assert tried(dataset="iris") == [0.0001, 0.0003, 0.0009]
    assert tried(dataset="wine") == [0.0001, 0.0003]


def test_grid_extended_by_time_needs_target():
    words = [word for word in WORDS if not word.startswith("metric=")]
    words += [*LOW, "depth=0,1", "metric=steps_to_target"]
    jobs = [compose_job(job) for job in expand([*words, "extend=1"])]
    with pytest.raises(ConfigError, match=r"target=null: metric=steps_to_target needs a number"):
        run_sweep(jobs, "python -m nnbench -m")
    assert tracked() == 0


def test_without_steps_a_grid_stays_as_typed(steps):
    assert sweep(*LOW, "depth=0,1") == 8
    assert sweep(*LOW, "depth=0,1", "extend=null") == 0
    assert steps == []


def test_repeated_command_trains_only_what_more_steps_add(steps):
    words = [*LOW, "depth=0,1"]
    assert sweep(*words, "extend=1") == 12
    del steps[:]
    assert sweep(*words, "extend=1") == 0
    assert steps == []
    assert sweep(*words, "extend=3") == 8
    assert tried() == [0.0001, 0.0003, 0.0009, 0.0027, 0.0081]


@pytest.mark.parametrize("logged", [3, 8, 10, 12, 15])
def test_kill_at_any_moment_changes_no_step(monkeypatch, logged):
    """A kill before, between and within steps, of 8 runs as typed and twice 4 more."""
    words = [*LOW, "depth=0,1", "extend=2"]
    log, count = Tracker.log, 0

    def log_or_die(self, *arguments):
        nonlocal count
        if count == logged:
            raise KeyboardInterrupt
        count += 1
        return log(self, *arguments)

    monkeypatch.setattr(Tracker, "log", log_or_die)
    with pytest.raises(KeyboardInterrupt):
        sweep(*words)
    monkeypatch.setattr(Tracker, "log", log)
    assert tracked() == logged

    assert sweep(*words) == 16 - logged
    assert tried(depth=0) == tried(depth=1) == [0.0001, 0.0003, 0.0009, 0.0027]


def test_signal_ends_a_sweep_before_its_next_step(monkeypatch):
    words = [*LOW, "depth=0,1", "extend=1"]
    due = Extension.due
    monkeypatch.setattr(Extension, "due", lambda *_: signal.raise_signal(signal.SIGINT))
    with pytest.raises(InterruptedSweepError):
        sweep(*words)
    assert tracked() == 8
    monkeypatch.setattr(Extension, "due", due)

    assert sweep(*words) == 4


def test_runs_that_are_not_tracked_decide_as_well(monkeypatch, steps):
    trained = []
    add = Extension.add
    monkeypatch.setattr(
        Extension, "add", lambda self, *run: (trained.append(run[0].lr), add(self, *run))
    )
    sweep(*LOW, "depth=0,1", "extend=1", "tracking=none")

    assert sorted(set(trained)) == [0.0001, 0.0003, 0.0009]
    assert len(trained) == 12


def test_diverged_and_failed_runs_count_at_chance_level(monkeypatch, steps):
    """The largest typed rate is the best, and all runs at the one beyond it fail."""
    stack = build.stack

    def stack_or_fail(configs, data):
        if max(config.lr for config in configs) > 0.0005:
            raise FloatingPointError("broken")
        return stack(configs, data)

    monkeypatch.setattr(build, "stack", stack_or_fail)
    with pytest.raises(RunsFailedError, match=r"^4 of 12 runs failed"):
        sweep(*LOW, "depth=1,2", "extend=3")

    assert tried() == [0.0001, 0.0003, 0.0009]
    assert len(steps) == 1


def test_settings_that_are_skipped_are_counted_once(steps):
    words = [*LOW, "depth=0,1", "optimizer=adam,lbfgs", "extend=1"]
    assert sweep(*words) == 8 + 4

    assert tried() == [0.0001, 0.0003, 0.0009]


def test_limit_forbids_step_and_not_what_was_typed(monkeypatch, steps):
    words = [*LOW, "depth=0,1", "extend=3"]
    excess = forecast.excess
    monkeypatch.setattr(
        forecast, "excess",
        lambda estimate, todo, sweep: excess(
            replace(estimate, hours=48.0 if todo.runs == 4 else 1.0), todo, sweep
        ),
    )  # fmt: skip
    assert sweep(*words) == 8
    assert "since that would exceed a limit: limits.hours=24: takes about 48" in steps[1]


def test_steps_count_among_the_runs_that_are_allowed(steps):
    # Eight as typed, and four each step: the second would make 16.
    assert sweep(*LOW, "depth=0,1", "extend=3", "limits.runs=15") == 12
    assert "extend=3: makes 16 runs, and the limit is 15" in steps[-1]


def test_unplannable_step_leaves_typed_runs(monkeypatch, steps):
    """Networks may become too deep to build."""
    plan_of = grid_extension.plan_of

    def refuse(jobs, sweep, earlier):
        plan_of(jobs, sweep, earlier)
        raise LimitError("lr", 0.0009, "memory", 9.0, 8.0)

    monkeypatch.setattr(grid_extension, "plan_of", refuse)
    assert sweep(*LOW, "depth=0,1", "extend=3") == 8
    assert "since that would exceed a limit: lr=0.0009: takes about 9 GB" in steps[0]
    assert sweep(*LOW, "depth=0,1", "extend=3", "plan=true") == 0


def test_plan_gives_an_upper_bound_of_added_runs(monkeypatch, steps):
    lines = []
    monkeypatch.setattr(forecast.CONSOLE, "print", lambda text, **how: lines.append(text))
    words = [*LOW, "depth=0,1", "extend=2", "plan=true"]

    def extend():
        return [line for line in lines if line.startswith("extend")]

    assert sweep(*words) == 0
    # Two steps in either direction, of four runs each.
    assert extend()[0].startswith(
        "extend    up to 16 more runs where a best setting lies at an end of its range: about "
    )
    monkeypatch.setattr(forecast.CONSOLE, "print", lambda *text, **how: None)
    sweep(*words[:-1])
    monkeypatch.setattr(forecast.CONSOLE, "print", lambda text, **how: lines.append(text))
    del lines[:]
    sweep(*words)
    assert lines[0].startswith("Plan: 0 runs")
    assert extend() == []
