"""Results of runs that were tracked before a sweep."""

from nnbench.app.planning import tracked_result
from tests.build_small import run


def test_tracked_runs_keep_time_and_reason():
    row = {"status": "diverged", "seconds": 0.5, "reason": "exploded", "test_accuracy": None}

    result = tracked_result(run(), row)

    assert (result.status, result.seconds, result.reason) == ("diverged", 0.5, "exploded")
    assert result.final == {}
