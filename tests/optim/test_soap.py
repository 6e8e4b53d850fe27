"""SOAP: what its bases are, and what they make of a step."""

import numpy as np

from nnbench.engine.arrays import ParamStack, Tensor
from nnbench.optim.soap import SOAP, matrices

TENSORS = (Tensor(0, (4, 3)), Tensor(12, (3,)))


def after(optimizer, steps, turned=None):
    """Parameters and state after some steps; `turned` are orthogonal matrices for both sides."""
    rng = np.random.default_rng(2)
    params = ParamStack(1, 15, "float64", TENSORS)
    params.values[:] = rng.normal(size=15)
    state = optimizer.init(params)
    for t in range(1, steps + 1):
        params.grads[:] = rng.normal(size=15)
        if turned is not None:
            gradient = matrices(params, params.grads)[0]
            gradient[:] = turned[0] @ gradient @ turned[1].T
        optimizer.step(params, state, 0.1, t)
    return params, state


def test_first_gradient_gives_the_bases_and_moves_nothing():
    params, state = after(SOAP(), 1)
    start = np.random.default_rng(2).normal(size=15)
    np.testing.assert_array_equal(params.values[0], start)

    for side in state.sides[0]:
        mean, basis = side.mean[0], side.basis[0]
        inner = basis.T @ mean @ basis
        np.testing.assert_allclose(inner, np.diag(np.diag(inner)), atol=1e-14)
        assert (np.diff(np.diag(inner)) <= 1e-14).all()


def test_bases_stay_orthogonal_and_come_close_to_eigenvectors():
    _, state = after(SOAP(beta2=0.99, period=1), 200)

    for side in state.sides[0]:
        mean, basis = side.mean[0], side.basis[0]
        inner = basis.T @ mean @ basis
        np.testing.assert_allclose(basis.T @ basis, np.eye(len(basis)), atol=1e-13)
        assert np.abs(inner - np.diag(np.diag(inner))).max() < 0.05 * np.abs(inner).max()


def test_a_turn_of_the_space_turns_the_steps():
    """Adam's own steps don't turn."""
    rng = np.random.default_rng(5)
    turns = [np.linalg.qr(rng.normal(size=(n, n)))[0] for n in (4, 3)]
    optimizer = SOAP(period=3, weight_decay=0.0)

    moved = [
        matrices(params, params.values)[0][0] - matrices(start, start.values)[0][0]
        for params, start in (
            (after(optimizer, 8, turned)[0], after(optimizer, 0)[0]) for turned in (None, turns)
        )
    ]

    np.testing.assert_allclose(turns[0] @ moved[0] @ turns[1].T, moved[1], rtol=1e-9, atol=1e-12)


def test_runs_turn_each_at_their_own_time():
    together = ParamStack(2, 15, "float64", TENSORS)
    optimizer = SOAP(period=np.array([[2.0], [5.0]]))
    state = optimizer.init(together)
    gradients = np.random.default_rng(2).normal(size=(13, 15))
    for t, gradient in enumerate(gradients, start=1):
        together.grads[:] = gradient
        optimizer.step(together, state, 0.1, t)

    for run, period in enumerate((2, 5)):
        alone, optimizer = ParamStack(1, 15, "float64", TENSORS), SOAP(period=period)
        state = optimizer.init(alone)
        for t, gradient in enumerate(gradients, start=1):
            alone.grads[:] = gradient
            optimizer.step(alone, state, 0.1, t)
        np.testing.assert_array_equal(alone.values[0], together.values[run])
    assert (together.values[0, :12] != together.values[1, :12]).all()
