"""Commands that a report suggests."""

import pytest

from nnbench.report.text.commands import command_with, typed_numbers


@pytest.mark.parametrize(
    ("command", "settings", "line"),
    [
        ("python -m nnbench depth=3", {"seeds": "20"}, "python -m nnbench depth=3 seeds=20"),
        ("python -m nnbench depth=3", {"lr": "1,2"}, "python -m nnbench -m depth=3 lr=1,2"),
        ("python -m nnbench -m lr=1,2", {"lr": "3,4"}, "python -m nnbench -m lr=3,4"),
        ("python -m nnbench 'a=b c'", {"seeds": "2"}, "python -m nnbench 'a=b c' seeds=2"),
        ("", {"seeds": "2"}, ""),
        ("python -m nnbench a=1 quick=true", {"seeds": "20"}, "python -m nnbench a=1 seeds=20"),
        (
            "python -m nnbench report",
            {"where": "{depth: [1, 3]}"},
            "python -m nnbench report 'where={depth: [1, 3]}'",
        ),
    ],
)
def test_command_with_other_settings(command, settings, line):
    assert command_with(command, **settings) == line


@pytest.mark.parametrize(
    ("command", "numbers"),
    [
        ("python -m nnbench -m lr=0.1,1e-3\npython -m nnbench lr=3", [0.1, 0.001, 3.0]),
        ("python -m nnbench -m lr=auto,1", []),
        ("python -m nnbench -m 'lr=choice(1,2)'", []),
        ("python -m nnbench optimizer.lr=4 width=2", []),
        ("", []),
    ],
)
def test_numbers_that_were_typed(command, numbers):
    assert typed_numbers(command, "lr") == numbers


def test_suggested_commands_quote_like_others():
    command = """python -m nnbench "tracking.uri=it's here" depth=1"""

    assert command_with(command, seeds="20") == f"{command} seeds=20"
