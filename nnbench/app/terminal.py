"""Terminal output: progress, notes on data and runs, and where the results are."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.segment import Segment
from rich.text import Text

from nnbench.safety.sanitize import in_line, in_lines
from nnbench.system.limits import count_text

if TYPE_CHECKING:
    from nnbench.app.unchanged_reports import UnchangedReport
    from nnbench.report import Report
    from nnbench.track.sync import SyncReport

REASONS = 12
"""Number of reasons shown for runs that diverged or failed, the most frequent first."""


class NeutralConsole(Console):
    """A console on which no text is a command to the terminal."""

    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(in_lines(text), **options)

    def render(self, *renderables: Any, **options: Any) -> Iterator[Segment]:
        for segment in super().render(*renderables, **options):
            if segment.control:
                yield segment
            else:
                yield segment._replace(text=in_lines(segment.text))


# In a notebook plain lines, too: all that is live needs widgets there.
CONSOLE = NeutralConsole(force_jupyter=False)


def say(text: str, *, highlight: bool = True) -> None:
    """Print one line, whatever is in the text."""
    CONSOLE.print(in_line(text), markup=False, soft_wrap=True, highlight=highlight)


def show_data(notes: Iterable[tuple[str, str]]) -> None:
    """Print notes on data sets, each with the name of the data set."""
    for name, note in notes:
        say(f"{name}: {note}")


def show_damaged(checkpoints: Mapping[Path, str]) -> None:
    """Print the unusable checkpoints, and why."""
    for file, reason in checkpoints.items():
        say(f"The checkpoint {file} {reason}: its runs restart from the beginning")


def show_without_curves(runs: Mapping[str, str], absent: int) -> None:
    """Print the ids of runs with damaged curves, and why; and the number of runs without any."""
    if absent:
        CONSOLE.print(f"The curves of {count_text(absent, 'run')} are missing from the store")
    for run_id, reason in list(runs.items())[:REASONS]:
        say(f"Excluded from curves: run {run_id}, whose curves.npz {reason}")
    if len(runs) > REASONS:
        more = count_text(len(runs) - REASONS, "more run")
        CONSOLE.print(f"and {more} with damaged curves")


def show_left_out(runs: Mapping[str, str]) -> None:
    """Print the ids of runs that are excluded from a report, and why."""
    for run_id, reason in list(runs.items())[:REASONS]:
        say(f"Excluded: run {run_id}, whose {reason}")
    if len(runs) > REASONS:
        say(f"and {count_text(len(runs) - REASONS, 'more run')} with invalid values")


def show_report(report: "Report | UnchangedReport", ui_command: str, trouble: str = "") -> None:
    """Print where the report is, the commands to go on with, and the answer as the last line.

    `trouble` is the reason why the store has no report, if so.
    """
    if trouble:
        show_unpublished(trouble)
    say(f"Report:    {report.page.absolute().as_uri()}", highlight=False)
    say(f"MLflow UI: {ui_command}")
    if report.example:
        say(f"Look into a run: python -m nnbench inspect {report.example}", highlight=False)
    show_answer(report.answer.headline)


def show_answer(headline: str) -> None:
    """Print the answer as the last block, which a terminal breaks between words only."""
    text = Text(in_line(f"Answer:    {headline}"), style="bold")
    CONSOLE.print(text, soft_wrap=not CONSOLE.is_terminal)


def show_unpublished(trouble: str) -> None:
    """Print the reason why the store has no report."""
    say(f"Not attached to the sweep: {trouble}")


def show_kept(
    count: int, outbox: Path, trouble: str, sync_command: str, report_command: str
) -> None:
    """Print how many runs could not be logged, where they are, and how to log and report them."""
    CONSOLE.print(
        f"{count_text(count, 'run')} could not be logged ({trouble}). Saved in {outbox}. The next "
        f"sweep logs what is there; to log it now: {sync_command}\nThen write the report: "
        f"{report_command}",
        markup=False,
        soft_wrap=True,
    )


def show_synced(report: "SyncReport") -> None:
    """Print how many runs of earlier sweeps were logged now, and how many still wait."""
    if report.logged:
        CONSOLE.print(f"Logged {count_text(report.logged, 'run')} of an earlier sweep")
    if report.unlogged:
        runs = count_text(report.unlogged, "run")
        say(f"Not logged yet: {runs} of an earlier sweep ({report.reason})")
