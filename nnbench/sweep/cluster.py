"""Workers of a Dask cluster, on any number of machines, that train stacks."""

import logging
import socket
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import partial
from importlib import import_module
from time import monotonic
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

from nnbench._version import __version__
from nnbench.engine import VERSION
from nnbench.run.errors import ConfigError

Item = TypeVar("Item")
Result = TypeVar("Result")

KEY = "launcher.address"
CONNECT_SECONDS = 10
GONE_SECONDS = 5
"""Seconds that a scheduler may be out of reach."""
CLOSE_SECONDS = 5
MESSAGES = 100
"""Most messages of workers that may wait for this process."""


class DaskPool:
    """Workers of a cluster; Dask itself gives the stacks of a worker that died to another."""

    directory = None

    def __init__(self, address: str | None, workers: int) -> None:
        """Connect to the scheduler at `address`, or start a cluster of `workers` right here.

        Raises ConfigError if that fails, or a worker has another version of nnbench.
        """
        try:
            distributed: Any = import_module("distributed")
        except ImportError as error:
            allowed = 'needs Dask: pip install "nnbench[dask]"'
            raise ConfigError("launcher.backend", "dask", allowed) from error
        for noisy in ("distributed", "distributed.client", "tornado", "asyncio"):
            # Whatever they report of a scheduler that has gone is told here.
            logging.getLogger(noisy).setLevel(logging.CRITICAL)
        probe(address)
        self.cluster: Any = None
        if address is None:
            self.cluster = distributed.LocalCluster(
                n_workers=workers, threads_per_worker=1, dashboard_address=None
            )
        try:
            self.client = distributed.Client(self.cluster or address, timeout=CONNECT_SECONDS)
        except (OSError, ValueError) as error:
            raise ConfigError(KEY, address, f"no Dask scheduler answers there: {error}") from error
        self.address = address
        self.heard = monotonic()
        # Sweeps that share a cluster must not hear each other.
        self.messages: Any = distributed.Queue(f"nnbench-{uuid4().hex}", self.client, MESSAGES)
        try:
            self.refuse_other_versions()
        except BaseException:
            self.close()
            raise
        self.workers = sum(self.client.nthreads().values()) or 1
        self.executor = self.client.get_executor(pure=False)

    def refuse_other_versions(self) -> None:
        """Raise ConfigError if a worker would train otherwise than this process."""
        answers = self.client.run(version, on_error="return")
        for worker, answer in answers.items():
            if answer != version():
                allowed = f"the worker {worker} has nnbench {answer}, this is {version()}"
                raise ConfigError(KEY, self.address, allowed)

    def check(self, done: Iterable[Future[Any]]) -> None:
        if any(future.cancelled() for future in done):
            raise self.gone()
        if self.client.status == "running":
            self.heard = monotonic()
        elif monotonic() - self.heard > GONE_SECONDS:
            raise self.gone()

    def gone(self) -> ConfigError:
        """The error of a scheduler that doesn't answer any more."""
        allowed = "the Dask scheduler has gone; results so far are safe, and the same command"
        return ConfigError(KEY, self.address, f"{allowed} goes on from there")

    @property
    def send(self) -> Callable[[str, bytes], None]:
        return partial(put_message, self.messages.name)

    def received(self) -> dict[str, bytes]:
        if self.client.status != "running":
            return {}
        # Oldest first, so that the latest of a name stays.
        return dict(self.messages.get(batch=True))

    def submit(self, function: Callable[[Item], Result], item: Item) -> Future[Result]:
        try:
            future: Future[Result] = self.executor.submit(function, item)
        except Exception as error:  # Whatever Dask raises of a client that was cut off.
            raise self.gone() from error
        return future

    def close(self) -> None:
        if self.client.status == "running":
            self.messages.close()
        self.client.close(CLOSE_SECONDS)
        if self.cluster is not None:
            self.cluster.close()


def probe(address: str | None) -> None:
    """Raise ConfigError if nothing listens at an address, which Dask would try for long."""
    try:
        place = urlsplit(address or "")
        if place.scheme in ("tcp", "tls") and place.hostname and place.port:
            socket.create_connection((place.hostname, place.port), GONE_SECONDS).close()
    except (OSError, ValueError) as error:
        raise ConfigError(KEY, address, f"no Dask scheduler answers there: {error}") from error


def put_message(queue: str, name: str, message: bytes) -> None:
    """Send a message from a worker; raises TimeoutError if the last ones were not received."""
    distributed: Any = import_module("distributed")
    distributed.Queue(queue, maxsize=MESSAGES).put((name, message), timeout=1)


def version() -> str:
    """The software that decides the results of a run, beside its configuration and data."""
    return f"{__version__}, engine {VERSION}"
