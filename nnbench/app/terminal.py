"""The terminal: progress, notes on data and runs, where to look next."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.segment import Segment
from rich.text import Text

from nnbench.safety.sanitize import in_line, in_lines

if TYPE_CHECKING:
    from nnbench.track.sync import SyncReport

REASONS = 12
"""Reasons that are shown why runs came to nothing, the most frequent ones."""

ESTIMATE_SECONDS = 600.0
"""How far back the estimate of the time that is left looks."""


class NeutralConsole(Console):
    """A console on which no text is a command to the terminal."""

    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(in_lines(text), **options)

    def render(self, *what: Any, **options: Any) -> Iterator[Segment]:
        for segment in super().render(*what, **options):
            if segment.control:
                yield segment
            else:
                yield segment._replace(text=in_lines(segment.text))


CONSOLE = NeutralConsole()


def say(text: str, *, highlight: bool = True) -> None:
    """Print one line, whatever is in the text."""
    CONSOLE.print(in_line(text), markup=False, soft_wrap=True, highlight=highlight)


@contextmanager
def planning() -> Iterator[None]:
    """Say on a live terminal that data are read, which may take a while."""
    with CONSOLE.status("Reading data"):
        yield


def show_data(notes: Iterable[tuple[str, str]]) -> None:
    """Say what is to be known of each data set, given its name and a note."""
    for name, note in notes:
        say(f"{name}: {note}")


def show_damaged(checkpoints: Mapping[Path, str]) -> None:
    """Say which checkpoints are of no use."""
    for file, reason in checkpoints.items():
        text = f"The checkpoint {file} {reason}: its runs are trained from their beginning"
        say(text)


def show_without_curves(runs: Mapping[str, str], absent: int) -> None:
    """Say which runs, by their ids, a report has no curves of, and why; and of how many others."""
    if absent:
        CONSOLE.print(f"The curves of {absent} runs can't be found beside the store")
    for run_id, reason in list(runs.items())[:REASONS]:
        text = f"Left out of curves: run {run_id}, whose curves.npz {reason}"
        say(text)
    if len(runs) > REASONS:
        CONSOLE.print(f"and {len(runs) - REASONS} more runs whose curves are damaged")


def show_left_out(runs: Mapping[str, str]) -> None:
    """Say which runs, by their ids, are left out of a report, and why."""
    for run_id, reason in list(runs.items())[:REASONS]:
        say(f"Left out: run {run_id}, whose {reason}")
    if len(runs) > REASONS:
        say(f"and {len(runs) - REASONS} more runs that say what no run can")


@contextmanager
def progress_bar(total: int) -> Iterator[Callable[[str, float], None]]:
    """A live bar; yields what is to be called with a run's key and how much of it is done."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("runs"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=CONSOLE, speed_estimate_period=ESTIMATE_SECONDS) as progress:
        task = progress.add_task("Training", total=total)
        # From where on it estimates; it takes no note of a zero.
        progress.update(task, completed=1e-9)
        ended, running = set[str](), dict[str, float]()

        def advance(key: str, share: float = 1.0) -> None:
            running[key] = share
            if share >= 1:
                # Told of twice where a run had come to its end before its result was here.
                del running[key]
                ended.add(key)
            progress.update(task, completed=len(ended) + sum(running.values()))

        yield advance


def show_report(page: Path, ui_command: str, trouble: str = "") -> None:
    """Say where the report is, how to look at the runs, and why the store has no report, if so."""
    say(f"Report:    {page!s}")
    if trouble:
        say(f"Not attached to the sweep: {trouble}")
    say(f"MLflow UI: {ui_command}")


def show_kept(
    count: int, outbox: Path, trouble: str, sync_command: str, report_command: str
) -> None:
    """Say what could not be logged, where it is safe, and how to log it and report on it."""
    CONSOLE.print(
        f"{count} runs could not be logged ({trouble}). They are safe in {outbox}; the next sweep "
        f"logs them, or {sync_command}\nThere is no report on them yet: {report_command}",
        markup=False,
        soft_wrap=True,
    )


def show_synced(report: "SyncReport") -> None:
    """Say what an earlier sweep had left to be logged."""
    if report.logged:
        CONSOLE.print(f"{report.logged} runs of an earlier sweep have been logged")
    if report.left:
        text = f"{report.left} runs of an earlier sweep still can't be logged: {report.reason}"
        say(text)
