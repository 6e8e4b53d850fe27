from functools import cache

import pytest
import vl_convert
from altair.utils import schemapi

from .runs import TABLES, report


@pytest.fixture
def undrawn(monkeypatch):
    """Leaves figures undrawn, which takes half the time of a report whose text alone is tested."""
    monkeypatch.setattr(vl_convert, "vegalite_to_svg", lambda specification: "<svg/>")


@pytest.fixture(scope="session")
def reported(tmp_path_factory):
    """Writes the report of a table, by its name, once for all tests that only read it."""
    return cache(lambda name: report(TABLES[name], tmp_path_factory.mktemp("reported")))


@pytest.fixture(scope="session", autouse=True)
def _schemas_read_once():
    """Altair lists its classes by their schemas once, and not for every channel of a chart.

    That takes a fifth of the time of a report.
    """
    listing, lists = schemapi._FromDict.__init__, {}

    def listed(converter, classes, /):
        kinds = tuple(classes)
        if kinds not in lists:
            listing(converter, kinds)
            lists[kinds] = converter.class_dict
        converter.class_dict = lists[kinds]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schemapi._FromDict, "__init__", listed)
        yield
