"""False claims and found advantages of runs that were really trained."""

from scipy import stats

from nnbench.report.analysis.findings import find
from nnbench.report.statistics import Outcome
from tests.calibration.trained import QUESTION, claimed, deep_and_shallow


def test_equal_depths_are_rarely_said_to_differ():
    assert 10 * claimed(10, rates=(0.01,)) <= stats.binom.ppf(0.999, 10, 0.05)


def test_an_advantage_of_depth_is_found():
    (contrast,) = find(*deep_and_shallow("sawtooth"), QUESTION).contrasts
    assert contrast.outcome is Outcome.BETTER
