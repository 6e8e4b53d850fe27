"""Summary of a sweep on the terminal: a table of scores by setting, best first, and failures."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import inf, isfinite
from statistics import fmean, median_low

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.markup import escape
from rich.table import Table

from nnbench.app import terminal
from nnbench.app.summary import Summary
from nnbench.options.overrides import as_typed
from nnbench.pages.formatting import WIDE
from nnbench.run.errors import CUT_OFF
from nnbench.run.metrics import OBJECTIVE
from nnbench.run.varied import natural
from nnbench.system.limits import count_text

ROWS = 40
"""Rows of the summary that are shown."""

WIDEST = 10_000
"""Columns of a screen on which every table fits."""

NARROWEST_SETTING = 12
"""Columns that settings get on the narrowest screen, where keys share a column."""

PREFIXES = ("best_validation", "test")


def show_summary(summary: Summary) -> None:
    """Print a row for every setting, and why runs were skipped, diverged or failed."""
    if summary.results:
        show_settings(summary)
    else:
        terminal.CONSOLE.print("no run ended, so there are no scores")
    if summary.earlier:
        total = count_text(len(summary.results), "run")
        terminal.CONSOLE.print(f"already finished: {summary.earlier} of {total}")
    # Stored reasons have the stored names of keys, so that no alias makes them others.
    skipped = [(("skipped", as_typed(reason)), n) for reason, n in summary.skipped.items()]
    reasons = summary.reasons.most_common(terminal.REASONS)
    omitted = summary.reasons.total() - sum(number for _, number in reasons)
    for (status, reason), number in [*reasons, *skipped]:
        # Of a run that finished, the reason is why its scores say little.
        link = ", but " if status == "finished" else ": "
        terminal.say(f"{number} {status}{link}{reason}")
    if omitted:
        more = count_text(omitted, "more run")
        terminal.CONSOLE.print(f"and {more} for other reasons, listed in the report")


def show_settings(summary: Summary) -> None:
    """Print a table with a row for every setting, the best first."""
    table, more = fitting_table(summary)
    terminal.CONSOLE.print(table)
    if more:
        terminal.CONSOLE.print(f"{more}, listed in the report")


def fitting_table(
    summary: Summary, rows: int = ROWS, keys: Sequence[str] | None = None
) -> tuple[Table, str]:
    """A table with a row for every setting, the best first, and how many settings it leaves out.

    `keys` are the columns, by default those in which the settings differ. Where the screen has no
    room for a column of each key, the keys share one, a line each.
    """
    keys = summary.varied() if keys is None else keys
    groups = sorted_groups(summary, keys)
    table = settings_table(summary, keys, groups[:rows])
    room = terminal.CONSOLE.width - width_of(table)
    if room < 0:
        others = width_of(settings_table(summary, (), groups[:rows], 1))
        room = terminal.CONSOLE.width - others + len("setting")
        table = settings_table(summary, keys, groups[:rows], max(room, NARROWEST_SETTING))
    more = len(groups) - rows
    return table, f"and {count_text(more, 'more setting')}" if more > 0 else ""


def width_of(table: Table) -> int:
    """Columns that a table takes if nothing is broken or cut."""
    unlimited = terminal.CONSOLE.options.update(max_width=WIDEST)
    return terminal.CONSOLE.measure(table, options=unlimited).maximum


def sorted_groups(summary: Summary, keys: Sequence[str]) -> list[tuple[tuple[str, ...], list[int]]]:
    """Values of the keys and positions of their runs: by data set, then the best first.

    Scores of different data sets are not comparable.
    """

    def place(group: tuple[tuple[str, ...], list[int]]) -> tuple[object, ...]:
        values, positions = group
        data = [natural(v) for key, v in zip(keys, values, strict=True) if is_of_data(key)]
        finals = [summary.results[position][1] for position in positions]
        return data, -centre(finals, "test"), [natural(value) for value in values]

    return sorted(summary.groups(keys).items(), key=place)


def is_of_data(key: str) -> bool:
    """True for a data set or one of its options."""
    return key.partition(".")[0] == "dataset"


def settings_table(
    summary: Summary,
    keys: Sequence[str],
    groups: Sequence[tuple[tuple[str, ...], list[int]]],
    together: int = 0,
) -> Table:
    """The table of scores by setting, with a column for each key or one of so many `together`."""
    results = list(summary.results)
    metrics = " or ".join(
        metric for metric in OBJECTIVE.values() if any(f"test_{metric}" in f for _, f, _ in results)
    )
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, title_justify="left")
    table.title = f"{metrics or 'Scores'} at the best epoch, mean ± standard deviation"
    for key in ["setting"] if together else keys:
        table.add_column(escape(key), justify="left" if together else "right", no_wrap=True)
    for heading in ("runs", "validation", "test", "seconds"):
        table.add_column(heading, justify="right", no_wrap=heading != "runs")
    for values, positions in groups:
        cells: Sequence[str] = values
        if together:
            settings = map("{}={}".format, keys, values)
            cells = ["\n".join(shortened(setting, together) for setting in settings)]
        separator = ",\n" if together else ", "
        table.add_row(*map(escape, cells), *scores(results, positions, separator))
    return table


def scores(
    results: Sequence[tuple[str, Mapping[str, float], float]],
    positions: Sequence[int],
    separator: str,
) -> list[str]:
    """Number of runs of a setting, their scores, and their mean time in seconds."""
    chosen = [results[position] for position in positions]
    failures = Counter(status for status, _, _ in chosen if status != "finished")
    counts = [str(len(chosen)), *(f"{n} {status}" for status, n in failures.items())]
    finals = [final for _, final, _ in chosen]
    seconds = f"{fmean(seconds for _, _, seconds in chosen):.2f}"
    return [separator.join(counts), *(spread(finals, prefix) for prefix in PREFIXES), seconds]


def shortened(text: str, width: int) -> str:
    """A setting of at most so many columns, with its beginning and its end."""
    if cell_len(text) <= width:
        return text
    half = (width - 1) // 2
    start, end = text, text
    while cell_len(start) > half:
        start = start[:-1]
    while cell_len(end) > half:
        end = end[1:]
    return f"{start}{CUT_OFF}{end}"


def objectives(finals: Sequence[Mapping[str, float]], prefix: str) -> list[float]:
    """The finite values of the objective, whose name begins with `prefix`."""
    names = [f"{prefix}_{metric}" for metric in OBJECTIVE.values()]
    values = [final[name] for final in finals for name in names if name in final]
    return [value for value in values if isfinite(value)]


def centre(finals: Sequence[Mapping[str, float]], prefix: str) -> float:
    """Mean of the objective; the median, with failed runs as the worst, if any run failed."""
    values = objectives(finals, prefix)
    if failed := len(finals) - len(values):
        return median_low([*values, *[-inf] * failed])
    with np.errstate(over="ignore"):
        return float(np.mean(values))


def spread(finals: Sequence[Mapping[str, float]], prefix: str) -> str:
    """Mean and standard deviation of the objective, whose name begins with `prefix`.

    If any run diverged or failed: the median (marked ~), with these runs as the worst, since a mean
    over the others would flatter.
    """
    values, middle = objectives(finals, prefix), centre(finals, prefix)
    if len(values) < len(finals):
        return "—" if middle == -inf else f"~ {short(middle)}"
    with np.errstate(over="ignore"):
        deviation = float(np.std(values, ddof=len(values) > 1))
    return short(middle) + (f" ± {short(deviation)}" if len(values) > 1 else "")


def short(value: float) -> str:
    """A number with three decimals; a large one with three significant digits."""
    return f"{value:.3f}" if abs(value) < WIDE else f"{value:.3g}"
