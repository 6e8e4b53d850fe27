"""What looking into the layers and being able to say where a run diverged cost a training."""

import statistics
from contextlib import ExitStack
from unittest.mock import patch

from threadpoolctl import threadpool_limits

import nnbench
from nnbench import build, composition
from nnbench.training import Stack, train
from nnbench.training.autopsy import Snapshot
from nnbench.training.recorder import Recorder

CASES = {
    "digits, one run": ["seeds=1"],
    "digits, a stack of 10 runs": ["seeds=10"],
    "digits, batch_size=full, one run": ["batch_size=full", "seeds=1"],
    "digits, batch_size=full, a stack of 10 runs": ["batch_size=full", "seeds=10"],
}
ROUNDS = 21
LOOKS = patch.object(Recorder, "is_moment", lambda *_: False)
SNAPSHOTS = patch.object(Snapshot, "take", lambda *_: None)


def main() -> None:
    """Print, for every case, the shares of the training time (without evaluation)."""
    with threadpool_limits(1):
        for title, words in CASES.items():
            configs = nnbench.compose_all(words)
            data = build.dataset(configs[0].dataset)
            stack = build.stack([composition.settle_loss(c, data.task) for c in configs], data)
            looks, snapshots = shares(stack)
            print(f"{title:45} looks {looks:6.2%}   snapshots {snapshots:6.2%}", flush=True)


def shares(stack: Stack) -> tuple[float, float]:
    """What is saved without looks and without snapshots, as medians of rounds that try each."""
    without: tuple[list, ...] = ([], [LOOKS], [SNAPSHOTS])
    rounds = []
    for _ in range(ROUNDS):
        whole, *others = (seconds(stack, patches) for patches in without)
        rounds.append([1 - other / whole for other in others])
    looks, snapshots = (statistics.median(saved) for saved in zip(*rounds, strict=True))
    return looks, snapshots


def seconds(stack: Stack, patches: list) -> float:
    """Training time of a stack while something is left out."""
    with ExitStack() as patched:
        for one in patches:
            patched.enter_context(one)
        return sum(result.seconds for result in train(stack))
