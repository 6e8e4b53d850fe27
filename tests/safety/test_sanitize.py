"""Untrusted text neither moves the cursor, nor turns lines around, nor becomes a formula."""

import io
import json
import sys

import pytest
from rich.table import Table

import nnbench
from nnbench.__main__ import main
from nnbench.app import terminal
from nnbench.run.errors import ConfigError
from nnbench.safety.sanitize import UNSAFE, in_cell, in_json, in_line, in_lines, is_neutral

ATTACKS = {
    "\x1b[2J\x1b[H": r"\x1b[2J\x1b[H",
    "\x1b]8;;http://evil.invalid\x07x": r"\x1b]8;;http://evil.invalid\x07x",
    "\x9b31m": r"\x9b31m",
    "\u202eabc\u2066\u200f\u061c": r"\u202eabc\u2066\u200f\u061c",
    "a\0b\nc\rd\te": r"a\x00b\nc\rd\te",
    "a\x08\x7f\x85\u2028b": r"a\x08\x7f\x85\u2028b",
    "\ud800": r"\ud800",
    "\U000e0041": r"\U000e0041",
}
PLAIN = ("a b", "größe 数 👩‍💻", "a\\x1b", "[red]x[/red]", "…")


@pytest.mark.parametrize(("text", "shown"), [*ATTACKS.items(), *((p, p) for p in PLAIN)])
def test_a_line_has_no_command(text, shown):
    assert in_line(text) == shown
    assert in_line(shown) == shown
    assert is_neutral(text) == (text == shown)
    written = in_json(json.dumps(text, ensure_ascii=False))
    assert json.loads(written) == text
    assert is_neutral(written)


def test_lines_stay_where_they_are_meant():
    assert in_lines("a\n\tb\rc\x1b") == "a\n\tb\\rc\\x1b"
    assert in_json('{\n "a": 1\n}') == '{\n "a": 1\n}'


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("x")', "@SUM(A1)", "+1+1", "-1+1", "-", "\t=1", "\r=1", "\n=1",
             " =1", "＝1", "＠x", "+cmd|' /C calc'!A0", '"=1', "'=1"]
)  # fmt: skip
def test_a_formula_becomes_text(text):
    assert in_cell(text) == "'" + in_lines(text)


@pytest.mark.parametrize(
    "value", [-0.5, 3, None, True, "-0.5", "+3", "-1e-05", "-inf", "-1,200", "-3.5%", "a=b", "a\nb",
              "lr=0.1", "", "−0.5"]
)  # fmt: skip
def test_numbers_and_other_texts_stay_what_they_are(value):
    assert in_cell(value) == value
    assert type(in_cell(value)) is type(value)


@pytest.fixture
def printed(monkeypatch):
    """Output of the console of all commands."""
    file = io.StringIO()
    console = terminal.NeutralConsole(file=file, width=200, color_system=None)
    monkeypatch.setattr(terminal, "CONSOLE", console)
    return file


@pytest.mark.parametrize("text", ATTACKS)
def test_nothing_printed_is_a_command(text, printed):
    terminal.say(f"a {text} b")
    assert printed.getvalue() == f"a {ATTACKS[text]} b\n"
    table = Table(title=text)
    table.add_column(text)
    table.add_row(text)
    terminal.CONSOLE.print(table)
    terminal.CONSOLE.print(f"[bold]{text}[/bold]")
    terminal.show_data([(text, text)])
    assert set(UNSAFE.findall(printed.getvalue())) <= {"\n"}


def test_markup_of_names_is_text(printed):
    terminal.say("[red]x[/red] [link=http://evil.invalid]y[/link]")
    assert printed.getvalue() == "[red]x[/red] [link=http://evil.invalid]y[/link]\n"


@pytest.mark.parametrize("text", ["\x1b[2J\x07", "\u202eabc", "a\nb\rc", "\x9b31m"])
@pytest.mark.parametrize("word", ["{}", "{}=1", "depth={}", "dataset='{}'", "experiment='{}'"])
def test_errors_hold_no_command(word, text, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["nnbench", word.format(text), "tracking=none"])
    try:
        code = main()
    except SystemExit as error:
        code = error.code
    assert code
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.count("\n") == 1
    assert set(UNSAFE.findall(output.err)) == {"\n"}


@pytest.mark.parametrize(
    "word",
    [
        "experiment='a\x1b[2Jb'",
        "experiment='a\u202eb'",
        "+sections={'a\u202eb': {_target_: x.y}}",
        "optimizer.name='a\x9bb'",
    ],
)
def test_names_with_control_characters_are_refused(word):
    with pytest.raises(ConfigError) as refused:
        nnbench.compose([word])
    assert is_neutral(str(refused.value))
