"""Data sets shown on the terminal: a table of all, or the card and the figure of one."""

from pathlib import Path
from typing import Literal

import vl_convert
from rich.markup import escape
from rich.table import Table

from nnbench.app.terminal import say
from nnbench.assembly import build
from nnbench.data.dataset import Dataset
from nnbench.data.encoders import listed
from nnbench.inspection.dataset_figure import dataset_figure
from nnbench.options import catalogue
from nnbench.run.config import Component
from nnbench.run.errors import ConfigError
from nnbench.run.metrics import OBJECTIVE
from nnbench.system.atomic import refuse_links
from nnbench.system.leftovers import own_directory
from nnbench.system.limits import count_text

DIRECTORY = Path("reports", "data")


def show(data: Dataset, component: Component) -> None:
    """Print the card of a data set, and draw it into a file named after the data."""
    for label, text in card(data).items():
        say(f"{label:<12}{text}", highlight=False)
    file = DIRECTORY / f"{file_name(component)}.svg"
    drawn = vl_convert.vegalite_to_svg(dataset_figure(data))
    try:
        refuse_links(DIRECTORY, file)
        DIRECTORY.mkdir(parents=True, exist_ok=True)
        with own_directory(DIRECTORY, ".making-") as draft:
            (draft / file.name).write_text(drawn, encoding="utf-8")
            (draft / file.name).replace(file)
    except OSError as error:
        raise ConfigError("data", file, f"writing failed: {error.strerror}") from error
    say(f"{'figure':<12}{file}", highlight=False)


def file_name(component: Component) -> str:
    """Name of a figure: the stem of the user's file, else the data set's name."""
    path = component.option("path")
    return Path(str(path)).stem if path else component.name


def overview() -> Table:
    """A row for each data set; those with required options list them."""
    table = Table(box=None, pad_edge=False)
    for heading in ("dataset", "task", "rows", "shape", "classes", "licence"):
        right = heading in ("rows", "shape", "classes")
        justify: Literal["left", "right"] = "right" if right else "left"
        table.add_column(heading, justify=justify, no_wrap=heading != "licence")
    for name in catalogue.names("dataset"):
        component = catalogue.option("dataset", name)
        try:
            data = build.dataset(component)
        except ConfigError:
            unset = [k for k, value in (component.options or {}).items() if value == "???"]
            required = " ".join(f"dataset.{key}=…" for key in unset or ["data_name"])
            table.add_row(name, *["…"] * 4, f"that of the source ({required})")
            continue
        shape = "×".join(map(str, data.x.shape[1:]))
        row = (name, data.task, rows_text(data), shape, str(data.classes or "–"))
        # The card names its author too.
        table.add_row(*map(escape, row), escape(licence(data).partition(" (")[0]))
    return table


def licence(data: Dataset) -> str:
    """The licence of a data set, or that it is unknown."""
    generated = data.source.startswith(("nnbench.data.", "sklearn.datasets.make_"))
    return data.licence or ("none needed, generated" if generated else "unknown")


def card(data: Dataset) -> dict[str, str]:
    """Facts on a data set by their headings."""
    classes = f"{data.classes} classes: {listed(data.class_names)}"
    numbers = count_text(data.outputs, "target")
    facts = {
        "data set": data.name,
        "task": f"{data.task}, {classes if data.classes else numbers}",
        "rows": rows_text(data),
        "chance": f"{OBJECTIVE[data.task]} {data.chance:.3g} for a constant prediction",
        "shape": "×".join(map(str, data.x.shape[1:])),
        "note": data.note,
        "theory": data.theory,
        "licence": licence(data),
        "source": data.source,
        "fingerprint": data.fingerprint,
    }
    return {label: text for label, text in facts.items() if text}


def rows_text(data: Dataset) -> str:
    """The number of rows that a run has, of the pool it draws them from, and kept for training."""
    pool = f" of {len(data.x):,}" if data.drawn else ""
    return f"{data.rows:,}{pool}" + (f", {data.train_rows:,} to train" if data.train_rows else "")
