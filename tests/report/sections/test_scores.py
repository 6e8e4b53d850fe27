"""The chart of scores, of one and of two compared keys."""

import json

import pytest

from nnbench.report import outline
from nnbench.report.outline import make_sections
from nnbench.report.sections import scores
from tests.report.runs import TABLES, depths, run, table

from .asking import findings

BOTH = table(
    *(run(s, d, 0.5 + d / 100 + s / 1000, validation=0.9, optimizer=name)
      for s in range(6) for d in (1, 3) for name in ("adam", "sgd"))
)  # fmt: skip


def test_two_keys_share_one_chart():
    section = scores.make(findings(BOTH, "optimizer", "depth"))
    (panel,) = section.figures[0].panels
    chart = json.loads(panel.to_json())
    encoding = chart["layer"][0]["encoding"]
    assert encoding["x"]["title"] == "depth"
    assert encoding["color"]["title"] == "optimizer"
    assert "test scores" in section.figures[0].caption


def test_what_has_no_order_has_no_lines():
    runs = BOTH.assign(activation=BOTH["depth"].map({1: "relu", 3: "tanh"}), depth=1)
    section = scores.make(findings(runs, "optimizer", "activation"))
    drawn = [layer["mark"]["type"] for layer in section.figures[0].panels[0].to_dict()["layer"]]
    assert drawn == ["rule", "point"]


def test_one_key_keeps_its_chart():
    section = scores.make(findings(depths({1: [0.9] * 2, 3: [0.8] * 2})))
    assert "faint points are single runs" in section.figures[0].caption


@pytest.mark.parametrize("keys", [("depth",), ("optimizer", "depth")])
@pytest.mark.parametrize(("seeds", "are_drawn"), [(3, False), (5, False), (6, True), (9, True)])
def test_caption_mentions_intervals_only_where_some_are_drawn(keys, seeds, are_drawn):
    rows = [run(s, d, 0.5 + s / 100, optimizer=name)
            for s in range(seeds) for d in (1, 3) for name in ("adam", "sgd")]  # fmt: skip
    runs = table(*rows) if len(keys) == 2 else table(*rows[::2])
    caption = scores.make(findings(runs, *keys)).figures[0].caption
    assert ("95%" in caption) == are_drawn


@pytest.mark.parametrize("name", TABLES)
def test_every_section_can_be_made_of_two_keys(name):
    """Whole reports of these runs, in test_report.py, have those of one key."""
    sections, _ = make_sections(findings(TABLES[name], "depth", "lr", sections=outline({})))
    for figure in (figure for section in sections for figure in section.figures):
        figure.static()
        assert figure.specifications


def test_equal_scores_of_seeds_are_points_apart():
    section = scores.make(findings(depths({1: [0.9] * 10, 3: [0.8] * 10})))
    points = section.figures[0].specifications[0]["layer"][0]["data"]["values"]
    assert len(points) == 60
    assert len({(p["value"], p["set"], p["score"], p["offset"]) for p in points}) == 60
    assert {p["set"] for p in points if p["offset"] < 1 / 3} == {"training"}


@pytest.mark.parametrize("name", ["one run", "one value", "one seed", "some lost"])
def test_no_chart_has_one_mark_only(name):
    sections, _ = make_sections(findings(TABLES[name], sections=outline({})))
    for figure in (figure for section in sections for figure in section.figures):
        for panel in figure.specifications:
            views = [panel, *panel.get("layer", [])]
            sizes = [len(view["data"]["values"]) for view in views if "data" in view]
            assert max(sizes) > 1, figure.name
