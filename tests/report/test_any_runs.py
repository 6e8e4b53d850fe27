"""Sections on all data sets, on tuning and on its budget have an answer to any runs."""

from dataclasses import replace

import pytest

from nnbench.pages import Section
from nnbench.report.question import Question
from nnbench.report.sections import across, best_of_k, limits, optimizers

from .runs import COMMAND, TABLES, answered

ASKED = Question("trial", ("depth",), (COMMAND,), "python -m nnbench report experiment=trial")


@pytest.mark.parametrize("keys", [("depth",), ("lr",), ("optimizer",), ("depth", "optimizer")])
@pytest.mark.parametrize("name", TABLES)
def test_sections_say_something_or_nothing(name, keys):
    findings = answered(TABLES[name], replace(ASKED, keys=keys))

    for section in (across, best_of_k, optimizers, limits):
        content = section.make(findings)
        assert content is None or isinstance(content, Section)
        for table in content.tables if content else ():
            assert {len(row) for row in table.rows} <= {len(table.columns)}
            assert not table.data.empty
        for figure in content.figures if content else ():
            assert figure.static()
