import re
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

import nnbench
from nnbench.assembly import build
from nnbench.run.config import Component
from nnbench.sweep import execute as room
from nnbench.sweep.execute import Work, begin, execute
from nnbench.sweep.plan import plan
from nnbench.sweep.pool import LocalPool
from nnbench.system.machine import machine
from nnbench.training.progress import Progress


def small(*words):
    return nnbench.compose_all(["dataset=iris", "epochs=2", "width=4", *words])


def alone(configs):
    """Settings with one seed each."""
    return [(config, [config.seed]) for config in configs]


def executed(work, jobs=1, **how):
    """Results by seed."""
    parts = execute(begin(work, LocalPool(jobs)), **how)
    return {result.config.seed: result for finished in parts for result in finished}


def test_workers_give_what_training_alone_gives():
    configs = small("seeds=4")
    configs += small("seed=4", "seeds=1", "optimizer=sgd", "lr=1e9")
    by_seed = executed(plan(alone(configs), 2).work, 2)
    assert sorted(by_seed) == [0, 1, 2, 3, 4]
    for seed, status in ((3, "finished"), (4, "diverged")):
        there, lonely = by_seed[seed], nnbench.train(configs[seed])
        assert there.status == lonely.status == status
        assert (there.reason, there.layer) == (lonely.reason, lonely.layer)
        np.testing.assert_equal(there.final, lonely.final)
        assert there.machine == lonely.machine == machine()
        for name, curve in lonely.history.curves.items():
            np.testing.assert_array_equal(there.history.curves[name], curve)


class Raising:
    """Optimizer that makes no step."""

    def init(self, params):
        return ()

    def step(self, params, state, rate, t):
        raise RuntimeError("no\nstep")


class Rebinding(Raising):
    """Optimizer that leaves the layers with the old parameters."""

    def step(self, params, state, rate, t):
        params.values = params.values - rate * params.grads


def test_failing_stacks_name_reasons_and_others_continue():
    configs = small("seeds=2", "loss=mse")
    data = build.dataset(configs[0].dataset)
    # Splitting such data is impossible: a class with one row has none for two of the sets.
    lonely = type(data)(data.name, data.task, data.x, np.where(np.arange(150) == 0, 1, 0), 2)
    wrong = [
        Work(small(f"seed={seed}", "seeds=1", "loss=mse", f"optimizer._target_={target}"), data)
        for seed, target in ((2, f"{__name__}.Raising"), (3, f"{__name__}.Rebinding"))
    ]
    results = executed([Work(configs[:1], lonely), *wrong, Work(configs[1:], data)])
    reasons = {
        0: r"ValueError: .*",
        2: r"RuntimeError: no step \(test_execute\.py:\d+\)",
        3: r"TypeError: params\.values must be changed in place, .*",
    }
    for seed, reason in reasons.items():
        assert results[seed].status == "failed"
        assert re.fullmatch(reason, results[seed].reason)
    assert results[1].status == "finished"


def with_killer(times, marks):
    """Stacks of two runs each, the middle one of which kills its worker so many times."""
    configs = [replace(c, weight_decay=0.0) for c in small("seeds=6", "loss=cross_entropy")]
    data = build.dataset(configs[0].dataset)
    options = {"marks": str(marks), "times": str(times)}
    killer = Component("killer", "tests.sweep.killers.Killer", options)
    configs[2:4] = [replace(config, optimizer=killer) for config in configs[2:4]]
    return [Work(configs[i : i + 2], data) for i in (0, 2, 4)]


def test_a_worker_that_dies_costs_nothing_but_time(tmp_path):
    results = executed(with_killer(1, tmp_path), 2)
    assert {seed: result.status for seed, result in results.items()} == dict.fromkeys(
        range(6), "finished"
    )
    assert results[0].final == nnbench.train(results[0].config).final


@pytest.mark.slow
def test_repeated_killer_fails_alone_by_halves(tmp_path):
    results = executed(with_killer(2, tmp_path), 2)
    assert sorted(r.status for r in results.values()) == ["failed", *["finished"] * 5]
    (lost,) = (result for result in results.values() if result.status == "failed")
    assert lost.config.seed in (2, 3)
    assert "killed or ended itself twice" in lost.reason


@pytest.mark.slow
def test_permanent_killer_fails_with_all_its_runs(tmp_path):
    results = executed(with_killer(99, tmp_path), 1)
    assert [results[seed].status for seed in range(6)] == [
        "finished", "finished", "failed", "failed", "finished", "finished",
    ]  # fmt: skip


def test_stop_kills_workers_and_gives_what_is_done():
    configs = nnbench.compose_all(["dataset=iris", "epochs=100000", "seeds=2", "loss=mse"])
    quick = small("seeds=2", "loss=mse")
    data = build.dataset(configs[0].dataset)
    stop = []
    work = [Work(quick[:1], data), Work(configs[:1], data), Work(configs[1:], data)]
    got = []
    for finished in execute(begin(work, LocalPool(2)), lambda: bool(stop)):
        got += finished
        stop.append(True)
    assert [result.config.epochs for result in got] == [2]


def test_long_training_shows_progress(monkeypatch):
    monkeypatch.setattr(room, "Progress", partial(Progress, every=0.1))
    pool = LocalPool(1)
    directory = pool.directory
    shown = []
    work = plan(alone(small("seeds=2", "epochs=1500")), 1).work
    results = [r for finished in execute(begin(work, pool), show=shown.append) for r in finished]
    assert {lengths.status for lengths in shown} == {"running"}
    for result in results:
        lengths = [len(t.history.epochs) for t in shown if t.config == result.config]
        assert lengths == sorted(lengths)
        assert lengths[-1] <= 1501
        last = [t for t in shown if t.config == result.config][-1].history.curves["train_loss"]
        np.testing.assert_array_equal(last, result.history.curves["train_loss"][: len(last)])
    assert not directory.exists()


def test_large_data_are_files_that_end_with_workers(monkeypatch):
    monkeypatch.setattr("nnbench.sweep.plan.SHARED_BYTES", 0)
    pool = LocalPool(1)
    todo = plan(alone(small("seeds=2")), 2)
    todo.share(pool.directory)
    (file,) = pool.directory.glob("*.npy")
    assert all(work.data is data for data in todo.data.values() for work in todo.work)
    results = [r for finished in execute(begin(todo.work, pool)) for r in finished]
    assert [result.status for result in results] == ["finished"] * 2
    assert results[0].final == nnbench.train(results[0].config).final
    assert not file.exists()


def test_training_has_one_thread_whatever_the_process_has(monkeypatch):
    def threads():
        return {library["num_threads"] for library in threadpool_info()}

    seen = []
    monkeypatch.setattr(room, "train", lambda *_, **__: seen.append(threads()) or [])
    with threadpool_limits(2):
        assert threads() == {2}
        assert room.train_alone(None) == []
    assert seen == [{1}]
