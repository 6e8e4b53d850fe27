"""List the data sets, or show one, with a picture of it: data [NAME [key=value …]]."""

import re
from pathlib import Path
from typing import Literal

import vl_convert
from rich.markup import escape
from rich.table import Table

from nnbench.app.terminal import CONSOLE, say
from nnbench.assembly import build
from nnbench.composition import jobs
from nnbench.composition.errors import check_words
from nnbench.data.dataset import Dataset
from nnbench.data.encoders import listed
from nnbench.inspection.dataset_figure import dataset_figure
from nnbench.options import catalogue
from nnbench.pages import refuse_links
from nnbench.run.config import ConfigError
from nnbench.run.suggest import suggestion
from nnbench.system.limits import allowing

DIRECTORY = Path("reports", "data")


def run(words: list[str]) -> int:
    """Print a table of all data sets, or the card of the one that is named."""
    if not words:
        CONSOLE.print(overview())
        CONSOLE.print("python -m nnbench data NAME shows one, with a picture of it.")
        return 0
    name, *settings = words
    known = catalogue.names("dataset")
    if name not in known:
        raise ConfigError("data", name, suggestion(name, known))
    check_words(settings)
    settings = [of_data(word) for word in settings]
    job = jobs.compose_job([f"dataset={name}", *settings])
    with allowing(job.sweep.limits["memory"]):
        data = build.dataset(job.settings[0].dataset)
    for label, text in card(data).items():
        say(f"{label:<12}{text}", highlight=False)
    file = DIRECTORY / f"{name}.svg"
    drawn = vl_convert.vegalite_to_svg(dataset_figure(data))
    try:
        refuse_links(DIRECTORY, file)
        DIRECTORY.mkdir(parents=True, exist_ok=True)
        file.write_text(drawn, encoding="utf-8")
    except OSError as error:
        raise ConfigError("data", file, f"can't be written: {error.strerror}") from error
    say(f"{'picture':<12}{file}", highlight=False)
    return 0


def of_data(word: str) -> str:
    """A word that sets an option of the data set, whose group need not be named."""
    _, marks, rest = re.split(r"^([+~]*)", word)
    return word if "." in rest.partition("=")[0] else f"{marks}dataset.{rest}"


def overview() -> Table:
    """A row for each data set; those that need something to be set say what."""
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
            needed = [k for k, value in (component.options or {}).items() if value == "???"]
            wanted = " ".join(f"dataset.{key}=…" for key in needed or ["data_name"])
            table.add_row(name, *["…"] * 4, f"its own ({wanted})")
            continue
        shape = "×".join(map(str, data.x.shape[1:]))
        row = (name, data.task, f"{len(data.x):,}", shape, str(data.classes or "–"))
        # Who is to be named as its author stands in its card.
        table.add_row(*map(escape, row), escape(licence(data).partition(" (")[0]))
    return table


def licence(data: Dataset) -> str:
    """Under what it may be used, as far as that is known."""
    generated = data.source.startswith(("nnbench.data.", "sklearn.datasets.make_"))
    return data.licence or ("none needed, generated" if generated else "not known")


def card(data: Dataset) -> dict[str, str]:
    """What there is to say of a data set, by its heading."""
    classes = f"{data.classes} classes: {listed(data.class_names)}"
    learnt = classes if data.classes else f"{data.outputs} number(s)"
    facts = {
        "data set": data.name,
        "task": f"{data.task}, {learnt}",
        "rows": f"{len(data.x):,}",
        "shape": "×".join(map(str, data.x.shape[1:])),
        "note": data.note,
        "theory": data.theory,
        "licence": licence(data),
        "source": data.source,
        "fingerprint": data.fingerprint,
    }
    return {label: text for label, text in facts.items() if text}
