import pytest

from nnbench.run.errors import CUT_OFF
from tests.report.runs import question

RUNS = "python -m nnbench -m depth=1,3"


@pytest.mark.parametrize("command", [RUNS, RUNS + " 'where={seed: [0]}'", "python -m nnbench"])
def test_a_command_that_can_be_typed_is_offered(command):
    assert question(command=command).command == command


def test_title_is_the_question():
    assert question(title="Is it?").in_words == "Is it?"
    assert question().in_words == "What is depth worth?"


@pytest.mark.parametrize(
    "command", ["", "newest", RUNS + CUT_OFF, RUNS + " 'lr=", "rm -rf nnbench"]
)
def test_no_other_is(command):
    assert question(command=command).command == ""
