import numpy as np
import pytest

from nnbench.inspection import probes


def test_probe_reads_what_is_linear_and_nothing_else():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(400, 2))
    straight, crossed = (x[:, 0] > x[:, 1]).astype(int), (x[:, 0] * x[:, 1] > 0).astype(int)

    assert probes.fit("classification", x, straight).score(x, straight) > 0.97
    assert probes.fit("classification", x, crossed).score(x, crossed) < 0.65


def test_ridge_by_hand():
    """Standardised x is −1 and 1, y is 0 and 4: weight Σxy / (Σx² + 1) = 4 / 3, intercept 2."""
    x, y = np.array([[10.0], [30.0]]), np.array([[0.0], [4.0]])
    probe = probes.fit("regression", x, y)

    assert probe.predict(x).ravel() == pytest.approx([2 - 4 / 3, 2 + 4 / 3])
    # Of 8 squared, 2 · (2/3)² are left.
    assert probe.score(x, y) == pytest.approx(1 - 8 / 9 / 8)
    assert probe.converged


def test_outputs_that_never_vary_give_most_frequent_class():
    probe = probes.fit("classification", np.zeros((6, 4)), np.array([1, 1, 1, 1, 0, 2]))
    assert probe.predict(np.zeros((2, 4))).tolist() == [1, 1]


def test_a_probe_that_was_stopped_early_is_known(monkeypatch):
    monkeypatch.setattr(probes, "STEPS", 1)
    x = np.random.default_rng(0).normal(size=(50, 3))
    assert not probes.fit("classification", x, (x[:, 0] > 0).astype(int)).converged
