"""Data sets shown on the terminal: a table of all, or the card and the figure of one."""

from pathlib import Path
from typing import Literal

import vl_convert
from rich.markup import escape
from rich.table import Table

from nnbench.app.terminal import CONSOLE, say
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


def show_all() -> None:
    """Print a row for each data set, and the commands that describe one."""
    table = Table(box=None, pad_edge=False)
    commands = ["NAME"]
    for heading in ("dataset", "task", "rows", "shape", "classes", "licence"):
        right = heading in ("rows", "shape", "classes")
        justify: Literal["left", "right"] = "right" if right else "left"
        table.add_column(heading, justify=justify, no_wrap=True)
    for name in catalogue.names("dataset"):
        component = catalogue.option("dataset", name)
        try:
            data = build.dataset(component)
        except ConfigError:
            unset = [k for k, value in (component.options or {}).items() if value == "???"]
            table.add_row(name, *["…"] * 5)
            commands.append(" ".join([name, *(f"{key}=…" for key in unset or ["data_name"])]))
            continue
        shape = "×".join(map(str, data.x.shape[1:]))
        # The card says more of the licence.
        named, _, _ = licence(data).partition(" (")
        row = (name, data.task, rows_text(data), shape, str(data.classes or "–"), named)
        table.add_row(*map(escape, row))
    CONSOLE.print(table)
    say("To describe and draw one:")
    for command in commands:
        say(f"python -m nnbench data {command}", highlight=False)


def licence(data: Dataset) -> str:
    """The licence of a data set, or that it is unknown."""
    generated = data.source.startswith(("nnbench.data.", "sklearn.datasets.make_"))
    return data.licence or ("generated (none needed)" if generated else "unknown")


def card(data: Dataset) -> dict[str, str]:
    """Facts on a data set by their headings."""
    classes = f"{data.classes} classes: {listed(data.class_names)}"
    numbers = count_text(data.outputs, "target")
    limit_text = f", {data.train_rows:,} to train" if data.train_rows else ""
    facts = {
        "data set": data.name,
        "task": f"{data.task}, {classes if data.classes else numbers}",
        "rows": rows_text(data) + limit_text,
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
    """The number of rows that a run has, and of the pool that it draws them from."""
    return f"{data.rows:,}" + (f" of {len(data.x):,}" if data.drawn else "")
