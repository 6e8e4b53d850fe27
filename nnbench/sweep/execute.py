"""Stacks train in a pool of workers; what a dying worker takes with it is tried again."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import dataclass, replace
from itertools import count
from time import monotonic

from threadpoolctl import threadpool_limits

from nnbench.assembly import build
from nnbench.data.dataset import Dataset
from nnbench.options import trust
from nnbench.options.components import what_was_raised
from nnbench.run.config import RunConfig
from nnbench.run.result import RunResult
from nnbench.sweep.estimate import NOTHING, Needs
from nnbench.sweep.pool import Pool
from nnbench.system.early_exits import contained
from nnbench.system.machine import machine
from nnbench.training import Stack, train
from nnbench.training.checkpoint import Checkpoint
from nnbench.training.progress import Progress, unpack

AHEAD = 2
"""Stacks handed out for each worker, so that none waits while results are written."""

LOOK_SECONDS = 0.2
"""Seconds between two checks of whether the sweep is to stop."""

SPARE = 9
"""Time left for everything else, as a multiple of the time spent on showing."""


@dataclass(frozen=True)
class Work:
    """Runs that train as one stack, and the data they share."""

    configs: Sequence[RunConfig]
    data: Dataset
    needs: Needs = NOTHING
    checkpoint: Checkpoint | None = None
    suspect: bool = False
    """True if a worker died while it had this stack."""
    progress: Progress | None = None
    weights: bool = False
    """True if the results are to have the weights of their best epochs."""
    trusted: frozenset[tuple[str, str]] = frozenset()
    """Targets that the parent's user has named, see trust.py; a worker has no command line."""

    def halves(self) -> list["Work"]:
        """The same runs in two stacks, to be watched; they begin anew."""
        middle = (len(self.configs) + 1) // 2
        parts = (self.configs[:middle], self.configs[middle:])
        return [Work(half, self.data, suspect=True, weights=self.weights) for half in parts if half]

    def forget(self) -> None:
        """Remove the checkpoint of runs that have been logged."""
        if self.checkpoint is not None:
            self.checkpoint.remove()


def begin(work: Sequence[Work], pool: Pool) -> "Queue":
    """Hand out the first stacks, which train from now on; `execute` yields their results."""
    queue = Queue(work, pool, Watch(pool))
    queue.hand_out()
    return queue


def execute(
    queue: "Queue",
    stopped: Callable[[], bool] = lambda: False,
    show: Callable[[RunResult], None] = lambda result: None,
) -> Iterator[list[RunResult]]:
    """Train all stacks; yields the results of each as soon as it is done.

    When a worker dies, every stack in training is tried once more, in halves and alone, which
    identifies the cause if a worker dies again; the runs of that half have then failed. Once
    `stopped`, the workers are killed and all results so far are yielded. `show` gets the runs that
    train for long, with their results so far.
    """
    pool = queue.pool
    try:
        while queue and not stopped():
            queue.hand_out()
            done, _ = wait(queue.running, LOOK_SECONDS, FIRST_COMPLETED)
            pool.check(done)
            yield from queue.results(done)
            queue.watch.look(queue.running.values(), show)
        ready = [(f, item) for f, item in queue.running.items() if f.done() and not f.exception()]
        # Before anything is written, so that the writing has all cores.
        pool.close()
        for future, item in ready:
            yield future.result()
            item.forget()
    finally:
        pool.close()


class Queue:
    """Stacks that wait for a worker, that a dying worker had, and that are being trained."""

    def __init__(self, work: Iterable[Work], pool: Pool, watch: "Watch") -> None:
        self.pool = pool
        self.watch = watch
        self.waiting, self.suspects = deque(work), deque[Work]()
        self.running: dict[Future[list[RunResult]], Work] = {}

    def __bool__(self) -> bool:
        return bool(self.waiting or self.suspects or self.running)

    def hand_out(self) -> None:
        """Submit as many stacks as workers need, or one suspect alone."""
        while self.waiting and not self.suspects and len(self.running) < AHEAD * self.pool.workers:
            self.submit(self.waiting.popleft())
        if self.suspects and not self.running:
            self.submit(self.suspects.popleft())

    def submit(self, item: Work) -> None:
        """Submit a stack to the pool."""
        item = self.watch.over(item)
        self.running[self.pool.submit(train_or_fail, item)] = item

    def results(self, done: Iterable[Future[list[RunResult]]]) -> Iterator[list[RunResult]]:
        """The results of stacks that ended; those that a dying worker had become suspects."""
        lost: list[Work] = []
        for future in done:
            item = self.running.pop(future)
            error = future.exception()
            if error is None:
                yield future.result()
                # The caller requests more, so these have been logged.
                item.forget()
            elif isinstance(error, BrokenExecutor) and not item.suspect:
                lost.append(item)
            else:
                yield failed(item.configs, error)
                item.forget()
        if lost:
            lost += self.running.values()
            self.running.clear()
            for item in lost:
                item.forget()
                self.suspects += item.halves()


class Watch:
    """Shows how far stacks have come that train for long, and takes little time for it."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.names = count()
        self.next = 0.0
        """Time of the next check."""

    def over(self, work: Work) -> Work:
        """The stack, which will tell how far it has come, with all that a worker must know."""
        progress = Progress(str(next(self.names)), self.pool.send)
        return replace(work, progress=progress, trusted=trust.named())

    def look(self, running: Iterable[Work], show: Callable[[RunResult], None]) -> None:
        """Show what stacks have told that are still running."""
        began = monotonic()
        if began < self.next:
            return
        try:
            messages = self.pool.received()
        except OSError:
            # The receiver has gone; the failure of its stacks is reported elsewhere.
            return
        by_name = {work.progress.name: work for work in running if work.progress}
        for name in messages.keys() & by_name.keys():
            for result in unpack(messages[name], by_name[name].configs):
                show(result)
        now = monotonic()
        if messages:
            self.next = now + SPARE * (now - began)


def train_or_fail(work: Work) -> list[RunResult]:
    """The results of a stack; if training it fails, all its runs have failed for that reason."""
    trust.allow(work.trusted)
    try:
        stack = build.stack(work.configs, work.data)
        return train_alone(stack, work.checkpoint, work.progress, weights=work.weights)
    # Whatever happens in one stack must not end the others; Ctrl-C never reaches a worker.
    except (Exception, KeyboardInterrupt) as error:
        return failed(work.configs, error)


def failed(configs: Sequence[RunConfig], error: BaseException) -> list[RunResult]:
    """The results of runs that could not be trained."""
    if isinstance(error, BrokenExecutor):
        reason = "the worker process was killed or ended itself twice, perhaps for want of memory"
    else:
        reason = what_was_raised(error)
    return [RunResult(config, "failed", reason=reason) for config in configs]


def train_alone(
    stack: Stack,
    checkpoint: Checkpoint | None = None,
    progress: Progress | None = None,
    *,
    weights: bool = False,
) -> list[RunResult]:
    """Train a stack on one core.

    The order in which a product is summed depends on the number of threads, so one thread is part
    of what makes results the same everywhere.
    """
    with threadpool_limits(1), contained():
        results = train(stack, checkpoint, progress, weights=weights)
    # A worker may be on another machine than the process that logs its runs.
    return [replace(result, machine=machine()) for result in results]
