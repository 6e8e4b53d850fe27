"""A database whose server is there but never answers: an end within a bounded time."""

import time
from types import SimpleNamespace

import pytest

from nnbench.track import silence

psycopg = pytest.importorskip("psycopg")


def conversation():
    """As psycopg's: told what has come, 0 for nothing, until an answer has."""
    while (yield "read") != 2:
        pass
    return "answer"


@pytest.fixture
def clock(monkeypatch):
    now = SimpleNamespace(seconds=1000.0)
    monkeypatch.setattr(time, "monotonic", lambda: now.seconds)
    return now


@pytest.fixture
def connection():
    finished = []
    return SimpleNamespace(finish=lambda: finished.append(True), finished=finished)


def test_silence_has_an_end(clock, connection):
    steps = silence.bounded(conversation(), connection)
    assert next(steps) == "read"
    clock.seconds += silence.SECONDS
    assert steps.send(0) == "read"
    clock.seconds += 1
    with pytest.raises(psycopg.OperationalError, match=r"^no answer within 30 seconds$"):
        steps.send(0)
    assert connection.finished == [True]


def test_slow_answer_is_awaited_while_bytes_arrive(clock, connection):
    steps = silence.bounded(conversation(), connection)
    next(steps)
    for _ in range(7):
        clock.seconds += silence.SECONDS - 1
        steps.send(1)
    with pytest.raises(StopIteration) as ended:
        steps.send(2)
    assert ended.value.value == "answer"
    assert connection.finished == []


def test_other_drivers_connect_as_they_do():
    assert silence.connect(SimpleNamespace(driver="pysqlite"), None, (), {}) is None
