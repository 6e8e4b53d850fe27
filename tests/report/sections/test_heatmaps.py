"""The section of heatmaps."""

import json
import re

import pytest

from nnbench.report.sections import heatmaps
from tests.report.runs import RATES, TABLES, lost, run, table

from .asking import findings

WITH_LOST = table(
    *(lost(s, d, lr=lr) if (d, lr) == (3, 0.1) else run(s, d, 0.9 - lr, lr=lr)
      for s in range(2) for d in (1, 3) for lr in RATES)
)  # fmt: skip


def marks(section):
    return [json.loads(panel.to_json()) for panel in section.figures[0].panels]


def test_scores_are_in_cells_and_failed_ones_marked():
    section = heatmaps.make(findings(WITH_LOST))
    assert section.title == "Heat maps of depth and learning rate"
    (panel,) = marks(section)
    texts = re.findall(r'\\"text\\":\\"(.*?)\\"', json.dumps(panel, ensure_ascii=False))
    assert {text.replace(r"\\u00d7", "×") for text in texts} == {"89.9", "89.0", "80.0", "×"}

    shown = section.tables[0].data
    assert shown["lost"].sum() == 2
    assert shown["mean"].isna().sum() == 1


def test_data_sets_are_drawn_up_to_a_number():
    runs = table(
        *(run(s, d, lr=lr, dataset=name) for s in range(2) for d in (1, 3) for lr in RATES
          for name in "abc")
    )  # fmt: skip
    section = heatmaps.make(findings(runs), datasets=2)
    assert len(marks(section)) == 2
    assert "The first 2 of 3 data sets" in section.figures[0].caption
    assert set(section.tables[0].data["dataset"]) == {"a", "b", "c"}


def test_equal_and_very_negative_scores_are_drawable():
    equal = table(*(run(s, d, lr=lr) for s in range(2) for d in (1, 3) for lr in RATES))
    assert heatmaps.make(findings(equal)) is not None
    low = table(
        *(run(s, d, 0.5 if lr < 0.1 else -1e6, lr=lr, metric="r2")
          for s in range(2) for d in (1, 3) for lr in RATES)
    )  # fmt: skip
    (panel,) = marks(heatmaps.make(findings(low)))
    scales = [layer["encoding"]["color"]["scale"] for layer in panel["layer"]
              if (layer["encoding"].get("color") or {}).get("scale")]  # fmt: skip
    assert scales[0]["domain"] == [0, 0.5]


def test_of_errors_the_smallest_is_light():
    runs = table(
        *(run(s, d, lr, lr=lr, metric="rmse") for s in range(2) for d in (1, 3) for lr in RATES)
    )
    (panel,) = marks(heatmaps.make(findings(runs, metric="test_rmse")))
    assert panel["layer"][0]["encoding"]["color"]["scale"]["reverse"] is True


@pytest.mark.parametrize("name", ["one seed", "all diverged", "many"])
def test_one_setting_makes_no_heatmap(name):
    assert heatmaps.make(findings(TABLES[name])) is None
