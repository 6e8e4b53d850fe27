import errno
import io
import os
import sys

import pytest

from nnbench.system.output import leniently


class Broken(io.RawIOBase):
    """A file whose every write fails."""

    def __init__(self, number):
        self.number = number

    def writable(self):
        return True

    def write(self, data):
        raise OSError(self.number, os.strerror(self.number))


def stream(raw, encoding="utf-8"):
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding=encoding, line_buffering=True)


class Kept(io.RawIOBase):
    def __init__(self):
        self.data = b""

    def writable(self):
        return True

    def write(self, data):
        self.data += bytes(data)
        return len(data)


@pytest.fixture
def printing(monkeypatch):
    """Run what prints a line and has a code, with these files as output and errors."""

    def run(text, code=0, out=None, err=None, encoding="utf-8"):
        out, err = out or Kept(), err or Kept()
        monkeypatch.setattr(sys, "stdout", stream(out, encoding))
        monkeypatch.setattr(sys, "stderr", stream(err, encoding))
        before = sys.stdout, sys.stderr

        def command():
            print(text)
            print(text, file=sys.stderr)
            return code

        exit_code = leniently(command)
        assert (sys.stdout, sys.stderr) == before
        return exit_code, getattr(out, "data", None), getattr(err, "data", None)

    return run


@pytest.mark.parametrize("encoding", ["gbk", "cp932", "latin-1", "ascii"])
def test_what_encoding_lacks_is_printed_as_its_number(printing, encoding):
    code, out, err = printing("ok ✓ \udcff", encoding=encoding)
    assert code == 0
    assert out == err == b"ok \\u2713 \\udcff\n"


def test_what_encoding_has_is_left_as_it_is(printing):
    assert printing("größe ✓")[1] == "größe ✓\n".encode()


@pytest.mark.parametrize("code", [0, 1])
def test_a_reader_that_has_seen_enough_changes_nothing(printing, code):
    exit_code, _, err = printing("one", code, out=Broken(errno.EPIPE))
    assert (exit_code, err) == (code, b"one\n")


@pytest.mark.parametrize("code", [0, 2])
def test_full_disk_is_said_and_is_no_success(printing, code):
    exit_code, _, err = printing("one", code, out=Broken(errno.ENOSPC))
    assert exit_code == (code or 1)
    assert err == (b"one\nnnbench: could not write the output: No space left on device\n")


def test_errors_that_nobody_can_read_change_nothing(printing):
    assert printing("one", err=Broken(errno.ENOSPC))[:2] == (0, b"one\n")


def test_no_output_at_all_changes_nothing(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert leniently(lambda: print("one") or 3) == 3


class Slow(Kept):
    """A pipe that takes a few bytes at a time."""

    def write(self, data):
        return super().write(bytes(data)[:3])


def test_text_of_an_unbuffered_stream_does_not_wait(monkeypatch):
    pipe = Slow()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(pipe, encoding="utf-8", write_through=True))
    seen = []

    def command():
        print("a page is served")
        seen.append(pipe.data)
        return 0

    assert leniently(command) == 0
    assert seen == [b"a page is served\n"]
