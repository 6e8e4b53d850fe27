"""Intervals are mentioned only where some are drawn."""

import pytest

from nnbench.report import outline
from nnbench.report.charts.intervals import with_intervals
from nnbench.report.outline import make_sections
from nnbench.report.statistics import Estimate
from tests.report.runs import RATES, run, table

from ..sections.asking import findings

NAN = float("nan")
FEW, MANY = Estimate(0.5, NAN, NAN, 3), Estimate(0.5, 0.4, 0.6, 8)


@pytest.mark.parametrize(
    ("estimates", "mentioned"), [([], False), ([FEW], False), ([FEW, MANY], True)]
)
def test_one_interval_is_enough(estimates, mentioned):
    assert bool(with_intervals(estimates)) == mentioned


@pytest.mark.parametrize(("seeds", "mentioned"), [(3, False), (8, True)])
def test_captions_of_few_seeds_speak_of_no_interval(seeds, mentioned):
    runs = table(
        *(run(s, d, 0.5 + d / 100 + s / 1000 - lr, lr=lr, width=8)
          for s in range(seeds) for d in (1, 3) for lr in RATES)
    )  # fmt: skip
    sections, _ = make_sections(findings(runs, "depth", sections=outline({"answer": None})))
    captions = [figure.caption for section in sections for figure in section.figures]
    assert any("95%" in caption for caption in captions) == mentioned
