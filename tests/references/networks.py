"""Makes signals.npz and images.npz: what convolutional and recurrent networks find.

    python -m tests.references.networks

As in trainings.py: two hidden layers of three units, tanh, and whole trainings in float64, four
steps an epoch, with PyTorch's own modules given the same parameters at first; in every row
parameters and outputs for all rows, at the beginning and after twelve steps.
"""

import json
from functools import partial
from itertools import count
from math import prod

import numpy as np
import torch
from torch.func import functional_call
from torch.nn import functional

from nnbench.verification.references import DIRECTORY
from tests.references.trainings import BATCH, OPTIMIZERS, ROWS

torch.set_default_dtype(torch.float64)

VERSIONS = {"torch": torch.__version__, "numpy": np.__version__}
WIDTH, OUTPUTS = 3, 2
KEPT = (3,)
SHAPES = {"signals": (7, 2), "images": (6, 5, 2)}
SGD, ADAM = {"optimizer": "sgd", "lr": 0.2}, {"optimizer": "adam", "lr": 0.02}
CASES = {
    "signals": [
        ("mlp", {}, SGD),
        ("rnn", {"cell": "simple"}, SGD),
        ("rnn", {"cell": "simple", "bidirectional": True, "output": "mean"}, ADAM),
        ("rnn", {"cell": "gru"}, SGD),
        ("rnn", {"cell": "gru", "bidirectional": True}, SGD),
        ("rnn", {"cell": "gru", "truncation": 3, "output": "mean"}, SGD),
        ("rnn", {"cell": "lstm"}, SGD),
        ("rnn", {"cell": "lstm", "bidirectional": True, "output": "mean"}, ADAM),
        ("rnn", {"cell": "lstm", "truncation": 2}, ADAM),
        ("cnn", {"kernel": 3, "poolings": 1}, SGD),
        ("cnn", {"kernel": 3, "dilation": 2, "pool": "average", "poolings": 1}, ADAM),
        ("cnn", {"kernel": 3, "stride": 2, "pool": "none", "head": "flatten"}, SGD),
    ],
    "images": [
        ("cnn", {"kernel": 3, "poolings": 1}, SGD),
        ("cnn", {"kernel": 3, "pool": "average", "poolings": 1, "head": "flatten"}, ADAM),
        ("cnn", {"kernel": 2, "padding": 1, "pool": "none", "head": "flatten"}, ADAM),
        ("cnn", {"kernel": 3, "dilation": 2, "pool": "none"}, SGD),
        ("cnn", {"kernel": 3, "stride": 2, "pool": "none", "head": "flatten"}, ADAM),
        ("rnn", {"cell": "gru"}, SGD),
    ],
}
"""Option, its settings, and other keys of each file."""

CELLS = {
    "simple": (torch.nn.RNN, (0,)),
    "gru": (torch.nn.GRU, (0, 1, 2)),
    # PyTorch's order is i, f, g, o; here it is o, i, f, g.
    "lstm": (torch.nn.LSTM, (1, 2, 3, 0)),
}
"""A module, and which of nnbench's gates each of its own is."""


def main():
    """Write the files."""
    for number, (file, shape) in enumerate(SHAPES.items()):
        rng = np.random.default_rng(20 + number)
        x = standardised(rng.normal(size=(ROWS, *shape)), axis=tuple(range(len(shape))))
        first, last = x.reshape(ROWS, -1)[:, :3].sum(axis=1), x.reshape(ROWS, -1)[:, -1]
        targets = standardised(np.stack([np.sin(first), first * last], axis=1), axis=0)
        arrays, cases = {"x": x, "targets": targets}, {}
        for option, options, keys in CASES[file]:
            key = f"case{len(cases)}"
            arrays[key] = training(arrays, option, options, keys)
            label = ", ".join([option, *map(str, options.values())])
            cases[key] = {
                "name": label, "option": option, "options": options,
                "words": [f"{k}={v}" for k, v in {"width": WIDTH, **keys}.items()],
            }  # fmt: skip
        np.savez_compressed(
            DIRECTORY / f"{file}.npz",
            versions=json.dumps(VERSIONS), cases=json.dumps(cases), epochs=KEPT, **arrays,
        )  # fmt: skip


def standardised(array, axis):
    """Values with a mean of 0 and a deviation of 1 along the axis, as a network is given them."""
    return (array - array.mean(axis=axis)) / array.std(axis=axis)


def training(arrays, option, options, keys):
    """PyTorch's results, from the first step on."""
    network = partial(NETWORKS[option], torch.tensor(arrays["x"]), options)
    vector = torch.nn.Parameter(first_parameters(network))
    optimizer = OPTIMIZERS[keys["optimizer"]]([vector], lr=keys["lr"])
    targets = torch.tensor(arrays["targets"])
    x = torch.tensor(arrays["x"])
    apply = NETWORKS[option]
    rows = []
    for epoch in range(KEPT[-1] + 1):
        if epoch == 0 or epoch in KEPT:
            outputs = apply(x, options, Taker(vector.detach())).ravel()
            rows.append(np.concatenate([vector.detach().numpy().copy(), outputs.numpy()]))
        for first in range(0, ROWS, BATCH):
            batch = slice(first, first + BATCH)
            optimizer.zero_grad()
            outputs = apply(x[batch], options, Taker(vector))
            functional.mse_loss(outputs, targets[batch]).backward()
            optimizer.step()
    return np.stack(rows)


class Taker:
    """Hands out one tensor of parameters after another, in nnbench's order."""

    def __init__(self, vector):
        self.vector, self.place = vector, 0

    def __call__(self, *shape):
        begin, self.place = self.place, self.place + prod(shape)
        return self.vector[begin : self.place].reshape(shape)


def first_parameters(network):
    """As many as it takes."""
    plenty = torch.tensor(np.random.default_rng(30).normal(0, 0.5, 5000))
    take = Taker(plenty)
    network(take)
    return plenty[: take.place].clone()


def rnn(x, options, take):
    """Two recurrent layers, and what is made of their last state or the mean."""
    x = x.flatten(2)
    module, order = CELLS[options["cell"]]
    both = options.get("bidirectional", False)
    for _ in range(2):
        layer = module(x.shape[-1], WIDTH, batch_first=True, bidirectional=both)
        tensors = {}
        for suffix in ("_l0", "_l0_reverse")[: 1 + both]:
            features = x.shape[-1]
            inputs, states = take(len(order), features, WIDTH), take(len(order), WIDTH, WIDTH)
            biases = take(2, len(order), WIDTH)
            for name, weights in (("ih", inputs), ("hh", states)):
                turned = [weights[gate].T for gate in order]
                tensors[f"weight_{name}{suffix}"] = torch.cat(turned)
            for name, bias in zip(("ih", "hh"), biases, strict=True):
                tensors[f"bias_{name}{suffix}"] = torch.cat([bias[gate] for gate in order])
        x, last = read(layer, tensors, x, options.get("truncation") or x.shape[1])
    if options.get("output") == "mean":
        seen = x.mean(dim=1)
    else:
        last = last[0] if isinstance(last, tuple) else last
        seen = torch.cat(list(last), dim=1)
    return seen @ take(seen.shape[1], OUTPUTS) + take(OUTPUTS)


def read(layer, tensors, x, truncation):
    """All states of a layer and its last one; no gradient passes between pieces of the steps."""
    steps, states, state = x.shape[1], [], ()
    # The first piece is what is left over.
    lengths = [truncation] * (steps // truncation)
    lengths = [steps % truncation, *lengths] if steps % truncation else lengths
    for piece in torch.split(x, lengths, dim=1):
        seen, last = functional_call(layer, tensors, (piece, *state))
        states.append(seen)
        cut = tuple(h.detach() for h in last) if isinstance(last, tuple) else last.detach()
        state = (cut,)
    return torch.cat(states, dim=1), last


def cnn(x, options, take):
    """Two convolutions, the first perhaps with a pooling."""
    axes = x.ndim - 2
    x = x.movedim(-1, 1)
    convolve = {1: functional.conv1d, 2: functional.conv2d}[axes]
    pools = {"average": {1: functional.avg_pool1d, 2: functional.avg_pool2d},
             "max": {1: functional.max_pool1d, 2: functional.max_pool2d}}  # fmt: skip
    kernel, dilation = options["kernel"], options.get("dilation", 1)
    padding = options.get("padding", dilation * (kernel - 1) // 2)
    for layer in count():
        inputs = x.shape[1]
        weights = take(*[kernel] * axes, inputs, WIDTH).movedim((-1, -2), (0, 1))
        bias = take(WIDTH)
        x = convolve(x, weights, bias, options.get("stride", 1), padding, dilation)
        x = torch.tanh(x)
        if layer == 0 and options.get("poolings"):
            x = pools[options.get("pool", "max")][axes](x, 2)
        if layer == 1:
            break
    x = x.movedim(1, -1)
    flat = options.get("head") == "flatten"
    seen = x.flatten(1) if flat else x.flatten(1, -2).mean(dim=1)
    return seen @ take(seen.shape[1], OUTPUTS) + take(OUTPUTS)


def mlp(x, options, take):
    """Two layers of units that see every number."""
    x = x.flatten(1)
    for _ in range(2):
        x = torch.tanh(x @ take(x.shape[1], WIDTH) + take(WIDTH))
    return x @ take(WIDTH, OUTPUTS) + take(OUTPUTS)


NETWORKS = {"mlp": mlp, "cnn": cnn, "rnn": rnn}


if __name__ == "__main__":
    main()
