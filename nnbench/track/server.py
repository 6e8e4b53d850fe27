"""MLflow's own server, in a process that ends with the one that started it, however that ends.

`python -m nnbench.track.server ui …` is `python -m mlflow ui …`, as long as its standard input is
open: the system closes that with the process at its other end.
"""

import os
import runpy
import signal
import sys
from contextlib import suppress
from threading import Thread


def end_with_input() -> None:
    """End all processes of this one's group once the other end of the input is closed."""
    with suppress(OSError, ValueError):
        sys.stdin.buffer.read()
    with suppress(AttributeError):  # Windows has no groups.
        os.killpg(os.getpgid(0), signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    Thread(target=end_with_input, daemon=True).start()
    runpy.run_module("mlflow", run_name="__main__", alter_sys=True)
