"""The commands that try claims of a report again."""

import pandas as pd
import pytest

from tests.claims import Claim, claims_of, commands, doubled

REPORT = {
    "question": {
        "compare": ["params", "depth"],
        "commands": ["python -m nnbench +sweeps=shallow_vs_deep quick=true"],
        "report_command": "python -m nnbench report experiment=a 'compare=[params,depth]'",
    },
    "nuisances": ["lr"],
    "fixed": {"epochs": 100},
    "groups": [
        {
            "dataset": "digits",
            "value": {"depth": depth, "params": 1000},
            "offered": 3,
            "weights": [
                {"setting": {"lr": rate}, "weight": 0.6},
                {"setting": {"lr": 0.003}, "weight": 0.4},
            ],
        }
        for depth, rate in ((1, 0.01), (4, 0.03))
    ],
    "contrasts": [
        {
            "dataset": "digits",
            "value": {"depth": 4, "params": 1000},
            "reference": "1000, 1",
            "outcome": outcome,
        }
        for outcome in ("worse", "inconclusive")
    ],
}
RUNS = pd.DataFrame(
    [("digits", 1000, depth, rate) for depth in (1, 4) for rate in (0.003, 0.01, 0.03)],
    columns=["dataset", "params", "depth", "lr"],
)


@pytest.mark.parametrize(
    ("grid", "best", "wider"),
    [
        ([0.003, 0.01, 0.03], 0.03, [0.003, 0.01, 0.03, 0.09, 0.27]),
        ([0.001, 0.01, 0.1], 0.001, [1e-05, 0.0001, 0.001, 0.01, 0.1]),
        ([1, 2, 4, 8], 2, [1, 2, 4, 8]),
        ([1, 2, 4, 8], 8, [1, 2, 4, 8, 16, 32, 64]),
        ([0.1, 1.0], 1.0, [0.1, 1.0, 10.0]),
    ],
)
def test_range_is_doubled_on_the_losers_side(grid, best, wider):
    assert doubled(grid, best) == pytest.approx(wider)


def test_claims_are_differences_alone():
    assert claims_of(REPORT) == [
        Claim("digits", "worse", {"depth": 4, "params": 1000}, {"depth": 1, "params": 1000})
    ]


def test_commands_widen_the_losers_grid_alone():
    (claim,) = claims_of(REPORT)
    loser, winner, reported = commands(REPORT, RUNS, claim, "again")

    common = ["+sweeps=shallow_vs_deep", "dataset=digits", "epochs=200", "extend=0",
              "report=false", "experiment=again"]  # fmt: skip
    assert loser == ["-m", *common, "depth=4", "params=1000", "lr=0.003,0.01,0.03,0.09,0.27"]
    assert winner == ["-m", *common, "depth=1", "params=1000", "lr=0.003,0.01,0.03"]
    assert reported == ["report", "compare=[params,depth]", "experiment=again",
                        "reference=[1000,1]", "equal_budgets=false"]  # fmt: skip


def test_winner_may_be_the_value():
    claim = Claim("digits", "better", {"depth": 4, "params": 1000}, {"depth": 1, "params": 1000})
    loser, winner, _ = commands(REPORT, RUNS, claim, "again")

    assert loser[-3:] == ["depth=1", "params=1000", "lr=0.003,0.01,0.03,0.09,0.27"]
    assert winner[-3:] == ["depth=4", "params=1000", "lr=0.003,0.01,0.03"]
