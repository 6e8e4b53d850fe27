import numpy as np
import pytest

import nnbench
from nnbench import build, composition
from nnbench.sweep.execute import Work, execute
from nnbench.sweep.plan import plan


def small(*words):
    return nnbench.compose_all(["dataset=iris", "epochs=2", "width=4", *words])


@pytest.mark.parametrize("jobs", [1, 2])
def test_workers_give_what_training_alone_gives(jobs):
    configs = small("seeds=4")
    todo = plan(configs, composition.settle_loss, 2)
    results = [result for part in execute(todo.work, jobs) for result in part]
    by_seed = {result.config.seed: result for result in results}
    assert sorted(by_seed) == [0, 1, 2, 3]
    alone = nnbench.train(configs[3])
    assert by_seed[3].final == alone.final
    for name, curve in alone.history.curves.items():
        np.testing.assert_array_equal(by_seed[3].history.curves[name], curve)


def test_a_stack_that_cannot_train_fails_and_the_others_go_on():
    configs = small("seeds=2", "loss=mse")
    data = build.dataset(configs[0].dataset)
    # Splitting such data is impossible: a class with one row can't be in every part.
    lonely = type(data)(data.name, data.task, data.x, np.where(np.arange(150) == 0, 1, 0), 2)
    work = [Work(configs[:1], lonely), Work(configs[1:], data)]
    results = {r.config.seed: r for part in execute(work, 1) for r in part}
    assert results[0].status == "failed"
    assert results[0].reason.startswith("ValueError: ")
    assert results[1].status == "finished"
