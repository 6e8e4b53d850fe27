from io import StringIO

import pytest

from nnbench.app import phases, terminal

HIDDEN_CURSOR = "\x1b[?25l"
"""Begins a live display."""


@pytest.fixture
def console(monkeypatch):
    """A console that records; `is_live` says whether it is a terminal."""

    def make(*, is_live):
        screen = terminal.NeutralConsole(
            width=80, record=True, force_terminal=is_live, color_system=None, file=StringIO()
        )
        monkeypatch.setattr(terminal, "CONSOLE", screen)
        return screen

    return make


class Clock:
    """A wait for the end of a phase of so many seconds, which takes no time."""

    def __init__(self, seconds):
        self.left = seconds

    def __call__(self, interval):
        self.left -= interval
        return self.left < 0


def lines(console):
    return console.export_text().splitlines()


@pytest.mark.parametrize("is_live", [False, True])
def test_phase_is_said_as_it_begins(console, is_live):
    screen = console(is_live=is_live)

    with phases.phase("Writing the report"):
        assert lines(screen)[0] == "Writing the report …"


@pytest.mark.parametrize(("seconds", "after"), [(29, []), (31, ["30"]), (95, ["30", "60", "90"])])
def test_line_every_thirty_seconds(console, seconds, after):
    screen = console(is_live=False)
    done = iter(range(100))

    phases.repeat("Training", lambda: f"{next(done)} of 9 runs", Clock(seconds))

    assert lines(screen) == [
        f"Training: {number} of 9 runs, {passed} s so far" for number, passed in enumerate(after)
    ]


def test_lines_end_with_the_work(console, monkeypatch):
    screen = console(is_live=False)
    waits = []
    monkeypatch.setattr(phases, "repeat", lambda text, progress, wait: waits.append(wait(60)))

    with pytest.raises(ValueError, match="broken"), phases.going_on("Reading"):
        raise ValueError("broken")

    assert waits == [True]
    assert lines(screen) == []


def test_terminal_shows_that_work_goes_on(console, monkeypatch):
    screen = console(is_live=True)
    monkeypatch.setattr(phases, "repeat", lambda *arguments: pytest.fail("no lines"))

    with phases.going_on("Reading"):
        assert HIDDEN_CURSOR in screen.file.getvalue()
