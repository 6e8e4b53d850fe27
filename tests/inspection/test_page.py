"""Whole pages, on inputs of every shape."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import nnbench
from nnbench.assembly import build, predictor
from nnbench.inspection import Subject, examine, make_page
from nnbench.inspection.sections.decision_regions import stretches
from nnbench.inspection.sections.filters import CELLS
from nnbench.pages import write_page
from nnbench.pages.chart_library import chart_library
from nnbench.run.config import Component
from tests.build_small import run

from ..pages.charts import charts, words

SUBJECT = Subject("abc", "trial", "python -m nnbench inspect abc", "Trained again.")
LINE = {
    "dataset": "regression",
    "changes": {"dataset": {"n_features": 1, "n_informative": 1, "samples": 60}},
}
MOONS = {"dataset": "moons", "changes": {"dataset": {"samples": 80}}}


def findings(**settings):
    result = nnbench.train(run(**{"epochs": 2, "depth": 2, **settings}), weights=True)
    data = build.dataset(result.config.dataset)
    return examine(predictor.from_weights(result.config, data, result.weights), data)


@pytest.mark.parametrize(
    ("settings", "slugs"),
    [
        (MOONS, ["regions"]),
        (LINE, ["function"]),
        ({"dataset": "digits"}, ["filters"]),
        ({"depth": 0}, []),
        ({"init": "zeros"}, []),
        ({"dataset": "linnerud", "batch_size": "full"}, []),
    ],
    ids=["moons", "line", "digits", "linear", "dead", "two targets"],
)
def test_every_shape_gets_its_page(settings, slugs, tmp_path):
    page = make_page(findings(**settings), SUBJECT)
    file, readme = write_page(page, tmp_path)

    assert [section.slug for section in page.sections] == ["layers", "similarity", *slugs, "method"]
    text = words(file.read_text())
    for word in ("nan", "NaN", "inf", "None", "undefined"):
        assert not re.search(rf"\b{word}\b", text + readme.read_text()), word
    charts(file.read_text())
    for picture in re.findall(r"\((figures/.*?\.svg)\)", readme.read_text()):
        assert ET.parse(tmp_path / picture).getroot().tag.endswith("svg")
    for table in re.findall(r"\((tables/.*?\.csv)\)", readme.read_text()):
        pd.read_csv(tmp_path / table)


def test_figures_are_those_of_the_probes():
    inspected = findings(**MOONS)
    x, y = inspected.data.x, inspected.data.y
    page = make_page(inspected, SUBJECT)
    raw = inspected.layers[0].probe
    by_hand = np.mean(
        raw.predict(inspected.trained.scaling.inputs(x[inspected.validation], "float64"))
        == y[inspected.validation]
    )

    assert inspected.layers[0].validation_score == by_hand
    assert page.sentences[0].startswith(f"A linear model reads {100 * by_hand:.1f}% of classes")
    assert inspected.similarity.shape == (4, 4)
    assert np.diagonal(inspected.similarity) == pytest.approx(np.ones(4))


def test_dead_layers_are_named():
    text = " ".join(
        line
        for section in make_page(findings(init="zeros"), SUBJECT).sections
        for line in section.text
    )
    assert "layer 1, layer 2" in text
    assert "Dead layers" in text


def test_the_rows_that_are_left_out_are_counted(monkeypatch):
    monkeypatch.setattr("nnbench.inspection.examination.ROWS", 9)
    inspected = findings(dataset="iris")
    method = make_page(inspected, SUBJECT).sections[-1]
    assert "9 of 105 examples of the training set" in method.points[0][0]


def test_regions_tile_the_plane():
    line = np.array([0, 0, 1, 1, 0])
    sides = [np.arange(6.0), np.arange(3.0)]
    tiles = list(stretches(1, line, sides))
    assert [(tile["value"], tile["x"], tile["x2"]) for tile in tiles] == [
        ("0", 0, 2),
        ("1", 2, 4),
        ("0", 4, 5),
    ]
    assert {(tile["y"], tile["y2"]) for tile in tiles} == {(1, 2)}


def test_missing_numbers_leave_the_picture_as_it_is():
    whole = findings(**MOONS)
    x = whole.data.x.copy()
    x[whole.train[0], 0] = np.nan
    holes = examine(whole.trained, replace(whole.data, x=x))
    pages = [
        make_page(inspected, SUBJECT).sections[2].figures[0].panels for inspected in (whole, holes)
    ]
    whole_panel, panel = (panels[-1].to_dict() for panels in pages)
    assert np.isfinite(panel["layer"][0]["encoding"]["x"]["scale"]["domain"]).all()
    assert len(panel["layer"]) == len(whole_panel["layer"])


def test_many_filters_are_not_all_drawn(monkeypatch):
    monkeypatch.setattr("nnbench.inspection.sections.filters.CELLS", 64 * 3)
    page = make_page(findings(dataset="digits", epochs=1, depth=1), SUBJECT)
    (figure,) = page.sections[2].figures
    assert CELLS > 64 * 8
    assert figure.caption.startswith("Weights of 3 of the 8 units")


def test_hostile_names_stay_text(tmp_path):
    evil = "</script><img src=x onerror=alert(1)> | `a` {{ 7 * 7 }}"
    inspected = findings()
    config = replace(inspected.trained.config, dataset=Component(evil), model=Component(evil))
    hostile = replace(inspected, trained=replace(inspected.trained, config=config))
    # Only the title names them; the network itself is not built again.
    network = inspected.trained.network()
    object.__setattr__(hostile.trained, "network", lambda: network)
    subject = Subject(evil, evil, f"python -m nnbench inspect {evil}", evil)
    page, readme = write_page(make_page(hostile, subject), tmp_path)

    shown = page.read_text().replace(chart_library(), "")
    assert "<img" not in shown
    assert shown.count("</script>") == 2
    assert "<img" not in re.sub(r"^    .*$", "", readme.read_text(), flags=re.M)
