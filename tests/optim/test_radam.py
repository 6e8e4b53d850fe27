import numpy as np

from nnbench.engine.arrays import ParamStack
from nnbench.optim.radam import RAdam


def test_runs_begin_to_divide_at_their_own_steps():
    """First divided step: the sixth for a beta2 of 0.999, the eighth for 0.75, none up to 0.6."""
    beta2 = np.array([[0.999], [0.75], [0.6], [0.5], [0.0]])
    params = ParamStack(len(beta2), 1, "float64")
    optimizer = RAdam(0.0, beta2, 1e-8)
    state = optimizer.init(params)
    first = {}
    for t in range(1, 300):
        before = params.values.copy()
        params.grads[:] = 3.0
        with np.errstate(all="raise"):
            optimizer.step(params, state, 0.1, t)
        # Without a memory the mean is the gradient; a step that isn't divided is as long as that.
        for run in np.flatnonzero(np.abs(before - params.values - 0.3) > 1e-9):
            first.setdefault(int(run), t)

    assert first == {0: 6, 1: 8}
