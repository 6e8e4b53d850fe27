"""Hydra's launchers of single jobs beside nnbench's own."""

import pytest
from hydra_plugins.nnbench_stack import launcher


@pytest.mark.parametrize(
    ("words", "usual", "line"),
    [
        (["depth=1"], 3, "nnbench: extend=3: does nothing with this launcher, whose jobs train"),
        (["extend=2"], 0, "nnbench: extend=2: does nothing with this launcher, whose jobs train"),
        (["extend=0"], 3, ""),
        (["extend=null"], 3, ""),
        (["depth=1"], 0, ""),
        (["depth=1"], None, ""),
    ],
)
def test_single_job_launcher_reports_no_grid_extension(words, usual, line, capsys):
    launcher.tell_unextended([words, words], {"extend": usual})
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(line)
    assert bool(printed.err) == bool(line)
