"""Charts whose channels are made directly are those that Altair makes of the same words."""

import altair as alt
import pandas as pd
import pytest

from nnbench.pages.figures import TypedChart, chart, legend_toggle, shown_if

CLICKED = legend_toggle("value")


@pytest.mark.parametrize(
    "channels",
    [
        {"x": "a:Q", "y": "mean(b):Q", "x2": "c", "xOffset": "d:N", "strokeDash": "d:N"},
        {"tooltip": ["a:Q", alt.Tooltip("b:Q", title="B")], "order": "a:O", "latitude": "b:Q"},
        {"color": alt.value("red"), "opacity": shown_if(CLICKED), "y": alt.Y("b:Q", title="B")},
        {"opacity": alt.condition(CLICKED, "a:Q", alt.value(0.1)), "text": alt.value("x")},
        {"size": alt.condition(CLICKED, alt.value(9), "a:Q"), "x": alt.datum(3), "url": "d:N"},
        {"facet": "d:N", "x": {"field": "a", "type": "quantitative"}},
    ],
)
def test_channels_are_those_that_altair_makes(channels):
    plain = chart(pd.DataFrame({"a": [1.0], "b": [2.0], "c": [3.0], "d": ["x"]})).mark_point()
    ours = plain.encode(**channels).to_dict()
    theirs = super(TypedChart, plain).encode(**channels).to_dict()

    assert ours == theirs
