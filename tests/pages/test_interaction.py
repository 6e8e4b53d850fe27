"""Interactive charts, and their static figures."""

import json

import altair as alt
import pandas as pd
import pytest

from nnbench.pages.figures import HANDLE, Figure, chart, names_axis
from nnbench.pages.interaction import zoomable

from .charts import charts, figures_of
from .samples import LONG, panel_by_hand, write_by_hand


def small(x="x:Q", y="y:Q", **axis):
    base = chart(pd.DataFrame({"x": [1, 2], "y": [3.0, 4.0]}))
    return base.mark_line().encode(x=alt.X(x, **axis), y=y)


@pytest.mark.parametrize(
    ("panel", "moves"),
    [
        (small(), True),
        (small(x="x:O"), False),
        (small(y="y:N"), False),
        (small(axis=None), False),
        (panel_by_hand(), True),
        (alt.layer(small(), small(x="x:N")), False),
        (chart(pd.DataFrame({"x": [1]})).mark_bar().encode(x="x:Q"), False),
    ],
)
def test_continuous_axes_can_be_zoomed(panel, moves):
    assert zoomable(panel.to_dict()) == moves


@pytest.mark.parametrize("panel", [small(), panel_by_hand()])
def test_hint_says_what_can_be_done(panel):
    assert "zoom" in Figure("x", "", [panel]).hint
    assert "zoom" not in Figure("x", "", [small(x="x:O")]).hint
    assert "legend" not in Figure("x", "", [panel], clickable=False).hint


def test_picture_is_still():
    hidden = small().properties(mark=HANDLE)
    panel = alt.layer(panel_by_hand(), hidden)
    picture = Figure("x", "", [panel, panel]).static()

    text = json.dumps(picture)
    assert "param" not in text
    assert '"opacity": {"value": 1.0}' in text
    assert all(len(view["layer"]) == 1 for view in picture["concat"])


def test_writing_page_leaves_its_figures_as_they_were():
    figure = Figure("x", "", [panel_by_hand(title="t")])
    before = json.dumps(figure.specifications), figure.static()

    assert [panel.title for panel in figure.interactive] == ["t"]
    assert (json.dumps(figure.specifications), figure.static()) == before


def test_chart_has_only_visible_digits():
    frame = pd.DataFrame({"x": [1 / 3, 1e-12 / 3, -1234567.8, 0.0, float("nan"), float("inf")]})
    (panel,) = Figure("x", "", [chart(frame).mark_point()]).specifications

    assert figures_of(panel, "x") == [
        0.333333,
        3.33e-13,
        -1234570.0,
        0,
        None,
        None,
    ]


def test_only_names_that_fit_stand_level():
    assert names_axis(["0", "1", "12"]).labelAngle == 0
    assert names_axis(["relu", "tanh", "sigmoid"]).labelAngle == 0
    assert names_axis(list(LONG)).labelAngle == -45
    assert names_axis([f"optimizer_{number}" for number in range(29)]).labelAngle == -90


def test_page_carries_its_charts(tmp_path):
    page, _ = write_by_hand(tmp_path)

    first, second = charts(page.read_text())
    assert first["description"].startswith(LONG[0])
    assert "title" not in first
    assert [parameter["name"] for parameter in first["params"]][-1] == "zoom"
    assert "zoom" not in json.dumps(second)


def test_long_title_of_picture_is_broken_into_lines():
    panel = panel_by_hand(title=LONG[0] + ": at the end of training")
    (drawn,) = Figure("x", "", [panel]).static()["concat"]

    assert "".join(drawn["title"]).replace(" ", "") == LONG[0] + ":attheendoftraining"
    assert max(map(len, drawn["title"])) * 7 <= drawn["width"]
