"""Training steps per second of the engine and its peers: digits, ReLU, Adam, float32.

Peers only train; whole runs also evaluate after each epoch and at their end, 50 epochs.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np
from threadpoolctl import threadpool_limits

import nnbench
from nnbench.assembly import build, settle
from nnbench.engine.arrays import ParamStack
from nnbench.training.loop import Loop
from nnbench.training.state import Training
from tests.speed import _peers
from tests.speed._rounds import ROUNDS, seconds_per_call
from tests.speed._whole_runs import WholeRuns

CASES = [
    # depth, width, batch, runs of the stack
    (3, 64, 32, 8),
    (3, 512, 128, 1),
]

EPOCHS = 50
"""Epochs of a whole run, the default."""


def main(smoke: bool) -> None:
    """Measure every case, or the smallest once, and print its table."""
    with threadpool_limits(1):
        for depth, width, batch, runs in CASES[: 1 if smoke else None]:
            measure(depth, width, batch, runs, 1 if smoke else ROUNDS)


def measure(depth: int, width: int, batch: int, runs: int, rounds: int) -> None:
    """Print steps per second and ratios for one size of network."""
    words = [f"depth={depth}", f"width={width}", f"batch_size={batch}"]
    configs = nnbench.compose_all([*words, f"epochs={EPOCHS if rounds > 1 else 6}"])
    configs = [replace(config, seed=seed) for seed, config in enumerate(configs * runs)][:runs]
    data = build.dataset(configs[0].dataset)
    configs = [settle.settle_loss(config, data.task) for config in configs]
    alone = training(configs[:1], data)
    rows = alone.training.batches.train[0]
    whole = len(rows) // batch * batch
    # An image is a row of numbers for dense layers, here and in the other libraries.
    x = alone.training.batches.x.exact(rows[None, :whole])[0].reshape(whole, -1).astype("float32")
    y = data.y[rows[:whole]]

    whole_runs = {"nnbench, one whole run": WholeRuns(configs[:1], data)}
    contestants = {
        "nnbench, one run": epoch(alone),
        **whole_runs,
        "matrix products alone": products(alone.training),
        "scikit-learn": _peers.sklearn(x, y, depth, width, batch),
        "PyTorch eager, fused Adam": _peers.torch(x, y, depth, width, batch),
    }
    counts = dict.fromkeys(contestants, 1)
    if runs > 1:
        contestants[f"nnbench, stack of {runs}"] = epoch(training(configs, data))
        contestants[f"JAX vmap+scan, {runs} runs"] = _peers.jax(x, y, depth, width, batch, runs)
        counts |= dict.fromkeys(list(contestants)[-2:], runs)
        whole_runs[f"nnbench, {runs} whole runs"] = WholeRuns(configs, data)
    contestants |= whole_runs
    counts |= {name: whole_run.epochs for name, whole_run in whole_runs.items()}
    seconds = seconds_per_call(
        _peers.installed(contestants), clock=time.process_time, rounds=rounds
    )

    steps = whole // batch
    rates = {name: counts[name] * steps / time for name, time in seconds.items()}
    print(f"\ndepth {depth}, width {width}, batch {batch}: training steps of one run per second")
    ours = [name for name in rates if name.startswith("nnbench")]
    print(f"  {'':28} {'steps/s':>9}" + "".join(f" {name.split(', ')[1]:>14}" for name in ours))
    for name, rate in rates.items():
        ratios = "".join(f" {rates[own] / rate:13.2f}x" for own in ours)
        print(f"  {name:28} {rate:9.0f}{ratios}")
    print_shares(whole_runs)


def print_shares(whole_runs: Mapping[str, WholeRuns]) -> None:
    """Print the share of evaluation in the time of whole runs."""
    for name, whole_run in whole_runs.items():
        print(f"  {name}: evaluation takes {whole_run.share:.1%} of the time")


def training(configs: list, data: object) -> Loop:
    """A stack that is ready to train: it has been measured, as a schedule may ask for."""
    ready = Loop(Training(build.stack(configs, data)))
    ready.record(0)
    return ready


def epoch(loop: Loop) -> Callable[[], None]:
    """Takes the whole batches of one epoch, as the training loop does; no layer is looked at."""
    loop.training.remainder = None
    # Adam works out its corrections some steps ahead, beginning with the first.
    loop.train_epoch(1)
    return lambda: loop.train_epoch(5)


def products(training: Training) -> object:
    """Only the matrix products of an epoch of one run, in the kernels' best layout."""
    network, batch = training.stack.network, training.batch
    params = ParamStack(1, network.size, training.batches.dtype)
    shapes = [*(block.shape[0] for block in network.tensors[::2]), network.out_shape[0]]
    rng = np.random.default_rng(0)
    x = [rng.normal(size=(1, batch, n)).astype(params.values.dtype) for n in shapes]
    w = [rng.normal(size=(1, a, b)).astype(x[0].dtype) for a, b in pairwise(shapes)]
    dw = [np.empty_like(weights) for weights in w]
    transposed = [np.ascontiguousarray(weights.swapaxes(1, 2)) for weights in w]
    steps = training.batches.train.shape[1] // batch

    def multiply() -> None:
        for _ in range(steps):
            for i, weights in enumerate(w):
                np.matmul(x[i], weights, out=x[i + 1])
            for i in reversed(range(len(w))):
                np.matmul(x[i].swapaxes(1, 2), x[i + 1], out=dw[i])
                if i:
                    np.matmul(x[i + 1], transposed[i], out=x[i])

    return multiply
