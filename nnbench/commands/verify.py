"""Check components against references and against themselves: verify optimizer=adam."""

from dataclasses import replace

from rich.markup import escape
from rich.table import Table

from nnbench import catalogue, checks, composition
from nnbench.config import ConfigError, IncompatibleError, RunConfig
from nnbench.screen import CONSOLE
from nnbench.verification import Check, verify

SMALL = {
    "dataset": "iris", "depth": "2", "width": "8", "epochs": "4", "batch_size": "32"
}  # fmt: skip
"""The run that a component is checked in, as far as the command line says nothing else."""

CHECKED = (
    "activation", "average", "init", "loss", "model", "norm", "optimizer", "schedule", "wrapper"
)  # fmt: skip

CAPTION = (
    "Largest deviations: of the gradient from finite differences (at most 1e-06 of the largest), "
    "from a reference, another implementation's figures (at most 1e-10; - where none are stored), "
    "of runs that train in one stack from each alone, and of a restart from an unbroken training: "
    "these bit for bit, in float32 and float64."
)

OTHER_DATA = "diabetes"
"""For what has no meaning on the usual data."""


def run(words: list[str]) -> int:
    """Print a table of all checks; the exit code is 1 if any failed."""
    named = {word.lstrip("+~").partition("=")[0] for word in words}
    groups = [g for g in CHECKED if any(n == g or n.startswith(f"{g}.") for n in named)]
    if not groups:
        allowed = f"must name a component: {', '.join(f'{group}=…' for group in CHECKED)}"
        raise ConfigError("verify", " ".join(words), allowed)
    defaults = [f"{key}={value}" for key, value in SMALL.items() if key not in named]
    table = Table()
    table.add_column("component", overflow="fold")
    passed: list[bool] = []
    for job in composition.expand([*defaults, *words]):
        config = composition.compose_job([*job, "seeds=1"]).runs[0]
        if checks.needs_full_batch(config) and "batch_size" not in named:
            config = replace(config, batch_size="full")
        for group in groups:
            made = results(config, group, may_choose="dataset" not in named)
            if not passed:
                for check in made:
                    table.add_column(check.name.replace(" ", "\n"), justify="right", no_wrap=True)
            table.add_row(escape(getattr(config, group).name.rpartition(".")[2]), *map(cell, made))
            passed += [check.passed for check in made]
    CONSOLE.print(table)
    CONSOLE.print(CAPTION)
    failed = passed.count(False)
    CONSOLE.print(f"{failed} of {len(passed)} checks failed." if failed else "All checks passed.")
    return 1 if failed else 0


def results(config: RunConfig, group: str, *, may_choose: bool) -> list[Check]:
    """All checks of one component, on other data if it has no meaning on these."""
    try:
        return list(verify(config, group))
    except IncompatibleError:
        if not may_choose:
            raise
        data = catalogue.option("dataset", OTHER_DATA)
        return list(verify(replace(config, dataset=data), group))


def cell(check: Check) -> str:
    """How far off it was, and whether that is too far."""
    if check.deviation is None:
        return "-"
    shown = f"{check.deviation:.0e}" if check.deviation else "0"
    return shown if check.passed else f"[bold red]{shown} FAIL"
