"""Training steps per second of convolutional and recurrent networks, and of PyTorch: Adam, float32.

A recurrent layer over 40 steps, and three convolutions over images of 8×8 without pooling.
"""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

import nnbench
from nnbench.assembly import build, settle
from nnbench.data.dataset import Dataset, classification
from nnbench.engine.layers.convolution import Convolution
from nnbench.engine.layers.dense import Dense
from nnbench.engine.layers.recurrent import Recurrent
from nnbench.engine.network import Network
from nnbench.run.config import RunConfig
from tests.speed import _peers
from tests.speed._rounds import ROUNDS, seconds_per_call
from tests.speed._whole_runs import WholeRuns
from tests.speed.engine import EPOCHS, epoch, print_shares, training

RUNS = 4
WHOLE_ROUNDS = 3
"""Rounds of whole runs, which take minutes."""

CASES = {
    "gru, 40 steps, 32 units, batch 64": (
        (40, 1), ("model=rnn", "depth=1", "width=32", "batch_size=64"),
    ),
    "lstm, 40 steps, 32 units, batch 64": (
        (40, 1), ("model=rnn", "model.cell=lstm", "depth=1", "width=32", "batch_size=64"),
    ),
    "cnn, 3 blocks of 8 channels, batch 32": (
        (8, 8, 1), ("model=cnn", "model.pool=none", "depth=3", "width=8", "batch_size=32"),
    ),
    "cnn, 3 blocks of 32 channels, batch 64": (
        (8, 8, 1), ("model=cnn", "model.pool=none", "depth=3", "width=32", "batch_size=64"),
    ),
}  # fmt: skip
"""Shape of an example, and the words that set the run."""


def main(smoke: bool) -> None:
    """Measure every case and print its table."""
    with threadpool_limits(1):
        for name, (shape, words) in CASES.items():
            measure(name, shape, words, 1 if smoke else ROUNDS)


def measure(name: str, shape: tuple[int, ...], words: tuple[str, ...], rounds: int) -> None:
    """Print steps per second and ratios of one network."""
    x = np.random.default_rng(0).normal(size=(1280, *shape))
    data = classification("noise", x, np.arange(len(x)) % 10, "")
    words = (*words, f"epochs={EPOCHS if rounds > 1 else 6}")
    config = settle.settle_loss(nnbench.compose(words), data.task)
    configs = [replace(config, seed=seed) for seed in range(RUNS)]
    alone, stacked = training(configs[:1], data), training(configs, data)
    batch = alone.training.batch
    steps = alone.training.batches.train.shape[1] // batch
    rows = alone.training.batches.train[0][: steps * batch]
    network = build.network(config, data)
    data_of_batch = alone.training.batches.x.exact(rows[None])[0].astype("float32"), data.y[rows]
    contestants = {
        "nnbench, one run": epoch(alone),
        f"nnbench, stack of {RUNS}": epoch(stacked),
        "matrix products alone": products(network, batch, steps),
        "PyTorch eager, fused Adam": _peers.torch_network(
            *data_of_batch, module(config, data), batch
        ),
    }
    seconds = seconds_per_call(
        _peers.installed(contestants), clock=time.process_time, rounds=rounds
    )
    counts = {f"nnbench, stack of {RUNS}": RUNS}
    rates = {name: counts.get(name, 1) * steps / time for name, time in seconds.items()}
    ours = [name for name in rates if name.startswith("nnbench")]
    print(f"\n{name}: training steps of one run per second")
    print(f"  {'':28} {'steps/s':>9}" + "".join(f" {own.split(', ')[1]:>14}" for own in ours))
    for name, rate in rates.items():
        ratios = "".join(f" {rates[own] / rate:13.2f}x" for own in ours)
        print(f"  {name:28} {rate:9.0f}{ratios}")
    whole_runs = {
        "nnbench, one whole run": WholeRuns(configs[:1], data),
        f"nnbench, {RUNS} whole runs": WholeRuns(configs, data),
    }
    seconds_per_call(whole_runs, rounds=min(rounds, WHOLE_ROUNDS))
    print_shares(whole_runs)


def module(config: RunConfig, data: Dataset) -> Callable[..., object]:
    """A factory of PyTorch's network of the same size."""
    if config.model.name == "cnn":
        return lambda torch: _peers.torch_cnn(torch, config.depth, config.width, data.classes)
    cell = config.model.option("cell")
    return lambda torch: _peers.torch_rnn(torch, cell, data.x.shape[-1], config.width, data.classes)


def products(network: Network, batch: int, steps: int) -> Callable[[], None]:
    """Only the matrix products of an epoch of one run, on arrays that are laid out for them."""
    shapes: list[tuple[int, int, int, int, int]] = []
    for layer, in_shape in zip(network.layers, network.in_shapes, strict=True):
        first = layer is network.layers[network.first]
        shapes += [shape for shape in products_of(layer, in_shape, batch) if shape[0]][
            : -1 if first else None
        ]
    rng = np.random.default_rng(0)
    products_made = [
        (count, *(rng.normal(size=s).astype(np.float32) for s in ((g, m, k), (g, k, n))),
         np.empty((g, m, n), np.float32))
        for count, g, m, k, n in shapes
    ]  # fmt: skip

    def multiply() -> None:
        for _ in range(steps):
            for count, a, b, out in products_made:
                for _ in range(count):
                    np.matmul(a, b, out=out)

    return multiply


def products_of(
    layer: object, in_shape: tuple[int, ...], batch: int
) -> list[tuple[int, int, int, int, int]]:
    """Repeats, batch, and sizes (m, k) by (k, n) of matrix products; the last is for dx."""
    inputs = in_shape[-1]
    if isinstance(layer, Dense):
        units = layer.units
        return [(1, 1, batch, inputs, units), (1, 1, inputs, batch, units),
                (1, 1, batch, units, inputs)]  # fmt: skip
    if isinstance(layer, Convolution):
        rows, taps, channels = batch * 64, layer.window(in_shape).taps, layer.channels
        return [(1, 1, rows, taps * inputs, channels), (1, 1, taps * inputs, rows, channels),
                (1, 1, rows, taps * channels, inputs)]  # fmt: skip
    if isinstance(layer, Recurrent):
        steps, units, gates = in_shape[0], layer.units, layer.cell.gates
        rows = steps * batch
        return [(1, gates, rows, inputs, units), (steps, gates, batch, units, units),
                (steps - 1, gates, batch, units, units), (1, gates, inputs, rows, units),
                (1, gates, units, rows, units), (1, gates, rows, units, inputs)]  # fmt: skip
    return []
