import numpy as np
import pandas as pd
import pytest

import nnbench
from nnbench.assembly import build
from nnbench.data.split import split
from nnbench.report.analysis.costs import costs, training_rows
from nnbench.report.sections.cost import make as cost_section
from tests.report.runs import findings_of, run, table

RUN = {"rows": 100, "test_rows": 0, "test_size": 0.2, "validation_size": 0.1, "batch_size": 32,
       "steps": 30, "n_flops": 7, "n_params": 9, "seconds": 0.5,
       "stack_runs": 1}  # fmt: skip


def of(**changes):
    return costs(pd.DataFrame([{**RUN, **changes}])).iloc[0].to_dict()


def test_costs_by_hand():
    # 100 − 20 − 10 = 70 examples are 3 batches of up to 32, so that 30 steps are 10 epochs.
    assert of() == {
        "steps": 30, "epochs": 10, "flops": 3 * 7 * 700, "seconds": 0.5, "params": 9
    }  # fmt: skip
    assert of(batch_size="full") == {**of(), "epochs": 30, "flops": 3 * 7 * 2100}


def test_own_test_set_is_no_share_of_others():
    # 100 − 40 = 60, of which 6 are the validation set.
    assert of(test_rows=40, batch_size=54)["epochs"] == 30


def test_costs_count_rows_kept_for_training():
    # 40 rows are 2 batches of up to 32, so that 30 steps are 15 epochs.
    fewer = {"dataset.train_rows": 40}
    assert of(**fewer) == {**of(), "epochs": 15, "flops": 3 * 7 * 600}
    assert of(batch_size="full", **fewer) == {**of(), "epochs": 30, "flops": 3 * 7 * 1200}
    assert of(**{"dataset.train_rows": None}) == of()


def test_what_is_not_known_costs_nan():
    counted = costs(pd.DataFrame([{"status": "failed"}, {"steps": 3}]))

    assert np.isnan(counted.loc[0]).all()
    assert counted.loc[1, "steps"] == 3
    assert np.isnan(of(rows=None)["flops"])


def test_seconds_count_only_runs_that_trained_alone():
    # Older runs did not track how many trained together.
    for stack_runs in (2, 8, None):
        assert np.isnan(of(stack_runs=stack_runs)["seconds"])
    assert of(stack_runs=8)["steps"] == 30


def test_stacked_runs_are_left_out_of_seconds():
    together = table(*(run(s, d, stack_runs=1 + s % 2, seconds=1.0 + s)
                       for d in (1, 3) for s in range(4)))  # fmt: skip

    (costs,) = cost_section(findings_of(together, budget="seconds")).tables

    # Of seeds 0 to 3 the even ones trained alone: 1 and 3 seconds.
    assert costs.data["seconds"].tolist() == [2.0, 2.0]
    assert "Seconds leave out 4 of 8 runs, which trained in a stack" in costs.notes[-1]
    assert cost_section(findings_of(together.assign(stack_runs=8), budget="seconds")).figures == []


@pytest.mark.parametrize("name", ["iris", "wine", "diabetes"])
@pytest.mark.parametrize("sizes", [(0.1, 0.2), (0.123, 0.371), (0.001, 0.5)])
def test_training_set_is_as_large_as_split(name, sizes):
    if name != "diabetes" and sizes[0] == 0.001:
        pytest.skip("one row has no room for a class each")
    data = build.dataset(nnbench.compose([f"dataset={name}"]).dataset)
    run = pd.DataFrame(
        [{"rows": len(data.x), "test_rows": 0, "validation_size": sizes[0], "test_size": sizes[1]}]
    )

    assert training_rows(run).tolist() == [len(split(data, 0, *sizes).train)]
