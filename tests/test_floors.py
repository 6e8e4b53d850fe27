"""The floors of the package: an import only goes down.

Rooms are modules or packages of nnbench; a module is on the floor of the longest name that it
begins with. To add a room, write it into FLOORS.
"""

import ast
import importlib
import subprocess
import sys
from importlib.util import resolve_name
from pathlib import Path

import pytest

import nnbench

FLOORS = (
    ("_version", "safety", "allowed", "engine.arrays", "engine.compiled", "engine.loops"),
    ("run", "engine", "optim"),
    ("system",),
    ("data", "options"),
    ("training", "pages"),
    ("assembly", "notebook", "trained"),
    ("composition",),
    ("report.question", "report.metric", "report.statistics"),
    ("report.compare",),
    ("report.analysis",),
    ("report.text",),
    ("report.charts", "report.export"),
    ("report.sections",),
    ("sweep", "track", "report", "inspection", "verification"),
    ("api",),
    ("app",),
    ("commands",),
    ("plugins", "__main__"),
)
STRANGERS = ({"run", "engine", "optim"}, {"sweep", "track", "report", "inspection", "verification"})
"""Rooms of one floor that never look into each other."""

FACES = ("options", "composition", "commands", "plugins", "__main__")
OWNERS = {
    "mlflow": ("track",),
    "sklearn": ("data", "inspection"),
    "hydra": FACES,
    "omegaconf": FACES,
    "numba": ("engine.compiled",),
}
"""Libraries, and the only rooms that import them."""

NUMERIC = {"numba", "numpy", "scipy"}
"""All that the two lowest floors know of the world."""

PACKAGE = Path(nnbench.__file__).parent


def module_name(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {module_name(path): path.read_text() for path in sorted(PACKAGE.rglob("*.py"))}


def imports(module, source, modules):
    """Full names of the modules that a module imports, at its top or within a function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            is_package = any(other.startswith(module + ".") for other in modules)
            package = module if is_package else module.rpartition(".")[0]
            origin = resolve_name("." * node.level + (node.module or ""), package)
            inner = [f"{origin}.{alias.name}" for alias in node.names]
            names = [name if name in modules else origin for name in inner]
        else:
            continue
        yield from (
            f"nnbench.plugins.{name}" if name.startswith("hydra_plugins") else name
            for name in names
        )


def room(module):
    """Room and floor of a module of nnbench; None if it has none."""
    inside = module.removeprefix("nnbench.")
    rooms = [
        (name, floor)
        for floor, names in enumerate(FLOORS)
        for name in names
        if inside == name or inside.startswith(name + ".")
    ]
    return max(rooms, key=lambda candidate: len(candidate[0]), default=None)


def complaints(module, source, modules=tuple(SOURCES)):
    """Sentences on the forbidden imports of a module."""
    # The package's own face: it looks up what it offers when that is asked for.
    here = ("nnbench", len(FLOORS)) if module == "nnbench" else room(module)
    if here is None:
        return [f"{module} is on no floor: add it to FLOORS in tests/test_floors.py"]
    return [
        f"{module} imports {name}: {wrong}"
        for name in imports(module, source, modules)
        if (wrong := objection(*here, name))
    ]


def wing(name):
    """Report for its inner rooms, and the room itself for others."""
    return "report" if name.startswith("report.") else name


def objection(name, floor, imported):
    """Reason why a room may not import a module; empty if it may."""
    library = imported.partition(".")[0]
    if library != "nnbench":
        if library in OWNERS and name not in OWNERS[library]:
            return f"only {', '.join(OWNERS[library])} may"
        if floor <= 1 and library not in sys.stdlib_module_names | NUMERIC:
            return f"floors 0 and 1 know only {', '.join(sorted(NUMERIC))}"
        return None
    if imported == "nnbench":
        return None
    there = room(imported)
    if there is None:
        return "it is on no floor: add it to FLOORS in tests/test_floors.py"
    if there[1] > floor:
        return f"that is up from floor {floor} to {there[1]}"
    here, other = wing(name), wing(there[0])
    for strangers in STRANGERS:
        inside = imported != f"nnbench.{other}"
        if {here, other} <= strangers and here != other and (inside or floor <= 1):
            return "these two never look into each other"
    return None


def test_no_room_hides_a_function_of_the_package():
    """Importing nnbench.NAME binds that name in nnbench, over what the package offers."""
    rooms = {path.stem for path in PACKAGE.iterdir()}

    assert "composition" in rooms
    assert rooms & set(nnbench.__all__) == {"report"}
    assert callable(importlib.import_module("nnbench.report"))


def circle(sources):
    """The modules of a circle of imports, from one back to itself; empty for none.

    Imports for annotations alone (TYPE_CHECKING) and within functions count.
    """
    modules = tuple(sources)
    arrows = {
        module: [name for name in imports(module, source, modules) if name in sources]
        for module, source in sources.items()
    }
    closed = set()

    def follow(path):
        for name in arrows[path[-1]]:
            if name in path:
                return [*path[path.index(name) :], name]
            if name not in closed and (circular := follow([*path, name])):
                return circular
        closed.add(path[-1])
        return []

    return next((way for module in sources if (way := follow([module]))), [])


def test_no_imports_go_in_a_circle():
    # The package's own face is imported by whatever lies in it.
    assert circle({name: text for name, text in SOURCES.items() if name != "nnbench"}) == []


@pytest.mark.parametrize(
    "back",
    [
        "from nnbench.a import x",
        "def f():\n    from nnbench import a",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from nnbench.a import X",
    ],
)
def test_circle_of_imports_is_noticed(back):
    sources = {"nnbench.a": "import nnbench.b", "nnbench.b": "import nnbench.c"}

    assert circle({**sources, "nnbench.c": back}) == [
        "nnbench.a",
        "nnbench.b",
        "nnbench.c",
        "nnbench.a",
    ]
    assert circle({**sources, "nnbench.c": "import math", "nnbench.d": back}) == []


@pytest.mark.parametrize("module", SOURCES)
def test_imports_only_go_down(module):
    assert complaints(module, SOURCES[module]) == []


@pytest.mark.parametrize(
    ("module", "source", "wrong"),
    [
        ("nnbench.brand_new", "", "nnbench.brand_new is on no floor"),
        (
            "nnbench.run.result",
            "from nnbench.engine.network import Network",
            "never look into",
        ),
        ("nnbench.engine.arrays", "from nnbench.engine import losses", "up from floor 0 to 1"),
        (
            "nnbench.data.split",
            "def f():\n    import nnbench.assembly.build",
            "up from floor 3 to 5",
        ),
        ("nnbench.data.split", "from ..training.loop import train", "up from floor 3 to 4"),
        ("nnbench.data.split", "from .. import api", "up from floor 3 to 14"),
        ("nnbench.data", "from ..assembly.build import dataset", "up from floor 3 to 5"),
        ("nnbench.assembly.build", "from nnbench import api", "up from floor 5 to 14"),
        (
            "nnbench.assembly.build",
            "from hydra_plugins.nnbench_stack import x",
            "up from floor 5 to 17",
        ),
        ("nnbench.optim.sgd", "from nnbench.engine.losses import Loss", "never look into"),
        ("nnbench.engine.losses", "import nnbench.optim", "never look into"),
        ("nnbench.report.outline", "from nnbench.track.read_runs import x", "never look into"),
        (
            "nnbench.report.compare.candidates",
            "from nnbench.report.text.numbers import p_text",
            "up from floor 8 to 10",
        ),
        (
            "nnbench.report.question",
            "from nnbench.report.compare.group import Group",
            "up from floor 7 to 8",
        ),
        ("nnbench.track.read_runs", "from nnbench.sweep import plan", "never look into"),
        (
            "nnbench.track.read_runs",
            "from nnbench.report.compare.group import x",
            "never look into",
        ),
        ("nnbench.report.compare.candidates", "import mlflow.tracking", "only track may"),
        (
            "nnbench.training.loop",
            "from sklearn.metrics import r2_score",
            "only data, inspection may",
        ),
        ("nnbench.sweep.plan", "from omegaconf import OmegaConf", "only options, composition"),
        ("nnbench.optim.sgd", "import pandas", "know only numba, numpy, scipy"),
    ],
)
def test_wrong_import_is_noticed(module, source, wrong):
    sentences = complaints(module, source)

    assert len(sentences) == 1
    assert wrong in sentences[0]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("nnbench.optim.sgd", "from nnbench.engine.arrays import Column"),
        ("nnbench.optim.sgd", "from nnbench.engine import arrays"),
        (
            "nnbench.composition.jobs",
            "from hydra import compose\nfrom nnbench.assembly import build",
        ),
        ("nnbench.track.tracker", "import mlflow\nfrom nnbench import __version__"),
        ("nnbench.commands.train", "from nnbench.sweep.plan import plan\nimport hydra.core"),
        ("nnbench.engine.losses", "import math\nfrom scipy.special import erf"),
    ],
)
def test_right_import_is_left_alone(module, source):
    assert complaints(module, source) == []


def test_workers_load_neither_tracking_nor_composition():
    """A worker process starts for every core, and each would wait for them."""
    program = "import sys, nnbench.sweep.execute; print(*{n.split('.')[0] for n in sys.modules})"

    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()

    assert "loky" in loaded
    assert not {"mlflow", "hydra", "omegaconf"} & set(loaded)
