"""Print this help."""

import ast
import importlib.util
import inspect
import pkgutil
import textwrap
from itertools import pairwise
from pathlib import Path

import nnbench.commands
from nnbench.options import catalogue
from nnbench.options.keys import ALLOWED, GROUPS
from nnbench.run.config import Limits, RunConfig, SweepConfig

HELP = """\
What is depth worth? Trains neural networks, tracks every run in MLflow and reports the results.

  python -m nnbench [COMMAND] [key=value …]

  python -m nnbench -m depth=1,3,6                   compare shallow with deep networks on digits
  python -m nnbench -m optimizer=adam,sgd            compare two optimizers
  python -m nnbench +sweeps=learning_rate_by_depth   run a predefined sweep from sweeps/
  python -m nnbench report experiment=nnbench        write the report again, without training

Commands
{commands}

Predefined sweeps, +sweeps=NAME
{sweeps}

Components, GROUP=OPTION (-m 'optimizer=glob(*)' sweeps over all optimizers)
{groups}

Keys and their defaults
{keys}

Hydra's flags work too: -m sweeps over several values, --cfg job prints the composed configuration,
--info shows how it was composed, and --hydra-help lists the others.
"""


def run(words: list[str]) -> int:
    """Print the help, the same whatever words follow."""
    print(help_text())  # noqa: T201
    return 0


def help_text() -> str:
    """The whole text, made from conf/, sweeps/ and the commands themselves."""
    conf, sweeps = catalogue.ROOT / "conf", catalogue.ROOT / "sweeps"
    groups = {group: options(conf / group) for group in GROUPS}
    return HELP.format(
        commands=columns({name: first_line(name) for name in command_names()}),
        sweeps=columns({p.stem: comment(p) for p in sorted(sweeps.glob("*.yaml"))}),
        groups=columns({group: ", ".join(names) for group, names in groups.items()}),
        keys=keys(conf / "config.yaml"),
    )


def command_names() -> list[str]:
    """The commands there are: one a file of nnbench/commands."""
    return sorted(module.name for module in pkgutil.iter_modules(nnbench.commands.__path__))


def first_line(command: str) -> str:
    """Help on a command: the first line of its file, which is not imported for that."""
    spec = importlib.util.find_spec(f"nnbench.commands.{command}")
    source = Path(spec.origin).read_text(encoding="utf-8") if spec and spec.origin else ""
    return (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]


def options(group: Path) -> list[str]:
    """The options of a config group: one a file of its folder."""
    return sorted(path.stem for path in group.glob("*.yaml"))


def comment(file: Path) -> str:
    """The first comment of a file."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return next(
        (line.lstrip("# ") for line in lines if line.startswith("# ") and "@" not in line), ""
    )


def keys(file: Path) -> str:
    """The settings of conf/config.yaml, each with what its field says and allows."""
    lines = file.read_text(encoding="utf-8").splitlines()
    settings = lines[lines.index("# The network") : lines.index("hydra:")]
    return "\n".join(map(described, settings)).rstrip()


def described(line: str) -> str:
    """A line of conf/config.yaml, explained if it sets a key."""
    key = line.partition(":")[0].strip()
    if key not in MEANINGS:
        return f"  {line}".rstrip()
    limits = f" ({ALLOWED[key]})" if key in ALLOWED else ""
    text = MEANINGS[key].removesuffix(".") + limits
    return textwrap.fill(
        text, 100, initial_indent=f"  {line:26}", subsequent_indent=" " * 28, break_on_hyphens=False
    )


def meanings(config: type) -> dict[str, str]:
    """Field → the first line of its docstring, for all fields of a dataclass that have one."""
    (definition,) = ast.parse(inspect.getsource(config)).body
    return {
        field.target.id: inspect.cleandoc(text.value.value).partition("\n")[0]
        for field, text in pairwise(ast.iter_child_nodes(definition))
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
        if isinstance(text.value.value, str)
    }


MEANINGS = meanings(RunConfig) | meanings(SweepConfig) | meanings(Limits)
"""Key → its meaning; `ALLOWED` has its values, from the same field."""


def columns(rows: dict[str, str]) -> str:
    """Names and what they are, one below the other."""
    width = max(map(len, rows), default=0)
    return "\n".join(f"  {name:{width}}  {text}" for name, text in rows.items())
