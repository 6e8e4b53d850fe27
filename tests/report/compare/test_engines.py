"""Runs of an earlier engine."""

import pytest

from nnbench.engine import VERSION
from nnbench.report.compare.engines import MENDED, Engines, of_one_engine
from nnbench.report.sections import limits
from nnbench.report.text.engines import engine_notes
from nnbench.report.text.verdict import verdicts
from nnbench.run.errors import ConfigError
from tests.report.runs import compared, findings_of, run, table

OLD = max(MENDED) - 1
"""An engine before the one that mended faults."""


def by_engine(*engines, **settings):
    """Six seeds of two depths for each engine, the newer ones better by a tenth."""
    return [
        run(seed, depth, 0.5 + engine / 100, engine=engine, **settings)
        for engine in engines
        for depth in (1, 3)
        for seed in range(6)
    ]


def test_runs_of_two_engines_are_never_compared():
    findings = findings_of(table(*by_engine(OLD, VERSION)))

    assert set(findings.comparison.runs["engine"]) == {VERSION}
    assert findings.comparison.engines == Engines(VERSION, {OLD: 12})
    assert verdicts(findings)[0] == (
        f"12 runs of engine {OLD} were left out, since engine {VERSION} gives other values."
    )
    assert ("12 runs of engine", "python -m nnbench -m depth=1,3") in [
        (text[:17], command) for text, command in limits.make(findings).points
    ]


def test_runs_of_one_earlier_engine_carry_a_note():
    findings = findings_of(table(*by_engine(OLD)))

    assert len(findings.comparison.runs) == 12
    assert verdicts(findings)[0].startswith(f"All runs were trained by engine {OLD}; engine")


def test_runs_of_this_engine_need_no_word():
    assert not list(engine_notes(findings_of(table(*by_engine(VERSION))).comparison.engines))
    assert not list(engine_notes(findings_of(table(run(0, 1), run(0, 3))).comparison.engines))


def test_wrong_runs_are_left_out_even_alone():
    wrong = by_engine(OLD, model="rnn", activation="relu", length=20)
    right = by_engine(OLD, model="rnn", activation="tanh", length=20)

    findings = findings_of(table(*wrong, *right))

    assert set(findings.comparison.runs["activation"]) == {"tanh"}
    assert verdicts(findings)[0].startswith("12 runs of an earlier engine were left out, since")
    with pytest.raises(ConfigError, match=r"^experiment=trial: has no runs .* 12 runs of an earl"):
        compared(table(*wrong))


@pytest.mark.parametrize(
    "settings",
    [
        {"schedule": "one_cycle"},
        {"optimizer": "schedule_free_sgd", "norm": "batch"},
        {"wrapper": "lookahead", "norm": "batch"},
        {"model": "cnn", "init": "identity", "model.kernel": 2},
        {"model": "rnn", "activation": "softsign", "length": 9},
    ],
    ids=str,
)
def test_each_mended_fault_is_known(settings):
    runs = table(*by_engine(OLD, VERSION, **settings))

    right, engines = of_one_engine(runs)

    assert engines == Engines(VERSION, wrong=12)
    assert len(right) == 12


def test_neighbours_of_a_fault_are_kept():
    for settings in (
        {"optimizer": "asgd", "schedule": "cosine"},
        {"model": "cnn", "init": "identity", "model.kernel": 3},
        {"model": "rnn", "activation": "tanh", "length": 9},
        {"model": "rnn", "activation": "relu", "length": 8},
        {"model": "rnn", "activation": "relu"},
        {"optimizer": "adam", "norm": "batch"},
    ):
        assert of_one_engine(table(*by_engine(OLD, **settings)))[1] == Engines(OLD)


def test_engine_that_was_not_kept_is_the_oldest():
    _, engines = of_one_engine(table(*by_engine(0, VERSION)))

    assert list(engine_notes(engines)) == [
        "12 runs of an engine whose version was not kept were left out, since engine "
        f"{VERSION} gives other values."
    ]
    assert max(MENDED) <= VERSION
