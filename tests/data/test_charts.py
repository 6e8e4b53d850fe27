"""The committed charts of data sets, in reports/data."""

import re

import pytest
import yaml

from nnbench.data.solutions import SOLUTIONS
from nnbench.data.theory import THEORY
from nnbench.options import catalogue
from tests.manuals import ROOT

CHARTS = ROOT / "reports" / "data"
PAGE = (CHARTS / "README.md").read_text(encoding="utf-8")


def names_in(node):
    """Every value of a key `dataset` in a composed or plain part of a sweep."""
    for key, value in node.items():
        if key == "dataset":
            yield from str(value).split(",")
        elif isinstance(value, dict):
            yield from names_in(value)


@pytest.mark.parametrize("sweep", catalogue.names("sweeps"))
def test_data_sets_of_named_sweeps_have_charts(sweep):
    values = yaml.safe_load((ROOT / "sweeps" / f"{sweep}.yaml").read_text())
    names = set(names_in(values)) or catalogue.usual("dataset")
    # A variant such as parity_8 differs from its data set in an option alone.
    missing = {
        name
        for name in names
        if not any((CHARTS / f"{n}.svg").exists() for n in (name, name.rpartition("_")[0]))
    }
    assert not missing


def test_the_page_shows_every_chart():
    shown = re.findall(r"\]\((\w+)\.svg\)", PAGE)
    assert sorted(shown) == sorted(file.stem for file in CHARTS.glob("*.svg"))
    assert set(shown) <= set(catalogue.names("dataset"))
    assert all((CHARTS / f"{name}.svg").read_text().startswith("<svg") for name in shown)


def test_theory_is_of_existing_data_sets():
    targets = {catalogue.option("dataset", name).target for name in catalogue.names("dataset")}
    assert set(THEORY) | set(SOLUTIONS) <= targets
