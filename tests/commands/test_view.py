"""Opening the newest report, with a browser that only remembers what it was asked for."""

import os
import webbrowser

import pytest


@pytest.fixture
def opened(monkeypatch):
    addresses = []
    monkeypatch.setattr(webbrowser, "open", addresses.append)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    return addresses


@pytest.fixture
def reports(tmp_path, monkeypatch):
    """Three reports, the second of which is the newest, and a page that is none."""
    monkeypatch.chdir(tmp_path)
    for name, age in (("one", 9), ("two words", 1), ("深度学习", 5), ("data/card", 0)):
        directory = tmp_path / "reports" / name
        directory.mkdir(parents=True)
        page = directory / "index.html"
        page.write_text("a page")
        os.utime(page, (1e9 - age, 1e9 - age))
        if age:
            (directory / "report.json").write_text("{}")
    return tmp_path / "reports"


@pytest.mark.parametrize(
    ("words", "name"),
    [((), "two words"), (("experiment=one",), "one"), (("experiment=深度学习",), "深度学习")],
)
def test_newest_report_opens_in_the_browser(words, name, reports, opened, command):
    address = (reports / name / "index.html").as_uri()
    assert command("view", *words) == (0, f"Report: {address}\n", "")
    assert opened == [address]


def test_without_a_screen_the_address_is_printed(reports, opened, monkeypatch, command):
    monkeypatch.delenv("DISPLAY")
    assert command("view") == (
        0,
        f"Report: {(reports / 'two words' / 'index.html').as_uri()}\n",
        "",
    )
    assert opened == []


def test_browser_that_fails_is_no_error(reports, opened, monkeypatch, command):
    def fail(address):
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "open", fail)
    assert command("view")[0] == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("experiment=../one",), "experiment=../one: has no report in reports; did you mean one?"),
        (
            ("experiment=data/card",),
            "experiment=data/card: has no report in reports; must be one of one, two",
        ),
        (("depth=3",), "depth=3: view takes experiment=NAME only"),
        (("one",), "one: view takes experiment=NAME only"),
    ],
)
def test_words_without_a_report_are_refused(words, message, reports, opened, command):
    code, output, error = command("view", *words)
    assert (code, output) == (1, "")
    assert error.startswith(f"nnbench: {message}")
    assert error.count("\n") == 1
    assert opened == []


def test_without_any_report_nothing_is_opened(tmp_path, monkeypatch, opened, command):
    monkeypatch.chdir(tmp_path)
    code, output, error = command("view")
    assert (code, output, opened) == (1, "", [])
    assert error == "nnbench: experiment: has no report in reports; run a sweep first\n"
