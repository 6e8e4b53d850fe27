"""Makes lbfgs.npz: the parameters at which PyTorch's L-BFGS asks for a loss and a gradient.

    python -m tests.references.lbfgs

As in optimizers.py, but every step has all rows, and what is kept after step t is where evaluation
t + 1 takes place, be it a step that is taken in the end or one that a line search only tries.

Little goes wrong on those lines. So there are also line searches alone, on sums of waves,
amplitude · sin(frequency · t + phase): `waves` (lines, waves, 3), and the steps that PyTorch tries,
the one that it takes in the end last, `tried` (lines, most + 1), filled up with NaN.
"""

import json

import numpy as np
import torch
from torch.nn import functional
from torch.optim import lbfgs

from nnbench.verification.references import DIRECTORY

torch.set_num_threads(1)
VERSIONS = {module.__name__: module.__version__ for module in (torch, np)}
STEPS = 20
"""Rounding grows tenfold every five steps or so, and would be seen where there are many more."""
ROWS, INPUTS, HIDDEN, OUTPUTS = 60, 3, 4, 2
SHAPES = [(INPUTS, HIDDEN), (HIDDEN,), (HIDDEN, OUTPUTS), (OUTPUTS,)]

SETTINGS = {
    "usual": (1.0, {"history": 10, "least_gradient": 0.0, "least_change": 0.0}),
    "short memory": (1.0, {"history": 2, "least_gradient": 0.0, "least_change": 0.0}),
    "long steps": (30.0, {"history": 5, "least_gradient": 0.0, "least_change": 0.0}),
    "short steps": (0.02, {"history": 5, "least_gradient": 0.0, "least_change": 0.0}),
}
DECAYS = (0.0, 0.02)
LINES, WAVES, TRIALS = 100, 4, 25


def main():
    """Write the file."""
    rng = np.random.default_rng(3)
    x = rng.normal(0, 1, (ROWS, INPUTS))
    targets = np.stack([np.sin(x[:, 0]) * x[:, 1], x[:, 2] ** 2 - 1], axis=1)
    start = rng.normal(0, 0.5, sum(int(np.prod(shape)) for shape in SHAPES))
    arrays = {"x": x, "targets": targets, "start": start, "steps": range(1, STEPS + 1)}
    cases = {}
    for word, (lr, options) in SETTINGS.items():
        for decay in DECAYS:
            key = f"case{len(cases)}"
            arrays[key] = asked(x, targets, start, lr, decay, **options)[1 : STEPS + 1]
            cases[key] = {
                "name": f"lbfgs, {word}, weight decay {decay}", "option": "lbfgs",
                "options": options, "lr": lr, "weight_decay": decay,
            }  # fmt: skip
    waves = rng.normal(0, 1, (LINES, WAVES, 3)) * [1, 10, 3]
    # Every line leads down at first.
    waves[:, :, 0] *= -np.sign(slope(waves, 0))[:, None]
    arrays |= {"waves": waves, "tried": np.stack([tried(line) for line in waves])}
    np.savez_compressed(
        DIRECTORY / "lbfgs.npz",
        versions=json.dumps(VERSIONS), cases=json.dumps(cases), **arrays,
    )  # fmt: skip


def asked(x, targets, start, lr, decay, history, least_gradient, least_change):
    """The parameters at every evaluation, (more than STEPS, size)."""
    x, targets = torch.tensor(x), torch.tensor(targets)
    vector = torch.tensor(start, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [vector], lr, max_iter=STEPS, max_eval=2 * STEPS, tolerance_grad=least_gradient,
        tolerance_change=least_change, history_size=history, line_search_fn="strong_wolfe",
    )  # fmt: skip
    points = []

    def closure():
        points.append(vector.detach().numpy().copy())
        parts = torch.split(vector, [int(np.prod(shape)) for shape in SHAPES])
        w1, b1, w2, b2 = (piece.reshape(s) for piece, s in zip(parts, SHAPES, strict=True))
        outputs = torch.tanh(x @ w1 + b1) @ w2 + b2
        loss = functional.mse_loss(outputs, targets) + decay / 2 * vector.square().sum()
        optimizer.zero_grad()
        loss.backward()
        return loss

    optimizer.step(closure)
    return np.stack(points)


def height(waves, t):
    """The sum of the waves at a place."""
    return (waves[..., 0] * np.sin(waves[..., 1] * t + waves[..., 2])).sum(axis=-1)


def slope(waves, t):
    """Its derivative."""
    return (waves[..., 0] * waves[..., 1] * np.cos(waves[..., 1] * t + waves[..., 2])).sum(axis=-1)


def tried(waves):
    """The steps of one line search, from a first one of 1."""
    steps = []

    def evaluate(x, t, d):
        steps.append(float(t))
        return float(height(waves, steps[-1])), torch.tensor([slope(waves, steps[-1])])

    start = torch.tensor([slope(waves, 0)])
    _, _, end, _ = lbfgs._strong_wolfe(
        evaluate, None, 1.0, torch.ones(1, dtype=torch.float64), float(height(waves, 0)), start,
        start[0], max_ls=TRIALS,
    )  # fmt: skip
    filled = np.full(TRIALS + 2, np.nan)
    filled[: len(steps) + 1] = [*steps, float(end)]
    return filled


if __name__ == "__main__":
    main()
