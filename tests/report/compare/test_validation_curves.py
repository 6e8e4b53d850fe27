import numpy as np

from nnbench.report.compare.validation_curves import aligned, validation_curve
from nnbench.report.metric import Metric
from nnbench.run.result import History

ACCURACY, LOSS, R2 = map(Metric, ("accuracy", "loss", "r2"))


def history(**curves):
    first = next(iter(curves.values()))
    named = {f"validation_{name}": np.array(curve) for name, curve in curves.items()}
    return History(np.arange(len(first)), named, (), np.arange(0), {})


def test_higher_is_better_and_huge_scores_are_unknown():
    losses = history(loss=[2.0, 1.0, np.inf, 1e101])
    np.testing.assert_array_equal(validation_curve(losses, LOSS), [-2, -1, np.nan, np.nan])
    np.testing.assert_array_equal(validation_curve(history(r2=[-0.5, 0.5]), R2), [-0.5, 0.5])
    assert validation_curve(losses, ACCURACY) is None


def test_stopped_run_keeps_and_failed_run_loses_score():
    rising = np.arange(31.0)
    curves = aligned([[rising, rising[:21]], [None, rising]], chance=-1.0)

    assert curves.shape == (2, 2, 30)
    np.testing.assert_array_equal(curves[0, 0], rising[1:])
    np.testing.assert_array_equal(curves[0, 1, :20], rising[1:21])
    # A tenth of the epochs are smoothed: 18, 19, 20.
    np.testing.assert_array_equal(curves[0, 1, 20:], 19.0)
    np.testing.assert_array_equal(curves[1, 0], -1.0)
