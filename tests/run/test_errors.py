import ast
import re
from pathlib import Path

import pytest

import nnbench
from nnbench.run import errors
from nnbench.run.errors import suggestion


def test_names_with_outer_spaces_are_quoted():
    assert suggestion("income", [" income", "age"]) == (
        "did you mean ' income'? there are ' income', age"
    )
    assert suggestion("x", ["a  b", "c d"]) == "must be one of 'a  b', c d"


def test_word_of_any_length_is_looked_up_quickly():
    assert suggestion("x" * 10**7, ["depth"]) == "must be one of depth"


@pytest.mark.parametrize(
    ("typed", "meant"), [("adma", "adam"), ("admaw", "adamw"), ("rleu", "relu"), ("depht", "depth")]
)
def test_swapped_letters_come_first(typed, meant):
    names = ["adam", "adamax", "adamw", "depth", "elu", "prelu", "relu"]
    assert suggestion(typed, names).startswith(f"did you mean {meant}?")


def test_the_docstring_draws_the_tree_of_errors():
    parents, drawn = [], set()
    for line in errors.__doc__.splitlines()[2:]:
        if line.startswith("    "):
            level, name = (len(line) - len(line.lstrip())) // 2 - 2, line.split()[0]
            parents[level:] = [name]
            drawn |= {(name, parents[level - 1])} if level else set()
    classes = [
        (node.name, ast.unparse(node.bases[0]).rpartition(".")[2])
        for file in Path(nnbench.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ClassDef) and node.bases
    ]
    real = {pair for pair in classes if pair[1].endswith(("Error", "Interrupt"))}
    plain = {name for name, base in classes if base == "Exception"}
    assert drawn == real
    assert plain <= set(re.findall(r"\w+", errors.__doc__))
