"""Makes layered.npz, columns.npz and eigenbases.npz: of optimizers that treat tensors one by one.

    python -m tests.references.layered

As in optimizers.py, but the network's parameters are tensors of their own, and the references are
optax, PyTorch and, for shampoo and soap, the papers' algorithms written out in PyTorch. Where
others than the trained parameters are to be evaluated, these follow them.

The network behind eigenbases.npz has as many outputs as inputs, so that no matrix has a gradient
that vanishes in more than one direction: any basis would be one of eigenvectors there. That behind
columns.npz has one output, so that its last matrix is a column.
"""

import json

import jax
import numpy as np
import optax
import torch
from optax import contrib
from optax.contrib import ScheduleFreeState
from torch.nn import functional

from nnbench.verification.references import DIRECTORY

jax.config.update("jax_enable_x64", True)
# PyTorch's Muon iterates in bfloat16, which has two to three digits.
torch.Tensor.bfloat16 = torch.Tensor.double

VERSIONS = {module.__name__: module.__version__ for module in (torch, jax, optax, np)}
STEPS = 100
KEPT = (1, 2, 5, 10, 20, 50, 100)
ROWS, BATCH = 20, 5
INPUTS, HIDDEN = 3, 4

DECAYED = [0.0, 0.02]
SETTINGS = {
    "lars": (0.5, DECAYED, {"momentum": 0.9, "trust_coefficient": 0.001},
             {"momentum": 0.5, "trust_coefficient": 0.1}),
    "lamb": (0.02, DECAYED, {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-6},
             {"beta1": 0.7, "beta2": 0.9, "epsilon": 1e-3}),
    "novograd": (0.01, DECAYED, {"beta1": 0.9, "beta2": 0.25, "epsilon": 1e-6},
                 {"beta1": 0.5, "beta2": 0.9, "epsilon": 1e-3}),
    "sm3": (0.1, [0.0], {"momentum": 0.9}, {"momentum": 0.5}),
    "prodigy": (1.0, DECAYED, {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "first": 1e-6},
                {"beta1": 0.7, "beta2": 0.9, "epsilon": 1e-6, "first": 1e-3}),
    "adafactor": (0.01, DECAYED, {"decay_power": 0.8, "epsilon2": 1e-3, "threshold": 1.0},
                  {"decay_power": 0.5, "epsilon2": 0.1, "threshold": 2.0}),
    "muon": (0.02, [0.0, 0.1],
             {"momentum": 0.95, "vector_rate": 0.1, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
             {"momentum": 0.8, "vector_rate": 0.5, "beta1": 0.7, "beta2": 0.9, "epsilon": 1e-4}),
    "shampoo": (0.1, [0.0], {"epsilon": 1e-4}, {"epsilon": 0.1}),
    "schedule_free_sgd": (1.0, DECAYED, {"beta1": 0.9, "weight_power": 2.0},
                          {"beta1": 0.6, "weight_power": 0.5}),
    "schedule_free_adamw": (
        0.02, DECAYED, {"beta1": 0.9, "weight_power": 2.0, "beta2": 0.999, "epsilon": 1e-8},
        {"beta1": 0.6, "weight_power": 0.5, "beta2": 0.9, "epsilon": 1e-3}),
}  # fmt: skip
"""Learning rate, weight decays, usual and other hyperparameters of each optimizer."""
EIGENBASES = {
    "soap": (0.01, DECAYED, {"beta1": 0.95, "beta2": 0.95, "epsilon": 1e-8, "period": 10},
             {"beta1": 0.7, "beta2": 0.9, "epsilon": 1e-3, "period": 3}),
}  # fmt: skip

OPTAX = {
    "lars": lambda lr, decay, momentum, trust_coefficient: optax.lars(
        lr, decay, trust_coefficient=trust_coefficient, momentum=momentum
    ),
    "lamb": lambda lr, decay, beta1, beta2, epsilon: optax.lamb(
        lr, beta1, beta2, epsilon, weight_decay=decay
    ),
    "novograd": lambda lr, decay, beta1, beta2, epsilon: optax.novograd(
        lr, beta1, beta2, epsilon, weight_decay=decay
    ),
    "sm3": lambda lr, decay, momentum: optax.sm3(lr, momentum),
    "prodigy": lambda lr, decay, beta1, beta2, epsilon, first: contrib.prodigy(
        lr, (beta1, beta2), eps=epsilon, estim_lr0=first, weight_decay=decay
    ),
    "schedule_free_sgd": lambda lr, decay, beta1, weight_power: contrib.schedule_free_sgd(
        lr, None, beta1, decay, weight_power
    ),
    "schedule_free_adamw": lambda lr, decay, beta1, weight_power, beta2, epsilon: (
        contrib.schedule_free_adamw(lr, None, beta1, beta2, epsilon, decay, weight_power)
    ),
}


def main():
    """Write the files."""
    write("layered", SETTINGS, outputs=2)
    write("eigenbases", EIGENBASES, outputs=3)
    write("columns", SETTINGS, outputs=1)


def write(file, settings, outputs):
    """Write the file of some optimizers, for a network of so many outputs."""
    rng = np.random.default_rng(3)
    x = rng.normal(0, 1, (ROWS, INPUTS))
    functions = [np.sin(x[:, 0]) * x[:, 1], x[:, 2] ** 2 - 1, x[:, 0]]
    targets = np.stack(functions[:outputs], axis=1)
    start = rng.normal(0, 0.5, sum(int(np.prod(shape)) for shape in shapes(targets)))
    arrays = {"x": x, "targets": targets, "start": start, "steps": KEPT}
    cases = {}
    for name, (lr, decays, usual, other) in settings.items():
        for word, options, factor in (("usual", usual, 1), ("other", other, 0.3)):
            for decay in decays:
                key = f"case{len(cases)}"
                arrays[key] = course(arrays, name, lr * factor, decay, options)
                cases[key] = {
                    "name": f"{name}, {word}, weight decay {decay}", "option": name,
                    "options": options, "lr": lr * factor, "weight_decay": decay,
                }  # fmt: skip
    np.savez_compressed(
        DIRECTORY / f"{file}.npz",
        versions=json.dumps(VERSIONS), cases=json.dumps(cases), **arrays,
    )  # fmt: skip


def shapes(targets):
    """Shapes of the network's matrices and biases."""
    outputs = targets.shape[1]
    return [(INPUTS, HIDDEN), (HIDDEN,), (HIDDEN, outputs), (outputs,)]


def course(arrays, name, lr, decay, options):
    """The parameters after some of the steps, (kept, size)."""
    own = shapes(arrays["targets"])
    splits = np.cumsum([int(np.prod(shape)) for shape in own])[:-1]
    parts = [
        piece.reshape(s) for piece, s in zip(np.split(arrays["start"], splits), own, strict=True)
    ]
    step = optax_steps if name in OPTAX else torch_steps
    kept, flat = [], lambda tensors: np.concatenate([np.ravel(t) for t in tensors])
    for t, tensors in enumerate(step(arrays, name, parts, lr, decay, options), start=1):
        if t in KEPT:
            kept.append(flat(tensors))
    return np.stack(kept)


def batch_of(arrays, t):
    """The rows of a step."""
    rows = np.arange(t * BATCH, (t + 1) * BATCH) % ROWS
    return arrays["x"][rows], arrays["targets"][rows]


def optax_steps(arrays, name, parts, lr, decay, options):
    """Parameters after every step of an optimizer of optax's."""

    def loss(tensors, x, targets):
        w1, b1, w2, b2 = tensors
        outputs = jax.numpy.tanh(x @ w1 + b1) @ w2 + b2
        return jax.numpy.mean((outputs - targets) ** 2)

    optimizer = OPTAX[name](lr, decay, **options)
    parts = [jax.numpy.asarray(tensor) for tensor in parts]
    state = optimizer.init(parts)
    for t in range(STEPS):
        gradients = jax.grad(loss)(parts, *batch_of(arrays, t))
        updates, state = optimizer.update(gradients, state, parts)
        parts = optax.apply_updates(parts, updates)
        trajectory = []
        if isinstance(state, ScheduleFreeState):
            trajectory = contrib.schedule_free_eval_params(state, parts)
        yield [np.asarray(tensor) for tensor in (*parts, *trajectory)]


def torch_steps(arrays, name, parts, lr, decay, options):
    """Parameters after every step of an optimizer of PyTorch's, or of the paper's algorithm."""
    # PyTorch keeps matrices as (outputs, inputs).
    tensors = [torch.tensor(piece.T.copy(), requires_grad=True) for piece in parts]
    steppers = TORCH[name](tensors, lr, decay, **options)
    for t in range(STEPS):
        x, targets = (torch.tensor(a) for a in batch_of(arrays, t))
        w1, b1, w2, b2 = tensors
        outputs = torch.tanh(x @ w1.T + b1) @ w2.T + b2
        for stepper in steppers:
            stepper.zero_grad()
        functional.mse_loss(outputs, targets).backward()
        for stepper in steppers:
            stepper.step()
        yield [tensor.detach().numpy().T for tensor in tensors]


def adafactor(tensors, lr, decay, decay_power, epsilon2, threshold):
    """PyTorch's."""
    return [
        torch.optim.Adafactor(
            tensors, lr, -decay_power, (None, epsilon2), threshold, weight_decay=decay
        )
    ]


def muon(tensors, lr, decay, momentum, vector_rate, beta1, beta2, epsilon):
    """PyTorch's for matrices, its AdamW for biases."""
    matrices = [tensor for tensor in tensors if tensor.ndim == 2]
    vectors = [tensor for tensor in tensors if tensor.ndim == 1]
    return [
        torch.optim.Muon(matrices, lr, weight_decay=decay, momentum=momentum),
        torch.optim.AdamW(vectors, lr * vector_rate, (beta1, beta2), epsilon, weight_decay=decay),
    ]


class Shampoo(torch.optim.Optimizer):
    """Algorithm 1 of Gupta, Koren & Singer (2018), for tensors of any order."""

    def __init__(self, tensors, lr, epsilon):
        super().__init__(tensors, {"lr": lr})
        for tensor in tensors:
            self.state[tensor] = [epsilon * torch.eye(n, dtype=tensor.dtype) for n in tensor.shape]

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for tensor in group["params"]:
                update = tensor.grad
                for axis, side in enumerate(self.state[tensor]):
                    unfolded = tensor.grad.movedim(axis, 0).reshape(len(side), -1)
                    side += unfolded @ unfolded.T
                    values, vectors = torch.linalg.eigh(side)
                    root = (vectors * values ** (-1 / (2 * tensor.ndim))) @ vectors.T
                    update = torch.tensordot(root, update, ([1], [axis])).movedim(0, axis)
                tensor -= group["lr"] * update


class SOAP(torch.optim.Optimizer):
    """Algorithm 3 of Vyas et al. (2024) as in its authors' code; the mean stays unrotated."""

    def __init__(self, tensors, lr, weight_decay, beta1, beta2, epsilon, period):
        super().__init__(tensors, {"lr": lr})
        self.weight_decay, self.period = weight_decay, period
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon
        self.steps = -1

    @torch.no_grad()
    def step(self):
        self.steps += 1
        for group in self.param_groups:
            for tensor in group["params"]:
                self.step_of(tensor, group["lr"])

    def step_of(self, tensor, lr):
        state, gradient, t = self.state[tensor], tensor.grad, self.steps
        if t == 0:
            state["mean"], state["square"] = torch.zeros_like(tensor), torch.zeros_like(tensor)
            grams = self.grams(gradient)
            state["grams"] = [(1 - self.beta2) * gram for gram in grams]
            state["bases"] = [torch.linalg.eigh(gram)[1].flip(1) for gram in state["grams"]]
            return
        there, back = state["bases"], [basis.T for basis in state["bases"]]
        state["mean"] = self.beta1 * state["mean"] + (1 - self.beta1) * gradient
        squared = rotated(gradient, there) ** 2
        state["square"] = self.beta2 * state["square"] + (1 - self.beta2) * squared
        update = rotated(state["mean"], there) / (state["square"].sqrt() + self.epsilon)
        size = lr * (1 - self.beta2**t) ** 0.5 / (1 - self.beta1**t)
        tensor -= size * rotated(update, back)
        tensor -= lr * self.weight_decay * tensor
        for gram, new in zip(state["grams"], self.grams(gradient), strict=True):
            gram.lerp_(new, 1 - self.beta2)
        if t % self.period == 0:
            for axis, gram in enumerate(state["grams"]):
                basis = state["bases"][axis]
                order = torch.argsort(torch.diag(basis.T @ gram @ basis), descending=True)
                state["square"] = state["square"].index_select(axis, order)
                state["bases"][axis] = torch.linalg.qr(gram @ basis[:, order])[0]

    def grams(self, gradient):
        """Gram matrices of the rows and of the columns of a matrix; a bias has none."""
        return [gradient @ gradient.T, gradient.T @ gradient] if gradient.ndim == 2 else []


def rotated(tensor, bases):
    """The tensor in other bases, one for each axis; as it is if there are none."""
    return bases[0].T @ tensor @ bases[1] if bases else tensor


TORCH = {
    "adafactor": adafactor,
    "muon": muon,
    "shampoo": lambda tensors, lr, decay, epsilon: [Shampoo(tensors, lr, epsilon)],
    "soap": lambda tensors, lr, decay, **options: [SOAP(tensors, lr, decay, **options)],
}

if __name__ == "__main__":
    main()
