"""The notebook: its cells run in a real kernel, and show what is committed."""

import json
import re
from pathlib import Path

import pytest

from .pages.markup import text_of

FILE = Path(__file__).parents[1] / "reports" / "notebook.ipynb"


def shown(notebook):
    """Outputs of each cell: their kinds, and the text of HTML with numbers as #.

    On other processors they differ in the last digits.
    """
    return [
        [
            (sorted(output["data"]), re.sub(r"[\d.]+", "#", html(output["data"])))
            for output in cell["outputs"]
        ]
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]


def html(data):
    return text_of("".join(data.get("text/html", "")))


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # Those of Jupyter's own libraries.
def test_notebook_shows_what_is_committed(tmp_path):
    nbclient = pytest.importorskip("nbclient", reason="nbclient isn't installed")
    import nbformat

    notebook = nbformat.read(FILE, as_version=4)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []

    folder = {"metadata": {"path": str(tmp_path)}}
    client = nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3", resources=folder)
    client.execute()

    assert shown(notebook) == shown(json.loads(FILE.read_text("utf-8")))
    assert list(tmp_path.iterdir()) == []


def test_committed_notebook_goes_from_run_to_comparison():
    committed = json.loads(FILE.read_text("utf-8"))

    text = " ".join(text for cell in shown(committed) for _, text in cell)
    kinds = {kind for cell in shown(committed) for kinds, _ in cell for kind in kinds}
    assert "depth # is better than depth # by #\u00a0pp of test accuracy" in text
    assert kinds == {"text/plain", "text/html", "image/svg+xml"}
    assert FILE.stat().st_size < 200_000
    assert not re.search(r"/(tmp|home|root|work)/", FILE.read_text("utf-8"))
