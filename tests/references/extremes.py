"""Makes extremes.npz: what other implementations come to in float32, given numbers of any size.

    python -m tests.references.extremes

Of an optimizer, with its usual settings: nine parameters, a matrix and a bias, after each of 12
steps along `gradients` times each of `magnitudes`, (magnitudes, steps, 9). Of an activation: values
and derivatives at `x`, (2, points).
"""

from functools import partial

import jax
import numpy as np
import optax
import torch
from torch.nn import functional

from tests.references import elementwise, layered, optimizers
from tests.references.save import VERSIONS, save

MAGNITUDES = [10.0**k for k in (-38, -30, -22, -14, -7, 0, 7, 14, 17, 18, 19, 20, 22, 26, 30)]
STEPS = 12
SHAPES = ((3, 2), (3,))
SIZES = np.concatenate([[0], 10.0 ** np.arange(-38, 31, 2), [3e38, np.inf]])
WITHOUT = ("shampoo", "soap")
"""Optimizers written out in the papers' algorithms only."""

FUNCTIONS = elementwise.ACTIVATIONS | {
    "gelu_tanh": partial(functional.gelu, approximate="tanh"),
    "hard_sigmoid": functional.hardsigmoid,
}


def main():
    """Write the file."""
    rng = np.random.default_rng(4)
    gradients = rng.normal(0, 1, (STEPS, 9)) + np.resize([2.0, -1, 0], 9)
    start, x = np.linspace(0.5, 1.5, 9), np.unique(np.concatenate([-SIZES, SIZES]))
    arrays = {"gradients": gradients, "start": start, "magnitudes": np.array(MAGNITUDES)}
    cases = {}
    for name, (lr, *_decays, usual, _) in (optimizers.SETTINGS | layered.SETTINGS).items():
        if name not in WITHOUT:
            arrays[name] = np.stack([course(arrays, name, lr, usual, m) for m in MAGNITUDES])
            cases[name] = {"group": "optimizer", "option": name, "options": usual, "lr": lr}
    for case, (name, options) in elementwise.ACTIVATION_CASES.items():
        points = torch.tensor(x.astype("float32"), requires_grad=True)
        y = FUNCTIONS[name](points, **options)
        (slope,) = torch.autograd.grad(y.sum(), points)
        arrays[f"f {case}"] = np.stack([y.detach().numpy(), slope.numpy()])
        cases[f"f {case}"] = {"group": "activation", "option": name, "options": options}
    save("extremes", cases, {**arrays, "x": x}, {**VERSIONS, **optimizers.OPTAX_VERSIONS})


def course(arrays, name, lr, options, magnitude):
    """Parameters after every step, (steps, size)."""
    gradients = [(g * magnitude).astype("float32") for g in arrays["gradients"]]
    step = stepping(name, lr, options, split(arrays["start"].astype("float32")))
    return np.stack([np.concatenate([np.ravel(p) for p in step(split(g))]) for g in gradients])


def split(vector):
    """The matrix and the bias."""
    return [piece.reshape(s) for piece, s in zip(np.split(vector, [6]), SHAPES, strict=True)]


def stepping(name, lr, options, parts):
    """A function from gradients to parameters."""
    if name in optimizers.OPTIMIZERS or name in layered.TORCH:
        # PyTorch keeps matrices as (outputs, inputs).
        tensors = [torch.tensor(piece.T.copy(), requires_grad=True) for piece in parts]
        if name in layered.TORCH:
            steppers = layered.TORCH[name](tensors, lr, 0.0, **options)
        else:
            steppers = [optimizers.OPTIMIZERS[name](tensors, lr=lr, weight_decay=0.0, **options)]

        def torch_step(gradients):
            for tensor, gradient in zip(tensors, gradients, strict=True):
                tensor.grad = torch.tensor(gradient.T.copy())
            for stepper in steppers:
                stepper.step()
            return [tensor.detach().numpy().T.copy() for tensor in tensors]

        return torch_step
    if name in layered.OPTAX:
        rule = layered.OPTAX[name](lr, 0.0, **options)
    else:
        decoupled = {"weight_decay": 0.0} if name in optimizers.DECOUPLED else {}
        rule = optimizers.OPTAX[name](lr, **decoupled, **options)
    params = [jax.numpy.asarray(piece) for piece in parts]
    state = rule.init(params)

    def optax_step(gradients):
        nonlocal params, state
        updates, state = rule.update([jax.numpy.asarray(g) for g in gradients], state, params)
        params = optax.apply_updates(params, updates)
        return [np.asarray(piece) for piece in params]

    return optax_step


if __name__ == "__main__":
    main()
