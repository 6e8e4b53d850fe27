import re

import pandas as pd
import pytest

from nnbench.report.compare.where_filter import only
from nnbench.run.errors import ConfigError
from tests.report.runs import run, table

RUNS = table(
    *(
        run(s, d, dataset=name, patience=patience, residual=d > 1, lr=lr)
        for s, (d, name, patience, lr) in enumerate(
            [
                (1, "iris", None, 1e-3),
                (1, "wine", 5, 0.01),
                (3, "iris", 5, 0.1),
                (10, "wine", None, 1),
            ]
        )
    )
)


@pytest.mark.parametrize(
    ("where", "seeds"),
    [
        ({}, [0, 1, 2, 3]),
        ({"depth": 1}, [0, 1]),
        # As a store has it, or as it is typed.
        ({"depth": 1.0}, [0, 1]),
        ({"depth": "1"}, [0, 1]),
        ({"lr": "1e-3"}, [0]),
        ({"depth": [10, 3]}, [2, 3]),
        ({"dataset": "wine"}, [1, 3]),
        ({"dataset": ["wine"]}, [1, 3]),
        ({"dataset": ["wine", "iris"], "depth": [1, 10]}, [0, 1, 3]),
        ({"seed": [0, 3]}, [0, 3]),
        ({"patience": None}, [0, 3]),
        ({"patience": [None, 5]}, [0, 1, 2, 3]),
        ({"residual": True}, [2, 3]),
        ({"residual": False, "patience": 5}, [1]),
        ({"test_size": 0.2}, [0, 1, 2, 3]),
    ],
)
def test_runs_that_have_one_of_the_values(where, seeds):
    assert list(only(RUNS, where)["seed"]) == seeds
    assert list(only(RUNS.astype(object), where)["seed"]) == seeds


@pytest.mark.parametrize(
    ("where", "line"),
    [
        (
            {"dept": 1},
            "where.dept=1: did you mean depth? there are dataset, depth, lr, optimizer, ",
        ),
        ({"test_accuracy": 1}, "where.test_accuracy=1: must be one of dataset, depth, "),
        ({"depth": 2}, "where.depth=2: no run has it; there are 1, 3, 10"),
        # Rather than a report that is silently about fewer than was asked for.
        ({"depth": [1, 4]}, "where.depth=4: no run has it; there are 1, 3, 10"),
        ({"patience": 7}, "where.patience=7: no run has it; there are 5, null"),
        # Every value is there, but no run has both.
        ({"dataset": "iris", "depth": 10}, "where.depth=10: no run has it; there are 1, 3"),
        ({"dataset": "iris", "depth": [10]}, "where.depth=[10]: no run has it; there are 1, 3"),
    ],
)
def test_absent_value_is_refused_in_one_line(where, line):
    with pytest.raises(ConfigError, match=f"^{re.escape(line)}") as refused:
        only(RUNS, where)
    assert "\n" not in str(refused.value)


def test_of_many_values_an_error_lists_some():
    with pytest.raises(ConfigError, match=r"there are 0, 1, 2, .*, 11, …$"):
        only(pd.concat([RUNS.assign(depth=depth) for depth in range(20)]), {"depth": 99})
