from functools import cache

import pytest
import vl_convert

from .runs import TABLES, report


@pytest.fixture
def undrawn(monkeypatch):
    """Leaves figures undrawn, which takes half the time of a report whose text alone is tested."""
    monkeypatch.setattr(vl_convert, "vegalite_to_svg", lambda specification: "<svg/>")


@pytest.fixture(scope="session")
def reported(tmp_path_factory):
    """Writes the report of a table, by its name, once for all tests that only read it."""
    return cache(lambda name: report(TABLES[name], tmp_path_factory.mktemp("reported")))
