"""Figures drawn by a process of its own are those drawn here."""

import subprocess

import altair as alt
import pandas as pd
import pytest
import vl_convert

from nnbench.pages import drawing
from nnbench.pages.drawing import Drawing
from nnbench.pages.figures import Figure, chart
from tests.conftest import no_process


def figure(name, value=1.0):
    points = chart(pd.DataFrame({"x": [0.0, value], "µ": [1.0, 2.0]}))
    return Figure(name, "Caption.", [points.mark_point().encode(x="x:Q", y=alt.Y("µ:Q"))])


@pytest.fixture(autouse=True)
def _other_process(monkeypatch):
    monkeypatch.setattr(drawing, "Popen", subprocess.Popen)


@pytest.fixture
def here(monkeypatch):
    """Counts what is drawn in this process."""
    drawn, draw = [], vl_convert.vegalite_to_svg

    def counted(specification):
        drawn.append(specification)
        return draw(specification)

    monkeypatch.setattr(vl_convert, "vegalite_to_svg", counted)
    return drawn


def test_other_process_draws_the_same(here):
    figures = [figure("one"), figure("two", 2.0)]
    with Drawing() as elsewhere:
        for each_figure in figures:
            elsewhere.begin(each_figure)
        drawn = [elsewhere.svg(each_figure) for each_figure in reversed(figures)]
        process = elsewhere.process

    assert here == []
    assert process.poll() is not None
    assert drawn == [vl_convert.vegalite_to_svg(f.static()) for f in reversed(figures)]
    assert "µ" in drawn[0]
    assert drawn[0] != drawn[1]


@pytest.mark.parametrize(
    "program",
    ["raise SystemExit", "import sys\nsys.stdin.readline()\nprint('{')", "input()"],
)
def test_what_it_fails_to_draw_is_drawn_here(here, monkeypatch, program):
    monkeypatch.setattr(drawing, "PROGRAM", program)

    with Drawing() as elsewhere:
        svg = elsewhere.svg(figure("one"))

    assert len(here) == 1
    assert svg == vl_convert.vegalite_to_svg(figure("one").static())


def test_process_that_cannot_start_is_done_without(here, monkeypatch):
    monkeypatch.setattr(drawing, "Popen", no_process)
    with Drawing() as elsewhere:
        assert elsewhere.svg(figure("one")).startswith("<svg")
    assert len(here) == 1


def test_process_ends_in_the_midst_of_drawing(monkeypatch):
    monkeypatch.setattr(drawing, "PROGRAM", "import time\ntime.sleep(600)")

    with Drawing() as elsewhere:
        elsewhere.begin(figure("one"))
        elsewhere.begin(figure("two"))
        process = elsewhere.process

    assert process.poll() is not None


def test_process_ends_with_its_input():
    words = [drawing.sys.executable, "-P", "-c", drawing.PROGRAM]
    ended = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, b"")
