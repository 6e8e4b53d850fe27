"""Python's search for unreachable cycles, which large sweeps do without while they are planned."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Iterator[None]:
    """Pause the collector of cycles, unless it is off already.

    A hundred thousand jobs are some millions of small objects that all stay alive; walking through
    them again and again takes a third of the time, and finds nothing.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
