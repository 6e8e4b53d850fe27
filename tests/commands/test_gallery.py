"""The gallery of a folder of reports, as a command."""

import pytest


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ([], "gallery=reports: has no report; must be a folder of reports"),
        (["nowhere"], "gallery=nowhere: has no report; must be a folder of reports"),
        (["x" * 300], f"gallery={'x' * 79}…: has no report; must be a folder of reports"),
        (["x", "y"], "gallery=y: no such folder; must be one with a report.json"),
        (["seed=1"], "seed=1: gallery takes a folder, and reports to copy there"),
    ],
)
def test_mistakes_are_told_in_one_line(words, error, call):
    assert call("gallery", *words) == (1, "", f"nnbench: {error}\n")


def test_gallery_is_named(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    report = tmp_path / "one" / "report.json"
    report.parent.mkdir()
    report.write_text('{"question": {"title": "Or?"}, "answer": {"headline": "Nor."}}')

    code, output, errors = command("gallery", "kept", "one")

    page = tmp_path / "kept" / "index.html"
    assert (code, errors) == (0, "")
    assert output == f"Gallery: {page.as_uri()} (1 of 1 reports)\n"
    assert "Nor." in page.read_text("utf-8")
