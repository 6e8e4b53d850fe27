import pytest

from nnbench.pages.formatting import metric_text, setting_text
from nnbench.report.metric import Metric
from nnbench.report.statistics import Estimate
from nnbench.report.text.numbers import (
    and_text,
    bounds_text,
    difference_text,
    estimate_text,
    p_text,
    paired_text,
)

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("metric", "value", "text"),
    [
        ("accuracy", 0.9764, "97.6%"), ("r2", -0.5, "−0.500"), ("accuracy", NAN, "—"),
        ("accuracy", -INF, "worst"), ("rmse", 12.3456, "12.3"), ("loss", 0.00012345, "0.000123"),
        # A generalization gap may be negative.
        ("accuracy", -0.051, "−5.1%"), ("accuracy", -1e-5, "0.0%"), ("r2", -1e-5, "0.000"),
    ],
)  # fmt: skip
def test_metric_is_written_in_its_unit(metric, value, text):
    assert metric_text(metric, value) == text


@pytest.mark.parametrize(
    ("metric", "value", "text"),
    [
        ("accuracy", 0.012, "+1.20"), ("accuracy", -0.012, "−1.20"), ("accuracy", -0.00001, "0.00"),
        ("accuracy", NAN, "—"), ("r2", 0.0123, "+0.012"), ("rmse", -12.345, "−12.3"),
        ("loss", 0.0001234, "+0.000123"),
    ],
)  # fmt: skip
def test_difference_of_accuracies_is_in_points(metric, value, text):
    assert difference_text(Metric(metric), value) == text


def test_difference_without_its_sign_is_a_size():
    assert difference_text(Metric("accuracy"), 0.012, sign=False) == "1.20"


def test_interval_goes_with_its_mean():
    accuracy = Metric("accuracy")
    assert estimate_text(accuracy, Estimate(0.9, 0.88, 0.92, 5)) == "90.0% (88.0 to 92.0)"
    assert estimate_text(accuracy, Estimate(0.9, NAN, NAN, 1)) == "90.0%"
    assert paired_text(accuracy, Estimate(0.01, -0.002, 0.022, 9)) == "+1.00 (−0.20 to +2.20)"
    assert paired_text(Metric("r2"), Estimate(0.01, NAN, NAN, 9)) == "+0.010"
    # Of sizes the smaller comes first.
    below = Estimate(-0.02, -0.03, -0.01, 9)
    assert bounds_text(accuracy, below, sign=False) == "1.00 to 3.00"
    assert bounds_text(accuracy, below) == "−3.00 to −1.00"


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.03125, "= 0.031"), (1.0, "= 1"), (0.00009, "< 0.0001"), (0.0001, "= 0.0001"), (NAN, "—")],
)
def test_probability_is_written_or_bounded(p, text):
    assert p_text(p) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (NAN, "null"),
        (1e-8, "1e-08"),
        (0.001, "0.001"),
        ("a", "a"),
        ((1, "a"), "1, a"),
    ],
)
def test_setting_is_as_it_is_typed(value, text):
    assert setting_text(value) == text


@pytest.mark.parametrize(
    ("names", "text"),
    [("a", "a"), ("ab", "a and b"), ("abc", "a, b and c"), ("abcde", "a, b, c and 2 more")],
)
def test_names_of_a_sentence(names, text):
    assert and_text(names, 3) == text
