"""A page as a notebook shows it: the answer, one chart as an image, and one table."""

from base64 import b64encode

import vl_convert

from nnbench.pages.figures import Figure
from nnbench.pages.readme import in_short
from nnbench.pages.section import Page
from nnbench.pages.write import render


def in_notebook(page: Page, place: str = "") -> str:
    """The page as HTML without scripts, which needs nothing else; all names are escaped.

    `place` is where the whole page was written, if it was.
    """
    section = in_short(page).sections[0]
    return render(
        "notebook.html.j2",
        page=page,
        tables=section.tables[:1],
        figures=[(figure, as_image(figure)) for figure in section.figures[:1]],
        place=place,
    )


def as_image(figure: Figure) -> str:
    """Address of the static figure, which holds all of it; in an image no script ever runs."""
    svg = vl_convert.vegalite_to_svg(figure.static())
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
