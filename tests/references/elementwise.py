"""Makes activations.npz and losses.npz, with PyTorch.

- activations.npz: values and derivatives on a grid.
- losses.npz: values and gradients for a few batches.
"""

import numpy as np
import torch
from torch.nn import functional

from tests.references.save import save

torch.set_default_dtype(torch.float64)


def gelu_tanh(x):
    """functional.gelu(x, approximate="tanh"), which loses digits in its tail, without the tanh."""
    y = x * torch.sigmoid(np.sqrt(8 / np.pi) * (x + 0.044715 * x**3))
    torch.testing.assert_close(y, functional.gelu(x, approximate="tanh"), rtol=0, atol=1e-14)
    return y


ACTIVATIONS = {
    "identity": lambda x: x,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": functional.relu,
    "leaky_relu": lambda x, slope: functional.leaky_relu(x, slope),
    "prelu": lambda x, slope: functional.prelu(x, torch.tensor([slope], dtype=x.dtype)),
    "elu": lambda x, alpha: functional.elu(x, alpha),
    "gelu": functional.gelu,
    "softplus": lambda x: functional.softplus(x, threshold=1000),
    # functional.hardsigmoid has a derivative of 1/6 in single precision, whatever that of x.
    "hard_sigmoid": lambda x: functional.relu6(x + 3) / 6,
    "selu": functional.selu,
    "gelu_tanh": gelu_tanh,
    "silu": functional.silu,
    "mish": functional.mish,
    "softsign": functional.softsign,
    "sine": torch.sin,
}

ACTIVATION_CASES = {
    "identity": ("identity", {}),
    "sigmoid": ("sigmoid", {}),
    "tanh": ("tanh", {}),
    "relu": ("relu", {}),
    "gelu": ("gelu", {}),
    "softplus": ("softplus", {}),
    "leaky_relu": ("leaky_relu", {"slope": 0.01}),
    "leaky_relu, steep": ("leaky_relu", {"slope": 0.3}),
    "elu": ("elu", {"alpha": 1.0}),
    "elu, half": ("elu", {"alpha": 0.5}),
    "elu, double": ("elu", {"alpha": 2.0}),
    "prelu": ("prelu", {"slope": 0.25}),
    "prelu, falling": ("prelu", {"slope": -0.5}),
    "hard_sigmoid": ("hard_sigmoid", {}),
    "selu": ("selu", {}),
    "gelu_tanh": ("gelu_tanh", {}),
    "silu": ("silu", {}),
    "mish": ("mish", {}),
    "softsign": ("softsign", {}),
    "sine": ("sine", {}),
}


def focal(outputs, targets, gamma):
    """The formula, of which PyTorch takes the gradient."""
    log_p = (functional.log_softmax(outputs, dim=1) * targets).sum(dim=1)
    return (-((1 - log_p.exp()) ** gamma) * log_p).mean()


LOSSES = {
    "mse": functional.mse_loss,
    "mae": functional.l1_loss,
    "huber": functional.huber_loss,
    "log_cosh": lambda x, targets: torch.log(torch.cosh(x - targets)).mean(),
    "cross_entropy": functional.cross_entropy,
    "binary_cross_entropy": functional.binary_cross_entropy_with_logits,
    "focal": focal,
    "hinge": lambda x, targets: functional.multi_margin_loss(x, targets.argmax(dim=1)),
    "poisson_nll": functional.poisson_nll_loss,
}

LOSS_CASES = {
    "mse": ("mse", {}),
    "cross_entropy": ("cross_entropy", {"label_smoothing": 0.0}),
    "cross_entropy, smoothed": ("cross_entropy", {"label_smoothing": 0.1}),
    "binary_cross_entropy": ("binary_cross_entropy", {}),
    "mae": ("mae", {}),
    "huber": ("huber", {"delta": 1.0}),
    "huber, narrow": ("huber", {"delta": 0.2}),
    "log_cosh": ("log_cosh", {}),
    "focal": ("focal", {"gamma": 2.0}),
    "focal, gentle": ("focal", {"gamma": 1.5}),
    "hinge": ("hinge", {}),
    "poisson_nll": ("poisson_nll", {}),
}


def activations():
    """Values and derivatives, stacked, on a grid that includes 0 and the tails."""
    grid = np.concatenate([np.linspace(-6, 6, 97), [-700, -40, -1e-3, -1e-9, 1e-9, 1e-3, 40, 700]])
    arrays, cases = {"x": grid}, {}
    for case, (name, options) in ACTIVATION_CASES.items():
        x = torch.tensor(grid, requires_grad=True)
        y = ACTIVATIONS[name](x, **options)
        (slope,) = torch.autograd.grad(y.sum(), x)
        arrays[case] = np.stack([y.detach().numpy(), slope.numpy()])
        cases[case] = {"option": name, "options": options}
    save("activations", cases, arrays)


def losses():
    """Gradients and, in the last place of a flat row, the values of three runs."""
    rng = np.random.default_rng(1)
    runs, batch, outputs = 3, 7, 4
    x = rng.normal(0, 1, (runs, batch, outputs)) * np.array([0.1, 3, 40])[:, None, None]
    targets = np.eye(outputs)[rng.integers(outputs, size=(runs, batch))]
    arrays, cases = {"outputs": x, "targets": targets}, {}
    for case, (name, options) in LOSS_CASES.items():
        rows = []
        for run in range(runs):
            tensor = torch.tensor(x[run], requires_grad=True)
            value = LOSSES[name](tensor, torch.tensor(targets[run]), **options)
            (gradient,) = torch.autograd.grad(value, tensor)
            rows.append(np.append(gradient.numpy().ravel(), value.item()))
        arrays[case] = np.stack(rows)
        cases[case] = {"option": name, "options": options}
    save("losses", cases, arrays)


def main():
    """Write the files."""
    activations()
    losses()
