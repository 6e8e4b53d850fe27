from dataclasses import replace

import pytest

import nnbench
from nnbench.assembly import build
from nnbench.sweep.plan import plan, run_key
from nnbench.sweep.stack_size import STACK_BYTES, bytes_per_run


def planned(configs, jobs=2):
    return plan([(c, [c.seed]) for c in configs], jobs)


def size_of(config, data):
    return bytes_per_run(config, data, build.network(config, data))


def test_every_run_is_in_exactly_one_stack():
    configs = [c for depth in (1, 2) for c in nnbench.compose_all([f"depth={depth}", "seeds=23"])]
    work = planned(configs).work
    trained = [(c.depth, c.seed) for item in work for c in item.configs]
    assert sorted(trained) == sorted((c.depth, c.seed) for c in configs)
    assert all(len({c.depth for c in item.configs}) == 1 for item in work)


def test_stacks_fit_the_cache_and_occupy_all_workers():
    configs = nnbench.compose_all(["seeds=100", "width=128"])
    todo = planned(configs)
    per_run = size_of(todo.work[0].configs[0], todo.work[0].data)
    assert all(len(item.configs) * per_run <= STACK_BYTES for item in todo.work)
    assert len(planned(nnbench.compose_all(["seeds=4", "dataset=iris"]), jobs=4).work) == 4


def test_a_run_larger_than_the_cache_trains_alone():
    work = planned(nnbench.compose_all(["seeds=3", "width=2048", "depth=2"])).work
    assert [len(item.configs) for item in work] == [1, 1, 1]


def test_a_run_named_twice_trains_once():
    config = nnbench.compose([])
    assert planned([config, replace(config)]).runs == 1


def test_unloadable_data_fail_their_own_runs_only():
    bad = nnbench.compose_all(["dataset=moons", "dataset.samples=-5", "seeds=2"])
    todo = planned([*bad, *nnbench.compose_all(["seeds=3"])])
    assert todo.runs == 3
    assert [result.status for result in todo.failed] == ["failed", "failed"]
    assert "samples" in todo.failed[0].reason


def test_incompatible_settings_are_skipped_with_the_reason():
    configs = [
        nnbench.compose([f"dataset={d}", "loss=cross_entropy"]) for d in ("iris", "diabetes")
    ]
    todo = planned(configs)
    assert todo.runs == 1
    (reason,) = todo.skipped
    assert "diabetes is a regression" in reason


def test_incompatible_loss_is_skipped_with_the_reason():
    words = ["loss.classification=wrong"], ["dataset=diabetes", "loss.classification=wrong"]
    todo = planned([config for more in words for config in nnbench.compose_all([*more, "seeds=2"])])
    assert todo.runs == 2
    ((reason, number),) = todo.skipped.items()
    assert reason.startswith("loss.classification=wrong: must be one of binary_cross_entropy")
    assert number == 2


def test_key_depends_on_what_decides_scores_only():
    config = nnbench.compose(["dataset=iris"])
    data = build.dataset(config.dataset)
    key = run_key(config, data.fingerprint)
    assert key == run_key(
        nnbench.compose(["dataset=iris", "jobs=7", "experiment=x"]), data.fingerprint
    )
    assert key == run_key(nnbench.compose(["dataset=iris", "lr=0.001"]), data.fingerprint)
    for word in ("seed=1", "lr=0.1", "width=3", "optimizer.beta1=0.5", "schedule=cosine"):
        assert key != run_key(nnbench.compose(["dataset=iris", word]), data.fingerprint)
    assert key != run_key(config, "other data")


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("test_size=0.01", "test_size=0.01: no valid split of iris"),
        ("dataset.train_rows=2", "dataset.train_rows=2: must be at least 3, one for each class"),
        ("dataset.train_rows=106", "dataset.train_rows=106: must be at most 105, the rows of"),
    ],
)
def test_sizes_without_rows_are_skipped_with_the_reason(word, reason):
    bad = nnbench.compose_all(["dataset=iris", word, "seeds=2"])
    todo = planned([*bad, *bad, *nnbench.compose_all(["dataset=iris", "seeds=3"])])
    assert (todo.runs, todo.failed) == (3, [])
    ((skipped, number),) = todo.skipped.items()
    assert skipped.startswith(reason)
    assert number == 4


def test_a_batch_is_never_larger_than_the_data():
    config = nnbench.compose(["dataset=iris"])
    data = build.dataset(config.dataset)
    sizes = [size_of(replace(config, batch_size=size), data) for size in (150, 10**6, "full")]
    assert len(set(sizes)) == 1


def test_equal_sized_runs_get_widths_by_depth():
    configs = [
        config
        for depth in (0, 1, 3)
        for config in nnbench.compose_all([f"depth={depth}", "params=20000", "seeds=2"])
    ]
    todo = planned(configs)
    widths = {c.depth: c.width for item in todo.work for c in item.configs}
    assert widths == {1: 267, 3: 83}
    assert len(todo.refusals) == 2
    assert all("650 whatever the width" in str(error) for error in todo.refusals)
