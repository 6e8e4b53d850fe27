"""The project's language: the field's words in texts, names that say what they hold."""

import ast
import re
import tokenize
from io import StringIO
from pathlib import Path

import pytest

from tests.manuals import MANUALS, ROOT, without_code

OLD = re.compile(
    r"\b(?:training|validation|test) part\b|can't be|told (?:apart|from)|can't tell|\bpictures?\b"
    r"|\bbeat(?:s|en)?\b|\bautops|\bby itself\b|\bcame to nothing\b|\bfor ever\b|\bas far as\b"
    r"|leaves? out zero|\bglance\b|\bputs? up with\b|\bwhoever\b|\b(?:any|some|no)body's\b",
    re.I,
)
"""Words with a standard term instead, in any text."""

IN_MANUALS = re.compile(
    rf"{OLD.pattern}|\bloses? to\b|\blost\b|\bmechanism\b|(?<!static )\bfigures?\b|\d points\b"
    r"|\bcompany\b|\bcourse of\b",
    re.I,
)
HOUSE = re.compile(r"\b(?:rooms?|floors?|house)\b", re.I)

PRONOUNS = frozenset(
    [
        "each",
        "found",
        "given",
        "it",
        "known",
        "made",
        "one",
        "part",
        "said",
        "them",
        "told",
        "wanted",
    ]
)
"""Names that leave open what they hold."""

PARTICIPLES = PRONOUNS | {"kept", "rest", "seen", "shown"}
"""Names refused in the package, where each holds something of its own."""

BEGINNING = re.compile(
    r"\A(?:What|Where|Whether|How|Which|Why|Who|When"
    r"|Of|That|Those|By|With|For|In|At|There|It|They)\b"
)
"""Beginnings of docstrings that are neither a noun nor a verb."""


def comments(file):
    return " ".join(re.findall(r"(?:^|\s)#(.*)$", file.read_text(encoding="utf-8"), re.M))


def comments_of_source(source):
    """Line and text of each comment of a Python file."""
    for token in tokenize.generate_tokens(StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


TEXTS = {name: without_code(text) for name, text in MANUALS.items()} | {
    str(file.relative_to(ROOT)): re.sub(r"`[^`]*`", "", comments(file))
    for folder in ("conf", "sweeps")
    for file in sorted((ROOT / folder).rglob("*.yaml"))
}

SOURCES = [
    file
    for folder in ("nnbench", "tests")
    for file in sorted((ROOT / folder).rglob("*.py"))
    if file.name != Path(__file__).name
]


def names_for(file):
    """Names to change in a file."""
    return PARTICIPLES if file.relative_to(ROOT).parts[0] == "nnbench" else PRONOUNS


def named(node):
    """The name that a node of a syntax tree defines, if any."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            return name
        case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return name
    return None


def complaints(source, names=PRONOUNS):
    """Line and text of old words, pronouns as names, and beginnings of docstrings to change."""
    for line, text in comments_of_source(source):
        yield from ((line, match[0]) for match in OLD.finditer(text))
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=str() as text):
                yield from ((node.lineno, match[0]) for match in OLD.finditer(text))
            case ast.Expr(value=ast.Constant(value=str() as text)) if match := BEGINNING.match(
                text
            ):
                yield node.lineno, match[0]
            case ast.Name() | ast.arg() | ast.FunctionDef() | ast.ClassDef():
                if named(node) in names:
                    yield node.lineno, named(node)


@pytest.mark.parametrize("name", TEXTS)
def test_manuals_use_the_fields_words(name):
    text = " ".join(TEXTS[name].split())
    assert IN_MANUALS.findall(text) == []
    assert name == "CONTRIBUTING.md" or HOUSE.findall(text) == []


def test_sources_use_standard_words_and_names():
    found_in = {
        str(file.relative_to(ROOT)): list(
            complaints(file.read_text(encoding="utf-8"), names_for(file))
        )
        for file in SOURCES
    }
    assert {name: words for name, words in found_in.items() if words} == {}


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ('"""What it is."""', "What"),
        ('X = 1\n"""How many."""', "How"),
        ('X = 1\n"""Of a line."""', "Of"),
        ('def f():\n    raise ValueError(f"{x} can\'t be {y}")', "can't be"),
        ('print("Two are told apart.")', "told apart"),
        ('"""The test part."""', "test part"),
        ("x = 1  # It can't be 2.", "can't be"),
        ("for each in (1, 2): pass", "each"),
        ("def f(known): pass", "known"),
        ("def made(): pass", "made"),
        ("x = [part for part in y]", "part"),
    ],
)
def test_an_old_word_is_noticed(source, word):
    assert [text for _, text in complaints(source)] == [word]


def test_participles_are_noticed_in_package():
    source = "kept = 1"

    assert list(complaints(source, names_for(ROOT / "tests" / "kills.py"))) == []
    assert list(complaints(source, names_for(ROOT / "nnbench" / "api.py"))) == [(1, "kept")]


def test_standard_words_are_accepted():
    source = '"""True if whatever holds."""\nparts = [key for key in "a part of it"]\nx.known = 1'
    assert list(complaints(source)) == []


def test_names_of_tests_have_three_to_eight_words():
    names = {
        f"{file.relative_to(ROOT)}: {node.name}": node.name.removeprefix("test_").split("_")
        for file in SOURCES
        if file.name.startswith("test_")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }

    assert [name for name, words in names.items() if not 3 <= len(words) <= 8] == []
