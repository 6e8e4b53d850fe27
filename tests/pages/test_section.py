"""Allowed links of a page."""

import pytest

from nnbench.pages import Link


@pytest.mark.parametrize(
    "href",
    ["http://127.0.0.1:5000/#/runs/1", "https://x.example/a?b=c&d", "runs/1", "../x.html", "#top",
     "?q=1", "./a:b"],
)  # fmt: skip
def test_addresses_of_pages_are_allowed(href):
    assert str(Link("x", href)) == "x"


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "JavaScript:alert(1)", "java\nscript:alert(1)", " javascript:alert(1)",
     "\x01javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "",
     "//evil.example", "\\\\evil.example", "http:x", "https://", "a b", "mailto:x", "sqlite:///x"],
)  # fmt: skip
def test_anything_else_is_refused_in_one_line(href):
    with pytest.raises(ValueError, match=r"^href=.*: must be http://…, https://… or relative$"):
        Link("x", href)
