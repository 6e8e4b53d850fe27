"""What a person at a terminal sees: progress, summary, where to look next."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from math import inf, isfinite
from pathlib import Path
from statistics import fmean, median_low
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from nnbench.config import Scalar
from nnbench.metrics import OBJECTIVE
from nnbench.neutral import in_line, in_lines
from nnbench.pages.wording import WIDE
from nnbench.record import RunResult
from nnbench.settings import natural, telling_keys

if TYPE_CHECKING:
    from nnbench.track.sync import SyncReport

ROWS = 40
"""Rows of the summary that are shown."""

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


class Summary:
    """The figures of a sweep's runs, small enough to keep for any number of them."""

    def __init__(self, skipped: Mapping[str, int]) -> None:
        self.skipped = skipped
        self.settings: list[dict[str, Scalar]] = []
        self.results: list[tuple[str, dict[str, float], float]] = []
        self.reasons: Counter[tuple[str, str]] = Counter()
        self.earlier = 0
        """How many runs had been finished before."""

    def add(self, result: RunResult) -> None:
        """Take in a run that has ended."""
        settings = result.config.flat()
        del settings["seed"]
        self.settings.append(settings)
        self.results.append((result.status, result.final, result.seconds))
        if result.reason:
            self.reasons[result.status, result.reason] += 1

    def add_earlier(self, result: RunResult) -> None:
        """Take in a run that had ended before this sweep began."""
        self.add(result)
        self.earlier += 1

    @property
    def failed(self) -> int:
        """How many runs failed."""
        return sum(status == "failed" for status, _, _ in self.results)

    def validation_error(self) -> float:
        """Mean of 1 − accuracy or 1 − R² on the validation part; infinite if a run was lost."""
        names = [f"best_validation_{metric}" for metric in OBJECTIVE.values()]
        errors = [1 - f[name] for _, f, _ in self.results for name in names if name in f]
        return fmean(errors) if errors and len(errors) == len(self.results) else inf

    def groups(self) -> dict[tuple[str, ...], list[int]]:
        """Values of the keys that vary → the positions of the runs with these values."""
        groups: dict[tuple[str, ...], list[int]] = {}
        varied = self.varied()
        for position, settings in enumerate(self.settings):
            values = tuple(str(settings.get(key, "")) for key in varied)
            groups.setdefault(values, []).append(position)
        return groups

    def varied(self) -> list[str]:
        """The keys that tell the settings apart, or the depth if there is one setting only."""
        keys = dict.fromkeys(key for settings in self.settings for key in settings)
        return telling_keys(keys, self.settings) or ["depth"]


def show(summary: Summary) -> None:
    """Print a row for every setting, and why runs were skipped or came to nothing."""
    finals = [final for _, final, _ in summary.results]
    metrics = " or ".join(m for m in OBJECTIVE.values() if any(f"test_{m}" in f for f in finals))
    title = f"{metrics or 'Figures'} at the best epoch, mean ± deviation"
    table = Table(title=title)
    for key in summary.varied():
        table.add_column(key, justify="right", overflow="fold")
    for heading in ("runs", "validation", "test", "seconds"):
        table.add_column(heading, justify="right", no_wrap=heading != "runs")
    groups = sorted(
        summary.groups().items(), key=lambda group: [natural(value) for value in group[0]]
    )
    for values, positions in groups[:ROWS]:
        results = [summary.results[position] for position in positions]
        lost = Counter(status for status, _, _ in results if status != "finished")
        count = ", ".join([str(len(results)), *(f"{n} {status}" for status, n in lost.items())])
        finals = [final for _, final, _ in results]
        figures = [spread(finals, part) for part in ("best_validation", "test")]
        seconds = f"{fmean(seconds for _, _, seconds in results):.2f}"
        table.add_row(*map(escape, values), count, *figures, seconds)
    CONSOLE.print(table)
    if len(groups) > ROWS:
        CONSOLE.print(f"and {len(groups) - ROWS} more settings, which the report has")
    if summary.earlier:
        total = len(summary.results)
        CONSOLE.print(f"{summary.earlier} of {total} runs were already finished")
    skipped = [(("skipped", reason), number) for reason, number in summary.skipped.items()]
    reasons = summary.reasons.most_common(REASONS)
    rest = summary.reasons.total() - sum(number for _, number in reasons)
    for (fate, reason), number in [*reasons, *skipped]:
        say(f"{number} {fate}: {reason}")
    if rest:
        CONSOLE.print(f"and {rest} more runs with other reasons, which the report has")


def spread(finals: list[dict[str, float]], part: str) -> str:
    """Mean and standard deviation of the objective of one part of the data.

    Where runs were lost it is the median (marked ~) with those as the worst, since a mean over the
    others would flatter.
    """
    names = [f"{part}_{metric}" for metric in OBJECTIVE.values()]
    found = [final[name] for final in finals for name in names if name in final]
    values = [value for value in found if isfinite(value)]
    lost = len(finals) - len(values)
    if lost:
        middle = median_low([*values, *[-inf] * lost])
        return "—" if middle == -inf else f"~ {short(middle)}"
    with np.errstate(over="ignore"):
        mean, deviation = float(np.mean(values)), float(np.std(values, ddof=len(values) > 1))
    return short(mean) + (f" ± {short(deviation)}" if len(values) > 1 else "")


def short(value: float) -> str:
    """A number of three decimals, or where that would take many places, of three digits."""
    return f"{value:.3f}" if abs(value) < WIDE else f"{value:.3g}"


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
