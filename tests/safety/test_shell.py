import shlex
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbench.safety.shell import command_line, quoted


@pytest.mark.parametrize(
    ("word", "in_shell"),
    [
        ("depth=3", "depth=3"), ("", "''"), ("lr=[1, 2]", "'lr=[1, 2]'"),
        ("where={dataset: 'a b'}", "\"where={dataset: 'a b'}\""),
        ("it's $5", "'it'\"'\"'s $5'"), ("it's !5", "'it'\"'\"'s !5'"),
    ],
)  # fmt: skip
def test_words_have_the_simplest_quotes(word, in_shell):
    assert quoted(word) == in_shell


@given(words=st.lists(st.text(st.characters(exclude_characters="\0"))))
def test_words_are_read_as_they_were(words):
    assert shlex.split(command_line(words)) == words


def test_a_shell_reads_the_same_words():
    words = ["a'b", "$HOME's", "`id`'", "\\'", "!'!", "a\nb'", '"\'"', "~", "*", "{a,b}'", "#'"]
    shown = subprocess.run(
        ["bash", "-c", f"printf '%s\\0' {command_line(words)}"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert shown.split("\0")[:-1] == words
