"""Colours of charts and places of points."""

import itertools
import re
from importlib.resources import files

import pandas as pd
import pytest

from nnbench.pages import figures, palette
from nnbench.report.charts import forest_rows

GROUNDS = {
    name: re.search(rf"{scheme}; .*?--card: (#\w{{6}})", css)[1]
    for css in [(files("nnbench.pages") / "templates" / "page.css.j2").read_text("utf-8")]
    for name, scheme in (("light", "color-scheme: light"), ("dark", "color-scheme: dark"))
}
COLOURS = [*palette.UNORDERED, *palette.blend(40), forest_rows.NEUTRAL]


def luminance(colour):
    """Relative luminance of a colour, as WCAG 2 defines it."""
    channels = [byte / 255 for byte in bytes.fromhex(colour.removeprefix("#"))]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("colour", COLOURS)
def test_colours_stand_out_on_either_ground(colour, ground):
    dark, light = sorted([luminance(colour), luminance(GROUNDS[ground])])
    assert (light + 0.05) / (dark + 0.05) >= 3


def test_ordered_colours_are_all_different():
    assert len(set(palette.blend(40))) == 40


def test_points_of_seeds_lie_apart():
    places = sorted(figures.jitter(place) for place in range(20))
    assert 0.2 <= places[0] < places[-1] <= 0.8
    assert min(b - a for a, b in itertools.pairwise(places)) > 0.6 / 20 / 3


def test_chart_keeps_its_own_height():
    usual = figures.chart(pd.DataFrame({"x": [1]})).mark_bar().encode(x="x:Q")
    figure = figures.Figure("f", "", [usual.properties(height=77), usual])
    assert [panel["height"] for panel in figure.static()["concat"]] == [77, figures.PANEL_HEIGHT]


@pytest.mark.parametrize(("zero", "is_said"), [(False, True), (True, False), (None, False)])
def test_explanation_names_zoomed_axes(zero, is_said):
    scale = figures.alt.Undefined if zero is None else figures.alt.Scale(zero=zero)
    y = figures.alt.Y("x:Q", scale=scale)
    layers = [figures.chart(pd.DataFrame({"x": [1, 2]})).mark_point().encode(y=y)]
    figure = figures.Figure("f", "Scores.", [figures.alt.layer(*layers)])
    assert figure.explanation == "Scores." + (" Axes are zoomed to the data." if is_said else "")
