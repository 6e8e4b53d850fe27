import pytest

from nnbench.pages.wording import metric_text, setting_text
from nnbench.report.statistics import Estimate
from nnbench.report.wording import command_with, difference_text, estimate_text

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("metric", "value", "text"),
    [
        ("accuracy", 0.9764, "97.6%"), ("r2", -0.5, "−0.500"), ("accuracy", NAN, "—"),
        ("accuracy", -INF, "worst"),
    ],
)  # fmt: skip
def test_metric(metric, value, text):
    assert metric_text(metric, value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.012, "+1.20"), (-0.012, "−1.20"), (-0.00001, "0.00"), (NAN, "—")]
)
def test_difference_of_accuracies_is_in_points(value, text):
    assert difference_text("accuracy", value) == text


def test_interval_goes_with_its_mean():
    assert estimate_text("accuracy", Estimate(0.9, 0.88, 0.92, 5)) == "90.0% (88.0 to 92.0)"
    assert estimate_text("accuracy", Estimate(0.9, NAN, NAN, 1)) == "90.0%"


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "null"), (NAN, "null"), (1e-8, "1e-08"), (0.001, "0.001"), ("a", "a")],
)
def test_setting_is_as_it_is_typed(value, text):
    assert setting_text(value) == text


@pytest.mark.parametrize(
    ("command", "settings", "line"),
    [
        ("python -m nnbench depth=3", {"seeds": "20"}, "python -m nnbench depth=3 seeds=20"),
        ("python -m nnbench depth=3", {"lr": "1,2"}, "python -m nnbench -m depth=3 lr=1,2"),
        ("python -m nnbench -m lr=1,2", {"lr": "3,4"}, "python -m nnbench -m lr=3,4"),
        ("python -m nnbench 'a=b c'", {"seeds": "2"}, "python -m nnbench 'a=b c' seeds=2"),
        ("", {"seeds": "2"}, ""),
    ],
)
def test_command_with_other_settings(command, settings, line):
    assert command_with(command, **settings) == line
