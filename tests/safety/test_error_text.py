"""Messages of libraries' errors, as one line."""

import pytest

from nnbench.safety.error_text import first_line, one_line


@pytest.mark.parametrize(
    ("text", "whole", "first"),
    [
        ("", "ValueError", "ValueError"),
        (" \n ", "ValueError", "ValueError"),
        ("\n  no such\ttable \n  runs\n", "no such table runs", "no such\ttable"),
        ("(raised as a result of autoflush)\nlocked", None, "locked"),
        ("(raised alone)", "(raised alone)", "ValueError"),
    ],
)
def test_message_is_one_line(text, whole, first):
    assert one_line(ValueError(text)) == (whole or " ".join(text.split()))
    assert first_line(ValueError(text)) == first
