import numpy as np
import pytest

from nnbench.training.divergence import EXPLODED, divergences


@pytest.mark.parametrize("name", ["train_loss", "gradient_norm", "validation_loss"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_number_that_is_not_finite_is_a_reason(name, value):
    curves = {key: np.ones((4, 3)) for key in ("train_loss", "gradient_norm", "validation_loss")}
    curves[name][2, 1] = value

    reasons = dict(divergences(curves, 1, np.array([0, 2, 3])))

    runs = {reason for reason, mask in reasons.items() if mask.tolist() == [False, True, False]}
    finite = f"{name} was not a finite number at epoch 1"
    large = "train_loss was over 1000 times its first value at epoch 1"
    exploded = {large} if name == "train_loss" and value == np.inf else set()
    assert runs == ({finite} if name != "validation_loss" else set()) | exploded
    assert not any(mask.any() for _, mask in divergences(curves, 2, np.array([0, 2, 3])))


def test_loss_explodes_relative_to_each_runs_first_value():
    first = np.array([1.0, 0.01, 5.0])
    loss = np.stack([first, first * EXPLODED * [1.0, 1.001, 0.999]], axis=1)

    *_, (reason, mask) = divergences({"train_loss": loss}, 1, np.arange(3))

    assert mask.tolist() == [False, True, False]
    assert "1000 times" in reason
