"""The range of learning rates at which a group trains."""

import pytest

from nnbench.report.analysis import learning_rates
from nnbench.report.analysis.learning_rates import means
from tests.report.runs import lost, run, table
from tests.report.sections.asking import findings

TOLERANCE = 0.05


def group(rows, **changes):
    (of_data,) = findings(table(*rows), **changes).comparison.groups
    return of_data


def training_range(group, tolerance):
    return learning_rates.training_range(means(group), group.metric, tolerance)


def at(**scores):
    """Two runs for each learning rate, given as text after `r` → validation score."""
    return [
        run(s, 1, v, lr=float(r[1:].replace("_", "."))) for s in (0, 1) for r, v in scores.items()
    ]


def test_the_range_lies_around_the_best_rate():
    interval = training_range(
        group(at(r0_001=0.5, r0_01=0.88, r0_1=0.9, r1=0.86, r10=0.2)), TOLERANCE
    )
    assert (interval.low, interval.best, interval.high) == (0.01, 0.1, 1)
    assert interval.decades == pytest.approx(2)
    assert (interval.rates, interval.tried, interval.is_open) == (3, 5, False)


def test_range_at_the_grids_end_is_open():
    interval = training_range(group(at(r0_01=0.88, r0_1=0.9, r1=0.2)), TOLERANCE)
    assert (interval.low, interval.high, interval.is_open) == (0.01, 0.1, True)


def test_single_rate_is_a_range_of_no_width():
    interval = training_range(group(at(r0_01=0.2, r0_1=0.9, r1=0.2)), TOLERANCE)
    assert (interval.decades, interval.rates, interval.is_open) == (0, 1, False)


def test_what_lies_beyond_gap_is_not_in_range():
    interval = training_range(group(at(r0_001=0.9, r0_01=0.3, r0_1=0.91, r1=0.3)), TOLERANCE)
    assert (interval.low, interval.high) == (0.1, 0.1)


def test_rate_with_failed_or_stalled_run_is_outside():
    rows = at(r0_01=0.9, r0_1=0.9, r1=0.9)
    stalled = [
        *rows,
        run(2, 1, 0.9, lr=1.0, trouble="stalled"),
        run(2, 1, lr=0.1),
        run(2, 1, lr=0.01),
    ]
    assert training_range(group(stalled), TOLERANCE).high == 0.1
    gone = [*rows, lost(2, 1, lr=0.01), run(2, 1, lr=0.1), run(2, 1, lr=1.0)]
    interval = training_range(group(gone), TOLERANCE)
    assert (interval.low, interval.is_open) == (0.1, True)
    assert means(group(gone))["mean"].isna().tolist() == [True, False, False]


def test_where_nothing_trains_there_is_no_range():
    rows = [lost(s, 1, lr=lr) for s in (0, 1) for lr in (0.1, 1.0)]
    assert training_range(group(rows), TOLERANCE) is None
    nothing = [run(s, 1, 0.01, lr=lr, metric="r2") for s in (0, 1) for lr in (0.1, 1.0)]
    assert training_range(group(nothing), TOLERANCE) is None


def test_tolerance_is_a_share_of_errors():
    rows = [run(s, 1, error, lr=lr, metric="rmse") for s in (0, 1)
            for lr, error in ((0.01, 100.0), (0.1, 104.0), (1.0, 106.0))]  # fmt: skip
    interval = training_range(group(rows, metric="test_rmse"), TOLERANCE)
    assert (interval.best, interval.high) == (0.01, 0.1)


def test_rate_is_scored_at_its_best_other_settings():
    rows = [run(s, 1, v, lr=lr, optimizer=name) for s in (0, 1)
            for name, lr, v in (("adam", 0.1, 0.9), ("adam", 1.0, 0.1),
                                ("sgd", 0.1, 0.2), ("sgd", 1.0, 0.89))]  # fmt: skip
    rows += [lost(2, 1, lr=0.1, optimizer="sgd"), run(2, 1, 0.9, lr=0.1),
             run(2, 1, 0.1, lr=1.0), run(2, 1, 0.89, lr=1.0, optimizer="sgd")]  # fmt: skip
    of_data = group(rows)
    assert means(of_data)["mean"].tolist() == pytest.approx([0.9, 0.89])
    assert training_range(of_data, TOLERANCE).decades == pytest.approx(1)
