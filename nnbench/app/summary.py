"""Summary of a finished sweep: a table of scores, and why runs were skipped or failed."""

from collections import Counter
from collections.abc import Iterable, Mapping
from math import inf, isfinite
from statistics import fmean, median_low

import numpy as np
from rich.markup import escape
from rich.table import Table

from nnbench.app import terminal
from nnbench.options.overrides import as_typed
from nnbench.pages.formatting import WIDE
from nnbench.run.config import Scalar
from nnbench.run.errors import CUT_OFF
from nnbench.run.metrics import OBJECTIVE
from nnbench.run.result import RunResult
from nnbench.run.varied import natural, telling_keys
from nnbench.system.limits import count_text

ROWS = 40
"""Rows of the summary that are shown."""

WIDEST = 10_000
"""Columns of a screen on which every table fits."""

LONGEST_SETTING = 25
"""Characters of a setting, where keys share a column."""


class Summary:
    """Scores of a sweep's runs, small enough to keep for any number of runs."""

    def __init__(self, skipped: Mapping[str, int]) -> None:
        self.skipped = dict(skipped)
        self.settings: list[dict[str, Scalar]] = []
        self.results: list[tuple[str, dict[str, float], float]] = []
        self.reasons: Counter[tuple[str, str]] = Counter()
        self.earlier = 0
        """Number of runs that had finished before this sweep."""

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

    def add_step(self, skipped: Mapping[str, int], earlier: Iterable[RunResult]) -> None:
        """Take in a step beyond the ends of a grid: its runs that had ended, and new reasons.

        What is skipped in a step for the reason for which the grid skips runs is counted there.
        """
        self.skipped = {**skipped, **self.skipped}
        for result in earlier:
            self.add_earlier(result)

    @property
    def trained(self) -> int:
        """Number of runs that this sweep has trained."""
        return len(self.results) - self.earlier

    @property
    def failed(self) -> int:
        """Number of failed runs."""
        return sum(status == "failed" for status, _, _ in self.results)

    def validation_error(self) -> float:
        """Mean of 1 − accuracy or 1 − R² on the validation set; infinite if any run failed."""
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
        """The keys in which the settings differ, or the depth if there is only one setting."""
        keys = dict.fromkeys(key for settings in self.settings for key in settings)
        return telling_keys(keys, self.settings) or ["depth"]


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
    rest = summary.reasons.total() - sum(number for _, number in reasons)
    for (status, reason), number in [*reasons, *skipped]:
        # Of a run that finished, the reason is why its scores say little.
        link = ", but " if status == "finished" else ": "
        terminal.say(f"{number} {status}{link}{reason}")
    if rest:
        more = count_text(rest, "more run")
        terminal.CONSOLE.print(f"and {more} for other reasons, listed in the report")


def show_settings(summary: Summary) -> None:
    """Print a table with a row for every setting.

    Where the screen has no room for a column of each key, the keys share one, a line each.
    """
    table = settings_table(summary)
    unlimited = terminal.CONSOLE.options.update(max_width=WIDEST)
    if terminal.CONSOLE.measure(table, options=unlimited).maximum > terminal.CONSOLE.width:
        table = settings_table(summary, are_keys_together=True)
    terminal.CONSOLE.print(table)
    if len(summary.groups()) > ROWS:
        more = count_text(len(summary.groups()) - ROWS, "more setting")
        terminal.CONSOLE.print(f"and {more}, listed in the report")


def settings_table(summary: Summary, *, are_keys_together: bool = False) -> Table:
    """The table of scores by setting, with a column for each key or one for all."""
    finals = [final for _, final, _ in summary.results]
    metrics = " or ".join(m for m in OBJECTIVE.values() if any(f"test_{m}" in f for f in finals))
    title = f"{metrics or 'Scores'} at the best epoch, mean ± standard deviation"
    table = Table(title=title)
    keys = summary.varied()
    for key in ["setting"] if are_keys_together else keys:
        table.add_column(key, justify="right", no_wrap=are_keys_together)
    for heading in ("runs", "validation", "test", "seconds"):
        table.add_column(heading, justify="right", no_wrap=heading != "runs")
    groups = sorted(
        summary.groups().items(), key=lambda group: [natural(value) for value in group[0]]
    )
    for values, positions in groups[:ROWS]:
        results = [summary.results[position] for position in positions]
        failures = Counter(status for status, _, _ in results if status != "finished")
        counts = [str(len(results)), *(f"{n} {status}" for status, n in failures.items())]
        finals = [final for _, final, _ in results]
        scores = [spread(finals, prefix) for prefix in ("best_validation", "test")]
        seconds = f"{fmean(seconds for _, _, seconds in results):.2f}"
        if are_keys_together:
            pairs = zip(keys, values, strict=True)
            values = ("\n".join(shortened(f"{key}={value}") for key, value in pairs),)
        table.add_row(*map(escape, values), ", ".join(counts), *scores, seconds)
    return table


def shortened(text: str) -> str:
    """A setting that fits on a narrow screen, with its beginning and its end."""
    half = LONGEST_SETTING // 2
    return text if len(text) <= LONGEST_SETTING else f"{text[:half]}{CUT_OFF}{text[-half:]}"


def spread(finals: list[dict[str, float]], prefix: str) -> str:
    """Mean and standard deviation of the objective, whose name begins with `prefix`.

    If any run diverged or failed: the median (marked ~), with these runs as the worst, since a mean
    over the others would flatter.
    """
    names = [f"{prefix}_{metric}" for metric in OBJECTIVE.values()]
    values = [final[name] for final in finals for name in names if name in final]
    values = [value for value in values if isfinite(value)]
    failed = len(finals) - len(values)
    if failed:
        middle = median_low([*values, *[-inf] * failed])
        return "—" if middle == -inf else f"~ {short(middle)}"
    with np.errstate(over="ignore"):
        mean, deviation = float(np.mean(values)), float(np.std(values, ddof=len(values) > 1))
    return short(mean) + (f" ± {short(deviation)}" if len(values) > 1 else "")


def short(value: float) -> str:
    """A number with three decimals; a large one with three significant digits."""
    return f"{value:.3f}" if abs(value) < WIDE else f"{value:.3g}"
