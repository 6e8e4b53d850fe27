"""Formats of charts and tables: each has its content, and none is left over."""

import struct

import pytest

from nnbench.options.keys import ALLOWED
from nnbench.pages.formats import CHARTS, PIXELS, TABLES
from nnbench.pages.latex import as_latex

from . import samples

EVERY = ["svg", "png", "pdf", "csv", "latex"]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    directory = tmp_path_factory.mktemp("formats")
    samples.write_by_hand(directory, formats=EVERY, **samples.answer_by_hand())
    return directory


def names(directory):
    return {file.relative_to(directory).as_posix() for file in directory.glob("*/*")}


def test_each_chart_and_table_is_in_every_format(written):
    charts, tables = ("forest", "rest", "lines", "costs"), ("by-hand", "second")

    assert names(written) == {
        *(f"figures/{name}.{ending}" for name in charts for ending in ("svg", "png", "pdf")),
        *(f"tables/{name}.{ending}" for name in tables for ending in ("csv", "tex")),
    }
    assert (written / "tables/by-hand.tex").read_text("utf-8") == as_latex(samples.table_by_hand())


def test_png_is_as_sharp_as_slides_need(written):
    width, height = struct.unpack(">II", (written / "figures/forest.png").read_bytes()[16:24])
    svg = (written / "figures/forest.svg").read_text("utf-8")

    assert (written / "figures/forest.png").read_bytes().startswith(b"\x89PNG")
    assert f'viewBox="0 0 {width / PIXELS:.0f} {height / PIXELS:.0f}"' in svg


def test_pdf_is_one_page_of_the_chart(written):
    content = (written / "figures/forest.pdf").read_bytes()

    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")
    assert b"/Count 1" in content


def test_evidence_links_to_every_file(written):
    evidence = (written / "evidence.md").read_text("utf-8")

    assert {name for name in names(written) if f"({name})" in evidence} == names(written)


def test_page_links_to_every_file(written):
    page = (written / "index.html").read_text("utf-8")

    assert {name for name in names(written) if f'href="{name}"' in page} == names(written)


def test_formats_that_are_no_longer_asked_for_go(tmp_path):
    samples.write_by_hand(tmp_path, formats=["png", "latex"])
    own = tmp_path / "figures" / "own.png"
    own.write_bytes(b"mine")
    assert (tmp_path / "figures" / "lines.png").exists()

    samples.write_by_hand(tmp_path)

    assert names(tmp_path) == {"figures/lines.svg", "figures/own.png", "tables/by-hand.csv"}
    assert own.read_bytes() == b"mine"


def test_files_of_the_user_are_left_alone(tmp_path):
    samples.write_by_hand(tmp_path)
    own = tmp_path / "figures" / "lines.png"
    own.write_bytes(b"mine")

    samples.write_by_hand(tmp_path)

    assert own.read_bytes() == b"mine"


def test_key_allows_the_formats_that_there_are():
    assert {*CHARTS, *TABLES} == set(EVERY)
    assert ALLOWED["formats"](EVERY)
    assert not ALLOWED["formats"]([*EVERY, "gif"])
