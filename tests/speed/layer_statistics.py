"""Cost of layer statistics and of divergence diagnosis."""

import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from threadpoolctl import threadpool_limits

import nnbench
from nnbench.assembly import build, settle
from nnbench.training import Stack, train
from nnbench.training.divergence_diagnosis import Snapshot
from nnbench.training.layer_statistics import GradientNorm, LayerStatistics
from nnbench.training.recorder import Recorder

CASES = {
    "digits, one run": ["seeds=1"],
    "digits, a stack of 10 runs": ["seeds=10"],
    "digits, batch_size=full, one run": ["batch_size=full", "seeds=1"],
    "digits, batch_size=full, a stack of 10 runs": ["batch_size=full", "seeds=10"],
}
WORK = {
    "looks": [
        *((LayerStatistics, name) for name in ("__init__", "handed_on", "updated")),
        (GradientNorm, "differentiated"),
        (Recorder, "look"),
    ],
    "snapshots": [(Snapshot, "take")],
}
ROUNDS = 15


def main(smoke: bool) -> None:
    """Print, for every case, both as shares of the training time (without evaluation)."""
    shortened = ["epochs=2"] if smoke else []
    stacks = {title: stacked([*words, *shortened]) for title, words in CASES.items()}
    shares: dict[tuple[str, str], list[float]] = defaultdict(list)
    with threadpool_limits(1):
        for _ in range(1 if smoke else ROUNDS):
            for title, stack in stacks.items():
                for work, share in shares_of(stack).items():
                    shares[title, work].append(share)
    for title in stacks:
        print(f"{title:45}", *(f"{w} {statistics.median(shares[title, w]):6.2%}  " for w in WORK))


def stacked(words: list[str]) -> Stack:
    """The stack of the runs that some settings describe."""
    configs = nnbench.compose_all(words)
    data = build.dataset(configs[0].dataset)
    return build.stack([settle.settle_loss(c, data.task) for c in configs], data)


def shares_of(stack: Stack) -> dict[str, float]:
    """Train a stack; the shares of the time that were spent with each work."""
    spent: dict[str, float] = dict.fromkeys(WORK, 0.0)
    with ExitStack() as patched:
        for work, methods in WORK.items():
            for kind, name in methods:
                clocked = clock(vars(kind)[name], work, spent)
                patched.enter_context(patch.object(kind, name, clocked))
        seconds = sum(result.seconds for result in train(stack))
    return {work: time / seconds for work, time in spent.items()}


def clock(method: Callable[..., Any], work: str, spent: dict[str, float]) -> Callable[..., Any]:
    """The method, which adds the time that it takes."""

    def clocked(*arguments: Any, **named: Any) -> Any:
        started = time.perf_counter()
        returned = method(*arguments, **named)
        spent[work] += time.perf_counter() - started
        return returned

    return clocked
