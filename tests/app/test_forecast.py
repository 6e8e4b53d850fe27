"""Forecasts of sweeps, printed and refused; memory and disk are simulated."""

import os

import pytest

from nnbench.app import forecast, planning
from nnbench.app.experiment import run_sweep
from nnbench.composition.jobs import compose_job
from nnbench.options import catalogue
from nnbench.sweep import estimate
from nnbench.system import limits
from nnbench.system.limits import LimitError

GB = 10**9


@pytest.fixture(autouse=True)
def small_machine(monkeypatch, tmp_path):
    """Two cores, 8 GB of memory and 100 GB of disk, and an empty directory."""
    monkeypatch.setattr(forecast, "usable_cores", lambda: 2)
    monkeypatch.setattr(forecast, "free_memory", lambda: 8 * GB)
    monkeypatch.setattr(limits, "free_memory", lambda: 8 * GB)
    monkeypatch.setattr(forecast, "free_disk", lambda directory: 100 * GB)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def printed(monkeypatch):
    """The lines that are printed."""
    lines = []
    monkeypatch.setattr(
        forecast.CONSOLE, "print", lambda *text, **how: lines.extend(map(str, text))
    )
    return lines


def sweep(*words):
    """Run a sweep of one job in this process."""
    return run_sweep([compose_job(list(words))], "python -m nnbench")


SMALL = ("dataset=iris", "epochs=2", "width=4")

REFUSED = [
    # words, the beginning of the line, and the key that allows it
    (["epochs=1000000000"], "epochs=1000000000: takes about ", "hours"),
    (["depth=100000000"], "depth=100000000: takes about ", "memory"),
    (["depth=100000000", "params=5000"], "depth=100000000: takes about ", "memory"),
    (["depth=100000000", "model=rnn", "dataset=adding"], "depth=100000000: takes", "memory"),
    (["depth=20000000", "residual=true", "norm=batch"], "depth=20000000: takes", "memory"),
    ([f"width={10**18}"], f"width={10**18}: takes about ", "hours"),
    ([f"params={10**18}"], f"params={10**18}: takes about ", "hours"),
    ([f"flops={10**18}"], f"flops={10**18}: takes about ", "hours"),
    (["width=100000", "epochs=1", "seeds=1", "limits.hours=1e9"], "width=100000: takes", "memory"),
    (["model=cnn", f"width={10**18}"], f"width={10**18}: takes about ", "hours"),
    (["seeds=9000", "limits.hours=0.2"], "seeds=9000: takes about ", "hours"),
    (["limits.hours=0.0001"], "limits.hours=0.0001: takes about ", "hours"),
    (["limits.memory=0.001"], "limits.memory=0.001: takes about ", "memory"),
    (["limits.disk=0.001"], "limits.disk=0.001: takes about ", "disk"),
    (["optimizer=shampoo", "width=30000", "limits.hours=1e9"], "width=30000: takes", "memory"),
    (["optimizer=lbfgs", "batch_size=full", "optimizer.history=100000"], "limits.mem", "memory"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "message", "limit"), REFUSED)
def test_excessive_sweep_is_refused_before_anything_is_written(
    small_machine, words, message, limit
):
    with pytest.raises(LimitError) as refused:
        sweep(*words)
    line = str(refused.value)
    assert line.startswith(message)
    assert f"; limits.{limit}=" in line
    assert "\n" not in line
    assert os.listdir(small_machine) == []


@pytest.mark.parametrize(
    "words", [["seeds=9000", "limits.hours=0.2"], *(words for words, *_ in REFUSED[-5:])]
)
def test_the_limit_that_is_offered_is_enough(printed, words):
    for _ in range(4):  # Others may be exceeded as well.
        try:
            sweep(*words, "plan=true")
            lines = [line for line in printed if line.startswith("exceeded")]
            if not lines:
                return
        except LimitError as error:
            lines = [str(error)]
        words = [*words, lines[0].rpartition("; ")[2].split()[0]]
        printed.clear()
    raise AssertionError(words)


def test_a_batch_is_never_larger_than_the_data(printed):
    sweep(*SMALL, f"batch_size={10**18}", "plan=true")
    assert not [line for line in printed if line.startswith("exceeded")]


def test_plan_lists_pending_work_and_does_nothing(small_machine, printed):
    sweep(*SMALL, "seeds=6", "plan=true")
    text = "\n".join(printed)
    assert "Plan: 6 runs to train, in 2 stacks on 2 workers" in text
    assert "time      about " in text
    assert "GB, 8 GB available" in text
    assert f"GB in {small_machine}, 100 GB free" in text
    assert "tracked   0 runs, not trained again" in text
    assert os.listdir(small_machine) == []


def test_plan_says_what_is_tracked_skipped_and_exceeded(here, printed, one_process):
    sweep(*SMALL, "seeds=2", "jobs=1", "report=false")
    before = sorted((path, path.stat().st_mtime_ns) for path in here.rglob("*.db"))
    printed.clear()
    jobs = [
        compose_job([*SMALL, "seeds=3", "plan=true", "limits.hours=0.00001", *more])
        for more in ([], ["optimizer=lbfgs"])
    ]
    run_sweep(jobs, "python -m nnbench")
    text = "\n".join(printed)
    assert "Plan: 1 run to train, in 1 stack on 1 worker" in text
    assert "tracked   2 runs, not trained again" in text
    assert "skipped   3 runs: batch_size=32: must be full with optimizer=lbfgs" in text
    assert "exceeded  limits.hours=1e-05: takes about" in text
    assert printed[-1] == "Without plan=true this sweep is refused: it trains nothing."
    assert sorted((path, path.stat().st_mtime_ns) for path in here.rglob("*.db")) == before


@pytest.mark.parametrize(
    ("words", "workers"),
    [(["jobs=1000"], 1), (["jobs=1000", "seeds=1000"], 2), (["seeds=1"], 1), (["seeds=9"], 2),
     (["jobs=1", "seeds=9"], 1)],
)  # fmt: skip
def test_workers_are_limited_by_cores_and_stacks(monkeypatch, words, workers):
    asked = []
    monkeypatch.setattr(planning, "LocalPool", lambda number: asked.append(number))
    with pytest.raises(AttributeError):  # Nothing can be trained by no pool.
        sweep(*SMALL, "tracking=none", *(words if "seeds" in str(words) else [*words, "seeds=1"]))
    assert asked == [workers]


def test_memory_limits_workers_unless_their_number_is_set(monkeypatch, printed):
    monkeypatch.setattr(forecast, "usable_cores", lambda: 64)
    monkeypatch.setattr(forecast, "free_memory", lambda: GB)
    # Compiled loops, where they are installed, take more.
    monkeypatch.setattr(estimate, "WORKER_BYTES", 200e6)
    sweep(*SMALL, "seeds=64", "plan=true")
    assert " in 64 stacks on 4 workers" in "\n".join(printed)
    with pytest.raises(LimitError, match=r"^jobs=64: takes about 13 GB of memory"):
        sweep(*SMALL, "seeds=64", "jobs=64")


def test_too_large_data_set_stops_the_whole_sweep(small_machine):
    jobs = [
        compose_job(["dataset=moons", f"dataset.samples={size}", "epochs=1"])
        for size in (100, 10**9)
    ]
    with pytest.raises(LimitError, match=r"^dataset\.samples=1000000000: takes"):
        run_sweep(jobs, "python -m nnbench")
    assert os.listdir(small_machine) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", sorted(file.stem for file in (catalogue.ROOT / "sweeps").glob("*.yaml"))
)
def test_named_questions_are_within_the_usual_limits(small_machine, command, name):
    code, out, err = command(f"+sweeps={name}", "plan=true")
    assert (code, err) == (0, "")
    assert "runs to train" in out
    assert "exceeded" not in out
    assert os.listdir(small_machine) == []
