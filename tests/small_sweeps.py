"""Sweeps and reports that take little, where something else is tested of them."""

from concurrent.futures import Future

from nnbench.options import catalogue
from nnbench.sweep.pool import LocalPool

BARE = [f"+sections.{name}=null" for name in catalogue.names("section")]
"""Words for a report without sections, which take a second to draw."""


class OneProcess(LocalPool):
    """Trains every stack in this process, as soon as it is handed out.

    A worker takes over a second to start. `tests/sweep/` and programs have real ones.
    """

    def submit(self, function, item):
        future = Future()
        try:
            future.set_result(function(item))
        except Exception as error:
            future.set_exception(error)
        return future

    def close(self):
        self.forget()
