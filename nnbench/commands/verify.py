"""Check components against reference implementations and known results: verify optimizer=adam."""

from collections.abc import Iterator
from dataclasses import replace
from math import inf
from typing import TypeAlias

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from nnbench.app.phases import phase
from nnbench.app.terminal import CONSOLE, say
from nnbench.assembly import checks
from nnbench.composition.jobs import compose_job, expand
from nnbench.options import catalogue
from nnbench.options.components import what_was_raised
from nnbench.run.config import RunConfig
from nnbench.run.errors import NO_VALUE, ConfigError, IncompatibleError, InvalidRunError
from nnbench.system.limits import count_text
from nnbench.verification import Check, verify

SMALL = {
    "dataset": "iris", "depth": "2", "width": "8", "epochs": "4", "batch_size": "32"
}  # fmt: skip
"""The run that a component is checked in, unless the command line overrides it."""

CHECKED = (
    "activation", "average", "init", "loss", "model", "norm", "optimizer", "schedule", "wrapper",
    "dataset",
)  # fmt: skip

CAPTIONS = {
    "gradient": "difference from finite differences (at most 1e-06)",
    "descends": "loss after training divided by loss before (at most 0.99)",
    "reference": "difference from another implementation (at most 1e-10), at settings of its own",
    "stack": "difference from the same run trained alone, in float32 and float64 (0)",
    "restart": "difference from the same run without interruption (0)",
    "same": "difference from the same data loaded again (0)",
    "finite": "share of values that are not finite (0)",
    "solved": "error of a hand-built network on the data without noise (at most 1e-09)",
}
"""Meaning of each check's value, with its limit in parentheses."""

OTHER_DATA = ("diabetes", "digits")
"""Data for components that need regression targets or images."""


Row: TypeAlias = tuple[str, list[Check]]
"""The name of a component, and its checks."""


def run(words: list[str]) -> int:
    """Print a table of all checks; the exit code is 1 if any failed."""
    # Several components are always verified one after the other.
    words = [word for word in words if word not in ("-m", "--multirun")]
    named = {word.lstrip("+~").partition("=")[0] for word in words}
    groups = [g for g in CHECKED if any(n == g or n.startswith(f"{g}.") for n in named)]
    # Named beside a component, a data set is what that is checked on.
    groups = groups[:-1] if groups[1:] and groups[-1] == "dataset" else groups
    if not groups:
        typed = " ".join(["verify", *words])
        allowed = f"must name a component: {', '.join(f'{group}=…' for group in CHECKED)}"
        raise ConfigError(typed, NO_VALUE, allowed)
    taken = {*named, "width"} if named & {"params", "flops"} else named
    defaults = [f"{key}={value}" for key, value in SMALL.items() if key not in taken]
    jobs = expand([*defaults, *words])
    rows: list[Row] = []
    with phase("Verifying", lambda: f"{len(rows)} verified"):
        for job in jobs:
            try:
                rows += rows_of(job, groups, named)
            except InvalidRunError as error:
                if len(jobs) == 1:
                    raise
                # The others of a sweep are verified nevertheless.
                check = Check("made", inf, 0.0, what_was_raised(error))
                rows.append((called(job, groups), [check]))
    CONSOLE.print(table(rows))
    for line in [*failures(rows), *notes(rows)]:
        say(line)
    for line in caption(rows):
        say(line, highlight=False)
    passed = [check.passed for _, checked in rows for check in checked]
    failed = passed.count(False)
    checks_run = count_text(len(passed), "check")
    CONSOLE.print(f"{failed} of {checks_run} failed." if failed else "All checks passed.")
    return 1 if failed else 0


def called(job: list[str], groups: list[str]) -> str:
    """Names of the components of a job without a valid configuration."""
    settings = [word.lstrip("+").partition("=") for word in job]
    names = [name for key, _, name in settings if key.removesuffix("._target_") in groups]
    return ", ".join(name.rpartition(".")[2] for name in names or groups)


def rows_of(job: list[str], groups: list[str], named: set[str]) -> list[Row]:
    """A row for each component that a job names."""
    config = compose_job([*job, "seeds=1"]).runs[0]
    if checks.needs_full_batch(config) and "batch_size" not in named:
        config = replace(config, batch_size="full")
    return [
        (
            getattr(config, group).name.rpartition(".")[2],
            results(config, group, may_choose="dataset" not in named),
        )
        for group in groups
    ]


def results(config: RunConfig, group: str, *, may_choose: bool) -> list[Check]:
    """All checks of one component, on OTHER_DATA if it does not apply to the configured data."""
    others = [catalogue.option("dataset", name) for name in OTHER_DATA] if may_choose else []
    for dataset in (config.dataset, *others):
        try:
            return list(verify(replace(config, dataset=dataset), group))
        except IncompatibleError as error:
            refused = error
    raise refused


def table(rows: list[Row]) -> Table:
    """A row for each component, a column for each check."""
    # Narrow enough for 80 characters; a longer name is the one thing that is cut.
    table = Table(box=SIMPLE_HEAD, padding=0, show_edge=False)
    table.add_column("component", overflow="ellipsis", min_width=19)
    names = list(dict.fromkeys(check.name for _, checked in rows for check in checked))
    for name in names:
        table.add_column(name.replace(" ", "\n"), justify="right", no_wrap=True)
    for component, checked in rows:
        cells = {check.name: cell(check) for check in checked}
        table.add_row(escape(component), *(cells.get(name, "-") for name in names))
    return table


def caption(rows: list[Row]) -> list[str]:
    """Lines with the meaning of the values of all checks in the table."""
    names = {check.name.partition(" ")[0] for _, checked in rows for check in checked}
    return [f"{name:<12}{meaning}" for name, meaning in CAPTIONS.items() if name in names]


def cell(check: Check) -> str:
    """The deviation that a check measured, or FAIL."""
    if not check.passed:
        return "[bold red]FAIL"
    if check.deviation is None:
        return "-"
    return f"{check.deviation:.0e}" if check.deviation else "0"


def notes(rows: list[Row]) -> Iterator[str]:
    """Notes on checks that passed."""
    for component, checked in rows:
        yield from (
            f"{component}: {check.note}" for check in checked if check.passed and check.note
        )


def failures(rows: list[Row]) -> Iterator[str]:
    """A line for each component and reason: which of its checks failed for it."""
    for component, checked in rows:
        reasons: dict[str, list[str]] = {}
        for check in checked:
            if not check.passed:
                off = f"{check.deviation:.3g}, must be at most {check.allowed:g}"
                reasons.setdefault(check.reason or off, []).append(check.name)
        for reason, names in reasons.items():
            yield f"{component}: {', '.join(names)}: {reason}"
