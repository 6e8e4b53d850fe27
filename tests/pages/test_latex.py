r"""Tables as LaTeX: whatever pdflatex reads is escaped, and numbers stand on the right.

Lines were compiled with pdflatex and booktabs, and looked at.
"""

import re

import pandas as pd
import pytest

from nnbench.pages import Number, Table
from nnbench.pages.latex import as_latex

from .samples import HOSTILE, table_by_hand

COMMAND = re.compile(r"\\([a-zA-Z]+)")
SAFE = {
    "textless", "textgreater", "textbar", "textbackslash", "textasciitilde", "textasciicircum",
    "space", "ldots", "tabular", "toprule", "midrule", "bottomrule", "begin", "end", "usepackage",
}  # fmt: skip


def table(*texts, columns=("name",)):
    return Table("x", columns, [[text] for text in texts], pd.DataFrame())


def cell(text):
    """A cell as LaTeX has it."""
    return (
        as_latex(table(text))
        .split("\\midrule\n")[1]
        .removesuffix(" \\\\\n\\bottomrule\n\\end{tabular}\n")
    )


def test_numbers_stand_right_between_booktabs_rules():
    assert as_latex(table_by_hand()).splitlines()[1:7] == [
        r"\begin{tabular}{lrrlr}",
        r"\toprule",
        r"name & score & number & run & by value \\",
        r"\midrule",
        r"b10 & \textasciitilde \space 9.5\% (1~to~20) & 1,200 & run a & x \\",
        r"b9 & --- & $-$3 & run c & lost \\",
    ]
    assert r"\usepackage{booktabs}" in as_latex(table_by_hand()).splitlines()[0]


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("50% & #1_x", r"50\% \& \#1\_x"),
        ("$x$ {y}", r"\$x\$ \{y\}"),
        ("a\\b", r"a\textbackslash b"),
        ("~^", r"\textasciitilde \textasciicircum "),
        ("−0.5 ± 1", r"$-$0.5 $\pm$ 1"),
        ("R² ≥ 0", r"R$^2$ $\geq$ 0"),
        ("▲ better", r"$\bigtriangleup$ better"),
        ("▼ worse", r"$\bigtriangledown$ worse"),
        ("<b>|", r"\textless{}b\textgreater{}\textbar{}"),
        ("--help", r"-{}-help"),
        # Arguments of the end of the row above.
        ("[0.1, 0.2]", r"{}[0.1, 0.2]"),
        ("*", r"{}*"),
        ("two\nlines\x1b", r"two\textbackslash nlines\textbackslash x1b"),
        ("数字 é", "数字 é"),
    ],
)
def test_what_latex_reads_is_escaped(text, latex):
    assert cell(text) == latex


def test_no_name_becomes_a_command():
    text = as_latex(
        table(*HOSTILE, r"\input{/etc/passwd}", r"\\ \write18{x}", columns=[r"\input{x}"])
    )

    assert set(COMMAND.findall(text)) <= SAFE
    assert text.count("\\\\\n") == len(HOSTILE) + 3
    for mark in "$#&_^~":
        assert not re.search(rf"(?<!\\)\{mark}", text.replace(r"\space ", ""))


def test_columns_of_one_name_are_kept():
    both = Table("x", ["n", "n"], [["a", Number("1", 1)], ["b", Number("2", 2)]], pd.DataFrame())

    assert r"n & n \\" in as_latex(both)
    assert "\\begin{tabular}{lr}" in as_latex(both)
    assert "a & 1 \\\\\nb & 2 \\\\" in as_latex(both)


def test_table_without_rows_has_its_head():
    assert r"name \\" in as_latex(table())
