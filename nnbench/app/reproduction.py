"""A committed answer trained again from its report.json, and compared with it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from nnbench.app.experiment import run_sweep
from nnbench.app.forecast import hours_text
from nnbench.app.planning import plan_of
from nnbench.app.report_differences import differences
from nnbench.app.reporting import report_directory
from nnbench.app.stored_report import COMMAND, Settings, StoredReport, read_data, stored_reports
from nnbench.app.terminal import say
from nnbench.composition.shared import compose_jobs
from nnbench.engine import VERSION
from nnbench.options.overrides import override
from nnbench.pages.stored import refuse_no_reports
from nnbench.report.text.machines import machine_text
from nnbench.run.config import Job
from nnbench.run.errors import ConfigError
from nnbench.run.result import MACHINE
from nnbench.system.limits import count_text

MOST_LINES = 20
"""Differences of a kind that are listed."""


def reproduce(stored: StoredReport, words: Sequence[str], command: str) -> int:
    """Train the runs of a report again, compare the reports, and print what differs.

    Runs are tracked in an experiment of their own. Returns the exit code: 1 if a verdict differs.
    """
    experiment = override("experiment", f"{stored.directory.resolve().name}_again")
    jobs = jobs_of(stored, [experiment, *stored.question, *words])
    sweep = jobs[0].sweep
    directory = report_directory(sweep)
    if directory.resolve() == stored.directory.resolve():
        raise ConfigError(
            "experiment", sweep.experiment, "would write over the report; name another"
        )
    for line in (*engine_lines(stored), *data_lines(stored, jobs)):
        say(line)
    run_sweep(jobs, command)
    if sweep.plan:
        return 0
    return compare(stored.data, read_data(directory))


def jobs_of(stored: StoredReport, shared: Sequence[str]) -> list[Job]:
    """The jobs that train all runs of a report; of uneven seeds, one a run."""
    seeds = stored.settings[0].seeds
    is_even = all(settings.seeds == seeds for settings in stored.settings)
    if is_even and list(seeds) == list(range(seeds[0], seeds[0] + len(seeds))):
        own = [f"seed={seeds[0]}", f"seeds={len(seeds)}"]
        return compose_jobs([[*item.words, *own, *shared] for item in stored.settings])
    return compose_jobs(
        [
            [*item.words, f"seed={seed}", "seeds=1", *shared]
            for item in stored.settings
            for seed in item.seeds
        ]
    )


def engine_lines(stored: StoredReport) -> Iterator[str]:
    """A line on a report of another engine."""
    if stored.engine != VERSION:
        yield (
            f"The report is of engine {stored.engine}; engine {VERSION}, which is installed, gives "
            "other values."
        )


def data_lines(stored: StoredReport, jobs: Sequence[Job]) -> Iterator[str]:
    """A line for each data set whose content isn't the report's."""
    first = [replace(job, sweep=replace(job.sweep, seeds=1)) for job in jobs]
    todo = plan_of(first, first[0].sweep, ())
    settings: Iterable[Settings] = (
        stored.settings
        if len(jobs) == len(stored.settings)
        else (item for item in stored.settings for _ in item.seeds)
    )
    changed = dict[str, tuple[str, str]]()
    for item, job in zip(settings, jobs, strict=True):
        data = todo.dataset(job.settings[0])
        if data is not None and item.digest and data.fingerprint != item.digest:
            changed[data.name] = (item.digest, data.fingerprint)
    for name, (before, now) in changed.items():
        yield f"The content of {name} differs from the report's: {before} stored, {now} now."


def compare(stored: Mapping[str, Any], new: Mapping[str, Any]) -> int:
    """Print what differs between two reports; the last line says how far they agree."""
    compared = differences(stored, new)
    for title, lines in (("Verdicts", compared.verdicts), ("Values", compared.values)):
        if lines:
            say(f"{title} that differ:")
        for line in lines[:MOST_LINES]:
            say(f"  {line}")
        if len(lines) > MOST_LINES:
            say(f"  and {len(lines) - MOST_LINES:,} more")
    if compared.result != "same":
        for line in machine_lines(stored, new):
            say(line)
    say(compared.result)
    return 1 if compared.verdicts else 0


def machine_lines(stored: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """A line on the machines of two reports, if they differ."""
    before, now = machines(stored), machines(new)
    if before != now:
        yield f"Trained on {before or 'an unknown processor'}; now on {now}."


def machines(data: Mapping[str, Any]) -> str:
    """The machines of a report in words."""
    listed = data.get("machines")
    rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    return ", ".join(machine_text([str(row.get(name) or "") for name in MACHINE]) for row in rows)


def list_reports(folder: Path) -> None:
    """Print the reports in a folder, with the number of their runs and the time of training.

    Raises ConfigError if there are none.
    """
    refuse_no_reports(folder, COMMAND)
    for directory, stored in stored_reports(folder):
        if stored is None:
            say(f"{directory}: written by an earlier version or damaged")
            continue
        time = hours_text(stored.seconds / 3600)
        say(f"{directory}: {stored.title} ({count_text(stored.runs, 'run')}, {time} on one core)")
    say(f"python -m nnbench {COMMAND} FOLDER trains one of them again and compares it.")
