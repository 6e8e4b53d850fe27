"""A table as LaTeX, to be put into a document that uses booktabs."""

import pandas as pd

from nnbench.pages.html_table import html_table
from nnbench.pages.section import Table
from nnbench.safety.sanitize import in_line

SYMBOLS = str.maketrans(
    {
        "−": "$-$",
        "–": "--",
        "—": "---",
        "…": r"\ldots{}",
        "→": r"$\to$",
        "±": r"$\pm$",
        "×": r"$\times$",
        "≤": r"$\leq$",
        "≥": r"$\geq$",
        "∞": r"$\infty$",
        "√": r"$\surd$",
        "²": "$^2$",
        "·": r"$\cdot$",
        "½": r"$\frac{1}{2}$",
        "α": r"$\alpha$",
        "χ": r"$\chi$",
        "▲": r"$\bigtriangleup$",
        "▼": r"$\bigtriangledown$",
        "\N{NO-BREAK SPACE}": "~",
        # Others in the font that LaTeX begins with.
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
    }
)
"""Characters that pdflatex hasn't, or reads as others → what it reads as them."""

HEAD = "% \\usepackage{booktabs}; names in other than Latin letters need LuaLaTeX or XeLaTeX.\n"


def as_latex(table: Table) -> str:
    """The table as it is read, numbers on the right; all that LaTeX reads in it is escaped."""
    html = html_table(table)
    rows = [[in_line(cell.text) for cell in row] for row in html.rows]
    names = [in_line(column.name) for column in html.columns]
    style = pd.DataFrame(rows, columns=names, dtype=object).style.hide(axis="index")
    style.format(literal, escape="latex").format_index(literal, axis=1, escape="latex")
    text: str = style.to_latex(
        column_format="".join("r" if column.numeric else "l" for column in html.columns),
        hrules=True,
    )
    return HEAD + text


def literal(escaped: object) -> str:
    """Text that pandas has escaped, with what it leaves: symbols, ligatures, and arguments."""
    text = str(escaped).replace("--", "-{}-").translate(SYMBOLS)
    # After the end of a row LaTeX takes these for its arguments.
    return "{}" + text if text.startswith(("[", "*")) else text
