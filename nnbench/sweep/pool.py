"""Worker processes on this machine that train stacks."""

import os
import signal
import weakref
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any, Protocol, TypeVar

from loky import get_reusable_executor

from nnbench.system import atomic
from nnbench.system.leftovers import machine_directory, process_directory, remove_dead_processes

Item = TypeVar("Item")
Result = TypeVar("Result")

ONE_THREAD = {
    f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM")
}

NO_LEAKS = {"LOKY_MAX_MEMORY_LEAK_SIZE": "1e18"}
"""Bytes that a worker may grow by; by default, loky takes one with a large stack after a small one
for a leak, warns of it and starts another."""

ORPHAN_SECONDS = 1.0
"""Interval at which a worker checks that its parent is alive."""


class Pool(Protocol):
    """Workers that train stacks."""

    workers: int
    """Number of workers."""

    def submit(self, function: Callable[[Item], Result], item: Item) -> Future[Result]:
        """Have `function(item)` worked out by a worker.

        The future's exception is a BrokenExecutor if the worker died.
        """

    def check(self, done: Iterable[Future[Any]]) -> None:
        """Raise ConfigError if the scheduler has gone; `done` are futures that ended."""

    @property
    def send(self) -> Callable[[str, bytes], None]:
        """A function for workers that sends a message under a name; a later one takes its place."""

    def received(self) -> dict[str, bytes]:
        """Name → message, for all that have come since the last call."""

    @property
    def directory(self) -> Path | None:
        """Directory that all workers can read, removed with the pool; None if there is none."""

    def close(self) -> None:
        """End the workers, whatever they are doing."""


class LocalPool:
    """Processes on this machine, each with one thread; a pool that broke is made anew.

    An executor rather than joblib's `Parallel`, which gives up everything when one worker dies,
    without naming its stack.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        used = ExitStack()
        self.directory: Path = used.enter_context(process_directory())
        self.forget = weakref.finalize(self, used.close)

    def check(self, done: Iterable[Future[Any]]) -> None:
        """Local workers have no scheduler."""

    @property
    def send(self) -> Callable[[str, bytes], None]:
        return partial(put_file, self.directory)

    def received(self) -> dict[str, bytes]:
        return dict(map(take_file, self.directory.glob("*.message")))

    def submit(self, function: Callable[[Item], Result], item: Item) -> Future[Result]:
        future: Future[Result] = self.executor().submit(function, item)
        return future

    def close(self) -> None:
        # Once closed, there is nothing that could be shut down.
        if self.workers and self.forget.alive:
            self.executor().shutdown(wait=True, kill_workers=True)
        self.forget()

    def executor(self) -> Any:
        """The pool that is alive."""
        return get_reusable_executor(
            self.workers,
            timeout=None,
            initializer=begin,
            initargs=(machine_directory(),),
            # What they leave when they are killed goes with all else.
            env={**ONE_THREAD, **NO_LEAKS, "TMPDIR": str(self.directory)},
        )


def put_file(directory: Path, name: str, message: bytes) -> None:
    """Leave a message in a directory, as a whole or not at all."""
    file = directory / f"{name}.message"
    atomic.write(file, lambda stream: stream.write(message), durable=False).close()


def take_file(file: Path) -> tuple[str, bytes]:
    """A message and its name; a later one is not taken away with it."""
    taken = file.replace(file.with_suffix(".taken"))
    return file.stem, taken.read_bytes()


def begin(machine: Path) -> None:
    """Make a worker of a new process, which ends with the one that has started it."""
    Thread(target=end_with, args=(os.getppid(), machine), daemon=True).start()
    # A terminal sends Ctrl-C to all processes; it is for the one that has started them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        # That one writes results between two stacks, and everybody waits for it.
        os.nice(5)


def end_with(parent: int, machine: Path) -> None:
    """End this process once its parent has gone, which may have been killed without a word."""
    while os.getppid() == parent:
        sleep(ORPHAN_SECONDS)
    remove_dead_processes(machine)
    os._exit(1)
