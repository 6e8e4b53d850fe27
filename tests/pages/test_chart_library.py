"""The script of pages: made by vl-convert, and kept."""

from importlib import metadata

from nnbench.pages import chart_library
from nnbench.system.cache import fingerprint


def test_known_fingerprint_is_that_of_the_installed_version():
    script = chart_library.make_library()

    version = metadata.version("vl-convert-python").partition(".post")[0]
    expected = chart_library.FINGERPRINTS.get(version, fingerprint(script))
    assert fingerprint(script) == expected
    assert "</script" not in script


def test_kept_script_is_used_unless_it_was_changed(tmp_path, monkeypatch):
    makings = []
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(chart_library, "make_library", lambda: makings.append(1) or "draw()")
    monkeypatch.setattr(chart_library.metadata, "version", lambda name: "7.1.post2")
    monkeypatch.setattr(chart_library, "FINGERPRINTS", {"7.1": fingerprint("draw()")})
    load = chart_library.chart_library.__wrapped__

    assert [load(), load(), len(makings)] == ["draw()", "draw()", 1]
    (file,) = (tmp_path / "nnbench").iterdir()
    assert file.name == "vega-of-vl-convert-7.1.js"
    file.write_text("draw(); steal()")
    assert [load(), len(makings)] == ["draw()", 2]
