"""Static figures, drawn by a process of its own while the rest of a page is made."""

import json
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from subprocess import DEVNULL, PIPE, Popen
from types import TracebackType
from typing import Any, Self

import vl_convert

from nnbench.pages.figures import Figure

PROGRAM = """
import json, sys, vl_convert
for line in sys.stdin:
    print(json.dumps(vl_convert.vegalite_to_svg(json.loads(line))), flush=True)
"""
"""Process that ends with its input, so that it never outlives this one."""


class Drawing:
    """Draws figures in another process, since vl-convert lets no other thread run meanwhile.

    What that process fails to draw is drawn here.
    """

    def __init__(self) -> None:
        self.thread = ThreadPoolExecutor(1)
        self.process: Popen[str] | None = None
        self.begun: dict[int, tuple[Figure, Future[str]]] = {}
        """Identity of a figure → itself, which keeps the identity, and what it becomes."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.thread.shutdown(wait=False, cancel_futures=True)
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
        self.thread.shutdown()

    def begin(self, figure: Figure) -> None:
        """Have a figure drawn, unless it is already."""
        if self.process is None:
            self.process = started()
        if id(figure) not in self.begun:
            drawn = self.thread.submit(self.draw, figure.static())
            self.begun[id(figure)] = (figure, drawn)

    def svg(self, figure: Figure) -> str:
        """The drawn figure. Raises ValueError if that is impossible."""
        self.begin(figure)
        try:
            return self.begun[id(figure)][1].result()
        except (OSError, ValueError):
            return str(vl_convert.vegalite_to_svg(figure.static()))

    def draw(self, specification: dict[str, Any]) -> str:
        """The drawing of the other process. Raises OSError or ValueError if there is none."""
        if self.process is None or self.process.stdin is None or self.process.stdout is None:
            raise OSError("there is no other process")
        self.process.stdin.write(json.dumps(specification) + "\n")
        self.process.stdin.flush()
        return str(json.loads(self.process.stdout.readline()))


def started() -> "Popen[str] | None":
    """The process, if it can be started."""
    # Without the working directory among the places of modules.
    words = [sys.executable, "-P", "-c", PROGRAM]
    with suppress(OSError):
        return Popen(words, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, encoding="utf-8")  # noqa: S603
    return None
