"""Optimizers that end the process they are in, as a system short of memory does."""

import os
import signal
from pathlib import Path

from nnbench.optim.sgd import SGD


class Killer(SGD):
    """Kills its process when it begins, so many times in all; marks in a directory count them."""

    def __init__(self, marks, times):
        self.marks, self.times = Path(marks), int(times)

    def init(self, params):
        before = len(list(self.marks.iterdir()))
        if before < self.times:
            (self.marks / str(before)).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().init(params)
