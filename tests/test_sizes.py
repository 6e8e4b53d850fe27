"""Sizes that a reader can take in: of files, and of functions."""

import ast
from pathlib import Path

import nnbench

FILES = sorted(Path(nnbench.__file__).parent.rglob("*.py"))
LINES_OF_A_FILE, LINES_OF_A_FUNCTION = 250, 50


def functions(text):
    """Name and number of lines of each function."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.end_lineno - node.lineno + 1


def test_lines_of_functions_are_counted():
    assert dict(functions("def f():\n    x = 1\n\n    def g(): pass\n    return x\n")) == {
        "f": 5,
        "g": 1,
    }


def test_files_are_short():
    lengths = {str(path): len(path.read_text().splitlines()) for path in FILES}

    assert len(lengths) > 100
    assert {path: lines for path, lines in lengths.items() if lines > LINES_OF_A_FILE} == {}


def test_functions_are_short():
    lengths = {
        f"{path}: {name}": lines for path in FILES for name, lines in functions(path.read_text())
    }

    assert {name: lines for name, lines in lengths.items() if lines > LINES_OF_A_FUNCTION} == {}
