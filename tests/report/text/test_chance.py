"""Values that are not above chance level are named, with that level."""

import numpy as np
import pytest

from nnbench.report.analysis.above_chance import is_above_chance
from nnbench.report.sections.comparison import make
from nnbench.report.sections.limits import make as limits
from nnbench.report.sections.scores import make as scores
from nnbench.report.text.caveats import Caveat, caveats, reference_at_chance
from nnbench.report.text.chance import chance_notes
from tests.report.runs import NOISE, compared, findings_of, lost, run, table, texts

SIX = range(6)


def runs_at(levels, chance=0.5, **changes):
    """Depth → test accuracies around a level, on data of a known chance level."""
    rows = [run(s, d, at + NOISE[s], dataset="parity", chance=chance, **changes)
            for d, at in levels.items() for s in SIX]  # fmt: skip
    return table(*rows)


@pytest.mark.parametrize(
    ("level", "above"),
    # The noise has a mean of 0.0008 and an interval of about ±0.015.
    [(0.5, False), (0.4, False), (0.51, False), (0.53, True), (0.9, True)],
)
def test_the_interval_decides(level, above):
    (group,) = compared(runs_at({1: level})).groups

    assert is_above_chance(group) is above


def test_values_at_chance_are_named_with_the_level():
    comparison = compared(runs_at({1: 0.5, 3: 0.9, 6: 0.48}))

    assert list(chance_notes(comparison)) == [
        "On parity, depth 1 and depth 6 are not above chance in test accuracy (50.0%)."
    ]


def test_table_marks_chance_and_the_file_has_it():
    chance_table = make(findings_of(runs_at({1: 0.5, 3: 0.9}))).tables[0]

    column = chance_table.columns.index("Test")
    assert [text[column].endswith(" (chance)") for text in texts(chance_table)] == [True, False]
    assert chance_table.data["chance"].tolist() == [0.5, 0.5]
    assert chance_table.data["above_chance"].tolist() == [False, True]


def test_chart_has_a_chance_line_where_it_tells():
    near, far = (scores(findings_of(runs_at({1: level, 3: 0.9}))).figures[0].panels[0].to_dict()
                 for level in (0.5, 0.8))  # fmt: skip

    assert [len(panel["layer"]) for panel in (near, far)] == [4, 3]


def test_r2_has_level_zero_and_errors_have_none():
    rows = [run(s, d, NOISE[s] + (d - 1) / 4, metric="r2", test_rmse=1.0, best_validation_rmse=1.0)
            for d in (1, 3) for s in SIX]  # fmt: skip

    assert list(chance_notes(compared(table(*rows)))) == [
        "On digits, depth 1 is not above chance in test R² (0.000)."
    ]
    assert list(chance_notes(compared(table(*rows), metric="test_rmse"))) == []


def test_an_unknown_level_names_nothing():
    assert list(chance_notes(compared(runs_at({1: 0.1}, chance=np.nan)))) == []


def test_mostly_failed_values_are_not_above_chance():
    gone = [lost(s, 3, dataset="parity", chance=0.5) for s in SIX]
    some = table(*runs_at({1: 0.9}).to_dict("records"), *gone)

    assert list(chance_notes(compared(some))) == [
        "On parity, depth 3 is not above chance in test accuracy (50.0%)."
    ]
    assert list(chance_notes(compared(table(*gone)))) == []


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_a_reference_at_chance_is_flagged(level):
    """Verdict and limits mention it; a value at chance that is no reference isn't mentioned."""
    findings = findings_of(runs_at({1: level, 3: 0.9, 6: 0.3}))
    caveat = reference_at_chance(findings.comparison)

    if level == 0.9:
        assert caveat == Caveat()
        return
    text = (
        "The reference, depth 1 on parity, is not above chance, so being better only means "
        "learning something."
    )
    assert caveat == Caveat((f"Take care: t{text[1:]}",), ((text, ""),))
    assert caveat in list(caveats(findings))
    assert (text, "") in limits(findings).points
