"""A pool without workers, for sweeps of which something else is tested.

A worker takes over a second to start. Those that train in `tests/sweep/` and in programs are real.
"""

from concurrent.futures import Future

from nnbench.sweep.pool import LocalPool


class OneProcess(LocalPool):
    """Trains every stack in this process, as soon as it is handed out."""

    def submit(self, function, item):
        future = Future()
        try:
            future.set_result(function(item))
        except Exception as error:
            future.set_exception(error)
        return future

    def close(self):
        self.forget()
