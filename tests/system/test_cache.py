"""Texts kept in the user's cache directory: used only if they are what they should be."""

from pathlib import Path

import pytest

from nnbench.system.cache import cache_directory, fingerprint, kept_text

TEXT = "script → 1;\r\n" * 1000


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Makes the text; returns it, and how often it has been made."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    makings = []

    def get(expected):
        return kept_text("script.js", expected, lambda: makings.append(1) or TEXT), len(makings)

    return get


def test_fingerprint_is_that_of_a_policy_for_scripts():
    # Base64 of `printf 'alert(1)' | openssl dgst -sha256 -binary`.
    assert fingerprint("alert(1)") == "sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI="


def test_text_is_made_once(kept):
    expected = fingerprint(TEXT)

    assert kept(expected) == (TEXT, 1)
    assert kept(expected) == (TEXT, 1)
    assert [path.name for path in cache_directory().iterdir()] == ["script.js"]


@pytest.mark.parametrize("content", [TEXT.encode()[:-1], b"alert(1)", b"\xff\xfe", b""])
def test_file_of_other_content_is_never_used(kept, content):
    kept(fingerprint(TEXT))
    (cache_directory() / "script.js").write_bytes(content)

    assert kept(fingerprint(TEXT)) == (TEXT, 2)
    assert (cache_directory() / "script.js").read_bytes() == TEXT.encode()


@pytest.mark.parametrize("expected", [None, fingerprint("other")])
def test_unknown_text_is_not_kept(kept, expected):
    assert kept(expected) == (TEXT, 1)
    assert kept(expected) == (TEXT, 2)
    assert not cache_directory().exists()


@pytest.mark.parametrize("place", ["nnbench", "nnbench/script.js"])
def test_unusable_place_is_left_alone(kept, tmp_path, place):
    path = tmp_path / place
    path.mkdir(parents=True)
    if place == "nnbench":
        path.rmdir()
        path.write_text("a file")

    assert kept(fingerprint(TEXT)) == (TEXT, 1)
    assert list(tmp_path.rglob("*.part")) == []
    assert path.exists()


@pytest.mark.parametrize("named", [None, "", "relative/place"])
def test_usual_place_is_below_the_home_directory(tmp_path, monkeypatch, named):
    monkeypatch.setenv("HOME", str(tmp_path))
    if named is None:
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_CACHE_HOME", named)

    assert cache_directory() == Path(tmp_path, ".cache", "nnbench")
