"""Makes optimizers.npz: courses of optimizers that treat all parameters alike.

Parameters of a small network in the course of 100 steps, for every case; with PyTorch, and those
that PyTorch doesn't have with optax on JAX.
"""

import jax
import numpy as np
import optax
import torch
from torch.nn import functional

from tests.references.save import VERSIONS, save

OPTAX_VERSIONS = {"jax": jax.__version__, "optax": optax.__version__}

# Also for the numbers that an optimizer of PyTorch's keeps as tensors.
torch.set_default_dtype(torch.float64)
jax.config.update("jax_enable_x64", True)

STEPS = 100

KEPT = (1, 2, 5, 10, 20, 50, 100)
ROWS, BATCH, INPUTS, HIDDEN, OUTPUTS = 20, 5, 3, 4, 2


def adams(kind, **more):
    """An optimizer of PyTorch's that has the hyperparameters of Adam."""
    return lambda p, beta1, beta2, epsilon, **o: kind(
        p, betas=(beta1, beta2), eps=epsilon, **more, **o
    )


def rmsprop(p, epsilon, **options):
    """RMSprop, whichever kind of it."""
    return torch.optim.RMSprop(p, eps=epsilon, **options)


OPTIMIZERS = {
    "sgd": lambda p, **o: torch.optim.SGD(p, **o),
    "momentum": lambda p, **o: torch.optim.SGD(p, **o),
    "nesterov": lambda p, **o: torch.optim.SGD(p, **o, nesterov=True),
    "adagrad": lambda p, epsilon, **o: torch.optim.Adagrad(p, eps=epsilon, **o),
    "rmsprop": rmsprop,
    "adam": adams(torch.optim.Adam),
    "adamw": adams(torch.optim.AdamW),
    "adadelta": lambda p, epsilon, **o: torch.optim.Adadelta(p, eps=epsilon, **o),
    "adamax": adams(torch.optim.Adamax),
    "amsgrad": adams(torch.optim.Adam, amsgrad=True),
    "asgd": lambda p, decay, power, **o: torch.optim.ASGD(p, lambd=decay, alpha=power, **o),
    "nadam": adams(torch.optim.NAdam),
    "radam": adams(torch.optim.RAdam),
    "rmsprop_centered": lambda p, **o: rmsprop(p, centered=True, **o),
    "rmsprop_momentum": rmsprop,
    "rprop": lambda p, shrink, growth, smallest, largest, lr, weight_decay: torch.optim.Rprop(
        p, lr=lr, etas=(shrink, growth), step_sizes=(smallest, largest)
    ),
}

OPTAX = {
    "adabelief": lambda lr, beta1, beta2, epsilon, epsilon_root: optax.adabelief(
        lr, beta1, beta2, epsilon, epsilon_root
    ),
    "adan": lambda lr, weight_decay, beta1, beta2, beta3, epsilon, epsilon_root: optax.adan(
        lr, beta1, beta2, beta3, epsilon, epsilon_root, weight_decay
    ),
    "lion": lambda lr, weight_decay, beta1, beta2: optax.lion(
        lr, beta1, beta2, weight_decay=weight_decay
    ),
    "sign_sgd": lambda lr: optax.sign_sgd(lr),
    "yogi": lambda lr, beta1, beta2, epsilon, start: optax.chain(
        optax.scale_by_yogi(beta1, beta2, epsilon, initial_accumulator_value=start),
        optax.scale_by_learning_rate(lr),
    ),
}

DECOUPLED = ("adan", "lion")
"""Optimizers of optax that take the weight decay themselves."""

PENALISED = ("rprop", *(set(OPTAX) - set(DECOUPLED)))
"""Optimizers without weight decay, which is added to their gradients as an L2 penalty."""

ADAMS = (
    {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    {"beta1": 0.7, "beta2": 0.9, "epsilon": 1e-4},
)

NADAMS = tuple(
    {**adam, "momentum_decay": decay} for adam, decay in zip(ADAMS, (4e-3, 0.1), strict=True)
)

SETTINGS = {
    "sgd": (0.1, {}, {}),
    "momentum": (0.05, {"momentum": 0.9}, {"momentum": 0.5}),
    "nesterov": (0.05, {"momentum": 0.9}, {"momentum": 0.5}),
    "adagrad": (0.1, {"epsilon": 1e-10}, {"epsilon": 1e-3}),
    "rmsprop": (0.01, {"alpha": 0.99, "epsilon": 1e-8}, {"alpha": 0.9, "epsilon": 1e-3}),
    "adam": (0.02, *ADAMS),
    "adamw": (0.02, *ADAMS),
    "adadelta": (1.0, {"rho": 0.9, "epsilon": 1e-6}, {"rho": 0.99, "epsilon": 1e-3}),
    "adamax": (0.02, *ADAMS),
    "amsgrad": (0.02, *ADAMS),
    "asgd": (0.1, {"decay": 1e-4, "power": 0.75}, {"decay": 0.3, "power": 0.6}),
    "nadam": (0.02, *NADAMS),
    "radam": (0.02, *ADAMS),
    "rmsprop_centered": (0.01, {"alpha": 0.99, "epsilon": 1e-8}, {"alpha": 0.9, "epsilon": 1e-3}),
    "rmsprop_momentum": (
        0.003,
        {"alpha": 0.99, "epsilon": 1e-8, "momentum": 0.9},
        {"alpha": 0.9, "epsilon": 1e-3, "momentum": 0.5},
    ),
    "rprop": (
        0.01,
        {"shrink": 0.5, "growth": 1.2, "smallest": 1e-6, "largest": 50.0},
        {"shrink": 0.7, "growth": 1.4, "smallest": 1e-3, "largest": 0.02},
    ),
    "adabelief": (
        0.02,
        {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-16, "epsilon_root": 1e-16},
        {"beta1": 0.7, "beta2": 0.9, "epsilon": 1e-4, "epsilon_root": 1e-5},
    ),
    "adan": (
        0.02,
        {"beta1": 0.98, "beta2": 0.92, "beta3": 0.99, "epsilon": 1e-8, "epsilon_root": 1e-8},
        {"beta1": 0.9, "beta2": 0.5, "beta3": 0.8, "epsilon": 1e-3, "epsilon_root": 1e-4},
    ),
    "lion": (0.01, {"beta1": 0.9, "beta2": 0.99}, {"beta1": 0.5, "beta2": 0.8}),
    "sign_sgd": (0.01, {}, {}),
    "yogi": (
        0.02,
        {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-3, "start": 1e-6},
        {"beta1": 0.7, "beta2": 0.9, "epsilon": 1e-4, "start": 0.1},
    ),
}
"""Learning rate, usual and other hyperparameters of each optimizer."""


def main():
    """Parameters after some of the steps of a tanh network on batches taken in turn."""
    rng = np.random.default_rng(2)
    x = rng.normal(0, 1, (ROWS, INPUTS))
    targets = np.stack([np.sin(x[:, 0]) * x[:, 1], x[:, 2] ** 2 - 1], axis=1)
    size = (INPUTS + 1) * HIDDEN + (HIDDEN + 1) * OUTPUTS
    arrays = {"x": x, "targets": targets, "start": rng.normal(0, 0.5, size), "steps": KEPT}
    cases = {}
    for name, (lr, usual, other) in SETTINGS.items():
        for word, options, factor in (("usual", usual, 1), ("other", other, 0.3)):
            for decay in (0.0, 0.02):
                case = f"{name}, {word}, weight decay {decay}"
                arrays[case] = trajectory(arrays, name, lr * factor, decay, options)
                cases[case] = {
                    "option": name, "options": options, "lr": lr * factor, "weight_decay": decay
                }  # fmt: skip
    save("optimizers", cases, arrays, {**VERSIONS, **OPTAX_VERSIONS})


def trajectory(arrays, name, lr, decay, options):
    """One optimizer's course, with the network written out in PyTorch."""
    vector = torch.tensor(arrays["start"], requires_grad=True)
    step = stepping(vector, name, lr, decay, options)
    x, targets = torch.tensor(arrays["x"]), torch.tensor(arrays["targets"])
    shapes = [(INPUTS, HIDDEN), (1, HIDDEN), (HIDDEN, OUTPUTS), (1, OUTPUTS)]
    kept = []
    for t in range(STEPS):
        rows = torch.arange(t * BATCH, (t + 1) * BATCH) % ROWS
        parts = torch.split(vector, [int(np.prod(shape)) for shape in shapes])
        w1, b1, w2, b2 = (piece.reshape(s) for piece, s in zip(parts, shapes, strict=True))
        outputs = torch.tanh(x[rows] @ w1 + b1) @ w2 + b2
        vector.grad = None
        functional.mse_loss(outputs, targets[rows]).backward()
        if name in PENALISED:
            vector.grad += decay * vector.detach()
        step()
        if t + 1 in KEPT:
            kept.append(vector.detach().numpy().copy())
    return np.stack(kept)


def stepping(vector, name, lr, decay, options):
    """An optimizer that moves a vector of parameters along its gradients."""
    if name in OPTIMIZERS:
        return OPTIMIZERS[name]([vector], lr=lr, weight_decay=decay, **options).step
    decoupled = {"weight_decay": decay} if name in DECOUPLED else {}
    rule = OPTAX[name](lr, **decoupled, **options)
    state = rule.init(vector.detach().numpy())

    def step():
        nonlocal state
        params = vector.detach().numpy()
        updates, state = rule.update(vector.grad.numpy(), state, params)
        with torch.no_grad():
            vector.add_(torch.tensor(np.asarray(updates)))

    return step
