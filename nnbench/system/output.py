"""Standard output and error that never cost a result: whatever is printed, the command goes on."""

import errno
import io
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TextIO

from nnbench.safety.sanitize import in_line, in_lines


class Lenient(io.RawIOBase):
    """A file that accepts everything, even if its reader has gone or its disk is full."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self.trouble: OSError | None = None
        """Error of the first write that failed; nothing is written after it."""

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return bool(self.raw.isatty())

    def fileno(self) -> int:
        return int(self.raw.fileno())

    def write(self, data: Any) -> int:
        # All of it, since unbuffered output is not retried.
        unwritten = memoryview(data)
        while self.trouble is None and unwritten:
            try:
                unwritten = unwritten[self.raw.write(unwritten) or 0 :]
            except OSError as error:
                self.trouble = error
        return len(data)


class Neutral(io.TextIOWrapper):
    """A stream of text alone, in which nothing is a command to the terminal."""

    def write(self, text: str) -> int:
        # What libraries print there overwrites a line to show how far they have come.
        super().write(in_lines(text, "\r\n\t"))
        return len(text)


def leniently(command: Callable[[], int]) -> int:
    """The exit code of a command, during which printing never fails.

    What the encoding has no character for is printed as its number. The code is 1 if a command that
    succeeded could not print, unless its reader had simply seen enough, as `head` has.
    """
    keep_open()
    before = sys.stdout, sys.stderr
    output, errors = Lenient(raw_file(sys.stdout)), Lenient(raw_file(sys.stderr))
    sys.stdout, sys.stderr = wrapped(sys.stdout, output), wrapped(sys.stderr, errors)
    try:
        code = command()
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
        if output.trouble is not None and output.trouble.errno != errno.EPIPE:
            text = f"nnbench: could not write the output: {output.trouble.strerror}"
            print(text, file=sys.stderr)  # noqa: T201
            code = code or 1
    finally:
        sys.stdout, sys.stderr = before
    return code


def tell(message: BaseException | str) -> None:
    """Print an error, or why nothing happens, in one line."""
    print(f"nnbench: {in_line(str(message))}", file=sys.stderr)  # noqa: T201


def keep_open() -> None:
    """Open what was closed of the first three files, so that no file of ours is taken for one."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def raw_file(stream: TextIO | None) -> Any:
    """The file that a stream writes to; None for what is no file, as in tests."""
    if type(stream) is not io.TextIOWrapper:
        return None
    with suppress(OSError):
        stream.flush()
    return getattr(stream.buffer, "raw", stream.buffer)


def wrapped(stream: TextIO, file: Lenient) -> TextIO:
    """A stream like another that writes to a lenient file."""
    if file.raw is None or not isinstance(stream, io.TextIOWrapper):
        return stream
    kind = Neutral if stream is sys.stderr else io.TextIOWrapper
    # Without a buffer as with -u, whose text must not wait.
    buffer: Any = file if stream.write_through else io.BufferedWriter(file)
    return kind(
        buffer,
        encoding=stream.encoding,
        errors="backslashreplace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )
