"""A step of each optimizer, in passes over its arrays and beside PyTorch; float32, one run.

A pass is `np.multiply(a, 1.0, out=a)`, for vectors `a` as long as the parameters and as many as
Adam has, one after the other, since a step finds its arrays no closer by than that.

An update rule needs a pass for each of its operations on whole vectors, done one at a time as
NumPy does them, when all that is the same for every parameter has been worked out beforehand:
`mean ← beta · mean + gradient` needs two. Operations count alike, though one with a root takes as
long as three such passes.
"""

import time
from collections.abc import Callable
from inspect import signature
from itertools import pairwise

import numpy as np
from threadpoolctl import threadpool_limits

from nnbench.engine.arrays import ParamStack, Tensor
from nnbench.options import catalogue, components
from tests.build_small import component, options
from tests.speed._rounds import ROUNDS, seconds_per_call

WIDTHS = (64, 688)
"""Widths of three hidden layers between 64 inputs and 10 outputs: 13,130 and 999,674 parameters."""
GOAL = 1.5
"""Largest time of a step, as a multiple of the passes that it needs."""
VECTORS = 5
"""Arrays that Adam passes over: parameters, gradients, two means and scratch space."""
GRADIENTS = 7
"""Gradients that come round, so that signs change and stay."""
UPDATES = 500_000
"""Parameters that are updated in a turn, in at least three steps."""
SLOW = 0.05
"""Seconds of a first step beyond which it is the only one."""

NEEDED = {
    # What is remembered + the direction + rate and difference. Not for those
    # that treat tensors one by one.
    "adabelief": 8 + 3 + 2,
    "adadelta": 6 + 5 + 2,
    "adagrad": 2 + 3 + 2,
    "adam": 5 + 3 + 2,
    "adamax": 6 + 1 + 2,
    "adamw": 5 + 3 + 3,
    "adan": 11 + 6 + 3,
    "amsgrad": 6 + 3 + 2,
    "asgd": 0 + 0 + 3,
    "lion": 2 + 3 + 3,
    "momentum": 2 + 0 + 2,
    "nadam": 5 + 5 + 2,
    "nesterov": 2 + 2 + 2,
    "radam": 5 + 3 + 2,
    "rmsprop": 3 + 3 + 2,
    "rmsprop_centered": 7 + 3 + 2,
    "rmsprop_momentum": 3 + 5 + 2,
    "rprop": 10 + 1 + 2,
    "sgd": 0 + 0 + 2,
    "sign_sgd": 0 + 1 + 2,
    "yogi": 8 + 3 + 2,
}

PEERS = {
    # The class in torch.optim, and its arguments where the work depends on them.
    "adadelta": ("Adadelta", {}),
    "adafactor": ("Adafactor", {}),
    "adagrad": ("Adagrad", {}),
    "adam": ("Adam", {}),
    "adamax": ("Adamax", {}),
    "adamw": ("AdamW", {}),
    "amsgrad": ("Adam", {"amsgrad": True}),
    "asgd": ("ASGD", {}),
    "momentum": ("SGD", {"momentum": 0.9}),
    "muon": ("Muon", {}),
    "nadam": ("NAdam", {}),
    "nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}),
    "radam": ("RAdam", {}),
    "rmsprop": ("RMSprop", {}),
    "rmsprop_centered": ("RMSprop", {"centered": True}),
    "rmsprop_momentum": ("RMSprop", {"momentum": 0.9}),
    "rprop": ("Rprop", {}),
    "sgd": ("SGD", {}),
}


def main(smoke: bool) -> None:
    """Measure both sizes, or the smaller once, and print their tables."""
    with threadpool_limits(1):
        for width in WIDTHS[: 1 if smoke else None]:
            measure(width, 1 if smoke else ROUNDS)


def measure(width: int, rounds: int) -> None:
    """Print a row for every optimizer, with a network of one width."""
    params = parameters(width)
    rng = np.random.default_rng(0)
    values = rng.normal(0, 0.1, params.values.shape).astype(params.values.dtype)
    gradients = rng.normal(0, 0.01, (GRADIENTS, *values.shape)).astype(values.dtype)
    turn = 0

    def refill() -> None:
        # Whatever a step has done to the parameters and gradients, the next begins with others.
        nonlocal turn
        params.values[:] = values
        params.grads[:] = gradients[turn % GRADIENTS]
        turn += 1

    calls = {("", "passes"): passes(params)}
    names = options("optimizer")
    calls |= {(name, "nnbench"): ours(name, params) for name in names}
    for name in PEERS:
        calls |= {(name, how): call for how, call in peers(name, params).items()}
    if len(calls) == 1 + len(names):
        print("skipped, since not installed: PyTorch")
    seconds = {}
    for key, call in list(calls.items()):
        refill()
        started = time.thread_time()
        call()
        seconds[key] = time.thread_time() - started
        if not np.isfinite(params.values).all():
            raise RuntimeError(f"{key}: no finite step")
        if seconds[key] > SLOW:
            del calls[key]
    size = values.size
    # Processor time, as another process on the core would interrupt the long steps only.
    seconds |= seconds_per_call(
        calls, refill, 1 if rounds == 1 else max(3, UPDATES // size), time.thread_time, rounds
    )

    one_pass = seconds["", "passes"] / VECTORS
    print(f"\n{size:,} parameters: a pass takes {1e6 * one_pass:.1f} µs")
    print(f"  {'a step of':18}{'passes':>9}{'needed':>8}{'ratio':>7}  PyTorch's time, best way")
    for name in names:
        own = seconds[name, "nnbench"]
        taken = own / one_pass
        needed = NEEDED.get(name)
        line = f"  {name:18}{taken:9.1f}"
        line += f"{needed:8}{taken / needed:6.2f}x" if needed else f"{'–':>8}{'–':>7}"
        ways = [(time / own, how) for (of, how), time in seconds.items() if of == name][1:]
        if ways:
            line += "  {:6.2f}x {}".format(*min(ways))
        print(line + ("  above the goal" if needed and taken > GOAL * needed else ""))


def parameters(width: int) -> ParamStack:
    """Memory for one network: a matrix and a bias for each layer."""
    tensors = []
    for inputs, units in pairwise([64, width, width, width, 10]):
        for shape in ((inputs, units), (units,)):
            tensors.append(Tensor(tensors[-1].end if tensors else 0, shape))
    return ParamStack(1, tensors[-1].end, np.float32, tensors)


def passes(params: ParamStack) -> Callable[[], object]:
    """Read and write each of some vectors."""
    vectors = [np.ones_like(params.values) for _ in range(VECTORS)]

    def multiply() -> None:
        for vector in vectors:
            np.multiply(vector, 1.0, out=vector)

    return multiply


def ours(name: str, params: ParamStack) -> Callable[[], object]:
    """A step of an optimizer as its option of conf/ has it."""
    kind = component("optimizer", name)
    optimizer = components.make("optimizer", kind, **components.columns([kind], "float32"))
    state = optimizer.init(params)
    rate = np.full((1, 1), catalogue.option("optimizer", name).option("lr"), np.float32)
    t = 0

    def step() -> None:
        nonlocal t
        t += 1
        optimizer.step(params, state, rate, t)

    return step


def peers(name: str, params: ParamStack) -> dict[str, Callable[[], object]]:
    """A step of PyTorch's optimizer for the same tensors, in each way that it knows."""
    try:
        import torch
    except ImportError:
        return {}
    torch.set_num_threads(1)
    tensors = []
    for value, gradient in zip(
        params.parts(params.values), params.parts(params.grads), strict=True
    ):
        tensor = torch.nn.Parameter(torch.from_numpy(value[0]))
        tensor.grad = torch.from_numpy(gradient[0])
        # Muon is for matrices only, and has no way for the biases.
        if name != "muon" or tensor.ndim == 2:
            tensors.append(tensor)
    kind, arguments = PEERS[name]
    make = getattr(torch.optim, kind)
    modes = [way for way in ("foreach", "fused") if way in signature(make).parameters]
    ways = {way: {way: True} for way in modes} or {"plain": {}}
    return {way: make(tensors, **arguments, **more).step for way, more in ways.items()}
