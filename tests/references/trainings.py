"""Makes trainings.npz: what a network finds with all that may stand around its optimizer.

    python -m tests.references.trainings

25 epochs of four steps each on 18 rows in their order, the last batch of three, in float64. A
network of two hidden layers of four units, tanh, keeps its parameters in one vector. Norms and
averages are PyTorch's, wrappers and clipping optax's, with JAX's gradients.

Of each case there is an array (1 + epochs kept, …): in every row parameters, what norms have
measured, and outputs for all rows, of that network which counts as found; the first row is the
beginning. `words` are what sets the run on nnbench's command line.
"""

import json
from functools import partial
from itertools import pairwise

import jax
import numpy as np
import optax
import torch
from optax import contrib
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from nnbench.verification.references import DIRECTORY

jax.config.update("jax_enable_x64", True)
torch.set_default_dtype(torch.float64)

VERSIONS = {module.__name__: module.__version__ for module in (torch, jax, optax, np)}
ROWS, BATCH, INPUTS, WIDTH, OUTPUTS = 18, 5, 3, 4, 2
EPOCHS = 25
KEPT = (1, 2, 5, 10, 25)
UNITS = (INPUTS, WIDTH, WIDTH, OUTPUTS)

RATES = {"sgd": 0.2, "momentum": 0.02, "adam": 0.02}
CASES = [
    ("norm", "batch", "sgd", {"momentum": 0.1, "epsilon": 1e-5}, {}),
    ("norm", "batch", "momentum", {"momentum": 0.5, "epsilon": 0.1}, {"residual": True}),
    ("norm", "layer", "sgd", {"epsilon": 1e-5}, {}),
    ("norm", "layer", "adam", {"epsilon": 0.1}, {"residual": True}),
    ("wrapper", "sam", "sgd", {"rho": 0.05}, {}),
    ("wrapper", "sam", "adam", {"rho": 0.5}, {"clip_norm": 0.2, "weight_decay": 0.02}),
    ("wrapper", "lookahead", "sgd", {"period": 6, "share": 0.5}, {}),
    ("wrapper", "lookahead", "adam", {"period": 4, "share": 0.9}, {}),
    ("average", "ema", "sgd", {"decay": 0.999}, {}),
    ("average", "ema", "momentum", {"decay": 0.8}, {"norm": "batch"}),
    ("average", "swa", "sgd", {"start": 0.75}, {}),
    ("average", "swa", "momentum", {"start": 0.13}, {"norm": "batch"}),
    ("gradient", "clip_norm", "sgd", {}, {"clip_norm": 0.1}),
    ("gradient", "clip_value", "sgd", {}, {"clip_value": 0.05}),
    ("gradient", "penalties", "adam", {}, {"clip_norm": 0.5, "clip_value": 0.1, "l1": 0.01,
                                           "weight_decay": 0.02}),
]  # fmt: skip
"""Config group, option, optimizer, the option's own settings, and other keys.

No adam before batch norm, whose biases have a gradient of 0: it makes steps of what is rounded.
"""


OPTIMIZERS = {
    "sgd": torch.optim.SGD,
    "momentum": partial(torch.optim.SGD, momentum=0.9),
    "adam": torch.optim.Adam,
}


def main():
    """Write the file."""
    rng = np.random.default_rng(8)
    x = rng.normal(0, 1, (ROWS, INPUTS))
    targets = np.stack([np.sin(x[:, 0]) * x[:, 1], x[:, 2] ** 2 - 1], axis=1)
    arrays = {name: standardised(array) for name, array in (("x", x), ("targets", targets))}
    cases = {}
    for group, option, optimizer, options, keys in CASES:
        norm = option if group == "norm" else keys.get("norm", "none")
        settings = {"optimizer": optimizer, "lr": RATES[optimizer], **keys}
        key = f"case{len(cases)}"
        make = torch_training if group in ("norm", "average") else optax_training
        arrays[key] = make(arrays, start(norm), group, option, options, {**settings, "norm": norm})
        cases[key] = {
            "name": f"{group} {option}, {optimizer}", "group": group, "option": option,
            "options": options, "words": [f"{k}={v}".lower() for k, v in settings.items()],
        }  # fmt: skip
    np.savez_compressed(
        DIRECTORY / "trainings.npz",
        versions=json.dumps(VERSIONS), cases=json.dumps(cases), epochs=KEPT, **arrays,
    )  # fmt: skip


def standardised(array):
    """Columns with a mean of 0 and a deviation of 1, as a network is given them."""
    return (array - array.mean(axis=0)) / array.std(axis=0)


def start(norm):
    """Parameters to begin with."""
    sizes = pairwise(UNITS)
    size = sum(inputs * units + units for inputs, units in sizes)
    size += 0 if norm == "none" else 2 * 2 * WIDTH
    return np.random.default_rng(9).normal(0, 0.5, size)


def batches(arrays):
    """The rows of each step of an epoch."""
    for first in range(0, ROWS, BATCH):
        rows = slice(first, first + BATCH)
        yield arrays["x"][rows], arrays["targets"][rows]


class Net(torch.nn.Module):
    """The network, with its parameters in one vector and what norms measure in another."""

    def __init__(self, vector, norm, options, residual):
        super().__init__()
        self.vector = torch.nn.Parameter(torch.tensor(vector))
        self.norm, self.options, self.residual = norm, options, residual
        measured = [0.0] * WIDTH + [1.0] * WIDTH if norm == "batch" else []
        self.register_buffer("measured", torch.tensor(2 * measured))

    def forward(self, x):
        place, layers = 0, len(UNITS) - 1

        def take(*shape):
            nonlocal place
            begin, place = place, place + int(np.prod(shape))
            return self.vector[begin:place].reshape(shape)

        for layer, (inputs, units) in enumerate(pairwise(UNITS)):
            y = x @ take(inputs, units) + take(units)
            if layer == layers - 1:
                return y
            if self.norm == "batch":
                measured = self.measured[2 * WIDTH * layer :]
                y = functional.batch_norm(
                    y, measured[:WIDTH], measured[WIDTH : 2 * WIDTH], take(units), take(units),
                    self.training, self.options.get("momentum", 0.1),
                    self.options.get("epsilon", 1e-5),
                )  # fmt: skip
            elif self.norm == "layer":
                epsilon = self.options["epsilon"]
                y = functional.layer_norm(y, (units,), take(units), take(units), epsilon)
            y = torch.tanh(y)
            x = x + y if self.residual and inputs == units else y
        raise AssertionError


def torch_training(arrays, vector, group, option, options, settings):
    """PyTorch's results, from the first step on."""
    own = options if group == "norm" else {}
    net = Net(vector, settings["norm"], own, settings.get("residual", False))
    optimizer = OPTIMIZERS[settings["optimizer"]]([net.vector], lr=settings["lr"])
    average = AveragedModel(net, use_buffers=True)
    if option == "ema":
        decay = options["decay"]
        average = AveragedModel(
            net, multi_avg_fn=get_ema_multi_avg_fn(decay), use_buffers=True
        )  # fmt: skip
    rows = [torch_row(net, arrays)]
    for epoch in range(EPOCHS):
        for x, targets in batches(arrays):
            optimizer.zero_grad()
            functional.mse_loss(net(torch.tensor(x)), torch.tensor(targets)).backward()
            optimizer.step()
            if option == "ema":
                average.update_parameters(net)
        begun = option == "swa" and epoch >= int(options["start"] * EPOCHS + 1e-9)
        if begun:
            average.update_parameters(net)
        if epoch + 1 in KEPT:
            rows.append(torch_row(average.module if begun or option == "ema" else net, arrays))
    return np.stack(rows)


def torch_row(net, arrays):
    """Parameters, what norms have measured, and outputs."""
    net.eval()
    with torch.no_grad():
        parts = [net.vector, net.measured, net(torch.tensor(arrays["x"]))]
    net.train()
    return np.concatenate([tensor.detach().numpy().ravel() for tensor in parts])


def outputs_of(vector, x):
    """The network without norms."""
    place = 0
    for layer, (inputs, units) in enumerate(pairwise(UNITS)):
        end = place + inputs * units
        x = x @ vector[place:end].reshape(inputs, units) + vector[end : end + units]
        x = x if layer == len(UNITS) - 2 else jax.numpy.tanh(x)
        place = end + units
    return x


@jax.jit
@jax.grad
def gradient_of(vector, x, targets):
    """Gradient of the loss."""
    return jax.numpy.mean((outputs_of(vector, x) - targets) ** 2)


def clipped(settings):
    """An optimizer of optax's, and what is done to gradients before."""
    steps = []
    if "clip_norm" in settings:
        steps.append(optax.clip_by_global_norm(settings["clip_norm"]))
    if "clip_value" in settings:
        steps.append(optax.clip(settings["clip_value"]))
    if "weight_decay" in settings:
        steps.append(optax.add_decayed_weights(settings["weight_decay"]))
    if "l1" in settings:
        steps.append(optax.stateless(lambda g, p: g + settings["l1"] * jax.numpy.sign(p)))
    kinds = {"sgd": optax.sgd, "adam": optax.adam}
    return optax.chain(*steps, kinds[settings["optimizer"]](settings["lr"]))


def optax_training(arrays, vector, group, option, options, settings):
    """optax's results, from the first step on."""
    rule, params = clipped(settings), jax.numpy.asarray(vector)
    gradients = 1
    if option == "sam":
        uphill = optax.chain(contrib.normalize(), optax.sgd(options["rho"]))
        rule, gradients = contrib.sam(rule, uphill), 2
    if option == "lookahead":
        rule = optax.lookahead(rule, options["period"], options["share"])
        params = optax.LookaheadParams.init_synced(params)
    state = rule.init(params)
    rows = [optax_row(params, arrays)]
    for epoch in range(EPOCHS):
        for batch in batches(arrays):
            for _ in range(gradients):
                gradient = gradient_of(getattr(params, "fast", params), *batch)
                updates, state = rule.update(gradient, state, params)
                params = optax.apply_updates(params, updates)
        if epoch + 1 in KEPT:
            rows.append(optax_row(params, arrays))
    return np.stack(rows)


def optax_row(params, arrays):
    """Parameters, of two the slow ones, and outputs."""
    vector = getattr(params, "slow", params)
    return np.concatenate([np.asarray(vector), np.ravel(outputs_of(vector, arrays["x"]))])


if __name__ == "__main__":
    main()
