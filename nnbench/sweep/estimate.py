"""Costs of a sweep: seconds, memory and disk, worked out from sizes before anything is trained.

    seconds a step  = calls · call + multiply-adds · product + numbers touched · element

with the three speeds of this machine, measured once in some milliseconds. Stacks of 18 kinds that
were trained (small, wide, deep, convolutional, recurrent, full batches, L-BFGS, matrix optimizers,
many seeds) were estimated at 0.5 to 1.8 times the processor time that they took.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil, prod
from time import perf_counter
from typing import NamedTuple

import numpy as np

from nnbench.assembly.sizing import LAYER_BYTES, VECTORS
from nnbench.data.dataset import Dataset
from nnbench.engine import compiled
from nnbench.engine.layers.recurrent import Bidirectional, Recurrent
from nnbench.engine.network import Network
from nnbench.optim.own import declared
from nnbench.options.components import locate
from nnbench.run.config import RunConfig
from nnbench.training.evaluation import rows_and_runs

WORKER_BYTES = 200e6 + compiled.LOADED_BYTES
"""A worker that has loaded its modules."""

RUN_BYTES = 8_000
"""Bytes that this process remembers of a run until the sweep has ended."""

DISK_RUN, DISK_EPOCH = 40_000, 50
"""Bytes that are tracked of a run, and of each of its epochs."""

LOG_SECONDS = 0.01
"""Seconds that tracking a run takes this process."""

START_SECONDS = 3.0
"""Until workers are there."""

LAYER_CALLS, STEP_CALLS, GATE_CALLS = 12, 60, 45
"""Calls of NumPy for a layer, for the rest of a step, and for each step of a recurrent layer."""

OPTIMIZER_PASSES, ACTIVATION_PASSES = 20, 16
"""Number of times that a step touches each parameter, and each layer's output."""

MATRICES = {"Shampoo": 60, "SOAP": 8, "Muon": 15}
"""Optimizers with a square matrix for each side of a tensor → multiply-adds a step, in sides³."""

CURVES = 14
"""Metrics of each epoch that a worker keeps."""


class Speed(NamedTuple):
    """Seconds of one core."""

    call: float
    """Seconds for one call of NumPy on little data."""
    product: float
    """Seconds for one multiply-add within a product of matrices."""
    element: float
    """Seconds for one number in a sum of two arrays."""


class Needs(NamedTuple):
    """Costs of a stack."""

    seconds: float
    memory: float
    """Bytes, of the worker."""
    disk: float
    """Bytes of what is tracked."""
    checkpoint: float
    """Bytes, while it trains."""


NOTHING = Needs(0, 0, 0, 0)


@dataclass(frozen=True)
class Estimate:
    """Costs of a sweep."""

    runs: int
    stacks: int
    workers: int
    hours: float
    memory: float
    """Bytes, of all processes together."""
    disk: float
    """Bytes."""


@cache
def speed() -> Speed:
    """The speeds of this machine, the best of some rounds since others may be busy on it."""
    small, a, b = np.ones((4, 32, 32), np.float32), *np.ones((2, 4, 64, 64), np.float32)
    large = np.ones(100_000, np.float32)
    out, sums = np.empty_like(a), np.empty_like(large)
    best = {
        "call": fastest(lambda: np.add(small[:1, :1], 1, out=small[:1, :1]), 200),
        "product": fastest(lambda: np.matmul(a, b, out=out), 10) / a.size / 64,
        "element": fastest(lambda: np.add(large, large, out=sums), 10) / large.size,
    }
    return Speed(**best)


def fastest(function: Callable[[], object], repeats: int, rounds: int = 7) -> float:
    """Seconds of one call."""
    taken = []
    for _ in range(rounds):
        began = perf_counter()
        for _ in range(repeats):
            function()
        taken.append((perf_counter() - began) / repeats)
    return min(taken)


def needs(
    config: RunConfig,
    data: Dataset,
    network: Network,
    runs: int,
    at: Speed,
    *,
    models: bool = False,
) -> Needs:
    """Costs of a stack of so many runs; `models` says whether their networks are tracked."""
    rows, itemsize = data.rows, np.dtype(config.dtype).itemsize
    fixed = data.test_rows / rows if data.test_rows else config.test_size
    train = max(1, round(rows * (1 - fixed - config.validation_size)))
    validation = max(1, round(rows * config.validation_size))
    batch = train if config.batch_size == "full" else min(int(config.batch_size), train)
    outputs = sum(prod(plan.out_shape) for plan in network.plans)
    squares = sum(side**2 for side in matrix_sides(config, network))
    calls = layer_calls(network)
    step = step_seconds(config, network, runs, batch, at)
    measured = validation + min(train, validation)
    portion, group = rows_and_runs(network, measured, runs, itemsize)
    passes = ceil(measured / portion) * ceil(runs / group)
    measure = passes * calls / 3 * at.call + runs * measured * (
        network.products * at.product + ACTIVATION_PASSES / 3 * outputs * at.element
    )
    seconds = config.epochs * (ceil(train / batch) * step + measure + 300 * at.call * runs)

    vectors = VECTORS + 2 * int(config.optimizer.option("history") or 0)
    params = runs * (vectors * network.size + 2 * squares) * itemsize
    activations = sum(
        3 * prod(p.out_shape) + 2 * p.products // p.out_shape[-1] for p in network.plans
    )
    at_once = runs * batch * (1 + bool(train % batch)) + 2 * group * portion
    curves = 8.0 * CURVES * runs * (config.epochs + 1)
    memory = (
        WORKER_BYTES
        + LAYER_BYTES * len(network.layers)
        + 3 * data.x.nbytes
        + (rows + data.classes) * data.outputs * itemsize
        + runs * rows * (40 + 3 * data.outputs * itemsize)
        + params
        + float(at_once) * activations * itemsize
        + curves
    )
    disk = runs * (DISK_RUN + DISK_EPOCH * config.epochs + models * 1.2 * network.size * itemsize)
    return Needs(seconds, memory, disk, params + curves)


def step_seconds(config: RunConfig, network: Network, runs: int, batch: int, at: Speed) -> float:
    """Seconds of one training step of a stack."""
    outputs = sum(prod(plan.out_shape) for plan in network.plans)
    passes = 1 + declared(config.wrapper.target and locate("wrapper", config.wrapper)).climbs
    sides = matrix_sides(config, network)
    squares, cubes = (sum(side**power for side in sides) for power in (2, 3))
    seconds = passes * (
        layer_calls(network) * at.call
        + 4 * runs * batch * network.products * at.product
        + ACTIVATION_PASSES * runs * batch * outputs * at.element
    )
    seconds += runs * OPTIMIZER_PASSES * (network.size + squares) * at.element
    return seconds + runs * MATRICES.get(optimizer_kind(config), 0) * cubes * at.product


def layer_calls(network: Network) -> int:
    """Roughly how often a step calls NumPy."""
    return STEP_CALLS + sum(map(calls_of, network.layers, network.in_shapes))


def optimizer_kind(config: RunConfig) -> str:
    """The name of the optimizer's class."""
    return str(declared(locate("optimizer", config.optimizer)).__name__)


def matrix_sides(config: RunConfig, network: Network) -> list[float]:
    """The sides of all tensors, if the optimizer keeps a square matrix for each."""
    has_squares = optimizer_kind(config) in MATRICES
    return [float(side) for tensor in network.tensors for side in tensor.shape if has_squares]


def calls_of(layer: object, in_shape: tuple[int, ...]) -> int:
    """Roughly how often a layer calls NumPy in a step."""
    if isinstance(layer, Bidirectional):
        return sum(calls_of(half, in_shape) for half in layer.both)
    if isinstance(layer, Recurrent):
        return 3 * LAYER_CALLS + GATE_CALLS * in_shape[0]
    return LAYER_CALLS


def total(stacks: Sequence[Needs], workers: int, runs: int, *, remote: bool = False) -> Estimate:
    """Costs of all stacks together; the memory of `remote` workers is not this machine's."""
    workers = max(1, min(workers, len(stacks)))
    seconds = [stack.seconds for stack in stacks]
    busy = max([sum(seconds) / workers, *seconds], default=0) + START_SECONDS + LOG_SECONDS * runs
    largest = sorted((stack.memory for stack in stacks), reverse=True)[:workers]
    waiting = sorted((stack.checkpoint for stack in stacks), reverse=True)[:workers]
    return Estimate(
        runs=runs,
        stacks=len(stacks),
        workers=workers if stacks else 0,
        hours=(busy if stacks else 0) / 3600,
        memory=sum(largest) * (not remote) + RUN_BYTES * runs,
        disk=sum(stack.disk for stack in stacks) + sum(waiting),
    )
