"""The section on theory."""

import pytest

from nnbench.report.sections import theory
from tests.report.runs import depths, run, table

from .asking import findings, words

LIKE = {"model": "mlp", "activation": "relu", "norm": "none", "residual": False}


def ladder(dataset, metric, scores, **changes):
    settings = {**LIKE, "dataset": dataset, **changes}
    return table(*(run(s, d, score, metric=metric, **settings)
                   for s in range(8) for d, score in scores.items()))  # fmt: skip


def test_theory_stands_beside_what_was_found():
    section = theory.make(findings(ladder("sawtooth", "r2", {1: 0.1, 3: 0.3, 6: 0.99})))
    text = words(section)
    assert "Theory of sawtooth: A deep network makes it with two units a layer" in text
    assert "solves it with 4 hidden layers of 2 units, another with one of 16." in text
    assert "Results: On sawtooth, depth 6 is the best" in text
    assert "depth 3 and depth 6 are better than depth 1" in text
    assert list(section.tables[0].data["shows"]) == ["cannot express", "not solved", "found"]
    assert len(section.figures[0].panels) == 1


def test_existing_solution_not_reached_is_cannot_find():
    section = theory.make(findings(ladder("parity", "accuracy", {1: 0.5, 6: 0.6})))
    assert list(section.tables[0].data["shows"]) == ["cannot find", "cannot find"]
    assert "but training did not find it" in words(section)


@pytest.mark.parametrize("dataset", ["spirals", "dyck"])
def test_theory_without_a_solution_is_told_as_well(dataset):
    section = theory.make(findings(ladder(dataset, "accuracy", {1: 0.5, 6: 0.6})))
    assert f"Theory of {dataset}: " in words(section)
    assert not section.tables


def test_data_with_other_options_have_theory_as_well():
    rows = [ladder("parity", "accuracy", {1: 0.5, 3: 0.6}, **{"dataset.bits": bits})
            for bits in (2, 4)]  # fmt: skip
    section = theory.make(findings(table(*(row for t in rows for row in t.to_dict("records")))))
    assert list(section.tables[0].data["dataset"].unique()) == [
        "parity (bits=2)",
        "parity (bits=4)",
    ]
    assert "with 1 hidden layer of 2 units" in words(section)


def test_other_data_and_questions_have_no_theory():
    assert theory.make(findings(depths({1: [0.9] * 6, 3: [0.8] * 6}))) is None
    rates = table(*(run(s, 1, lr=lr, dataset="parity") for s in range(2) for lr in (0.1, 1.0)))
    assert theory.make(findings(rates, "lr")) is None
