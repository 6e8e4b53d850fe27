"""Tables of what the rules of verdicts give, design by design, and the bars that they must hold."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from tests.calibration import rules
from tests.calibration.designs import DESIGNS
from tests.calibration.extension import GRIDS
from tests.calibration.extension import row as extension_row
from tests.calibration.new_rows import row as new_rows_row
from tests.calibration.rules import DEPTHS, among, equivalent, pair, shares, trended
from tests.calibration.selection import SCORES, regrets, simulated, stored

MEAN_MOST, ANY_MOST = 0.05, 0.07
"""Share of false claims over all designs, and in any of them."""
LEAST = {"95%": 0.94, "90%": 0.89}
"""Share of intervals that hold the truth, by their level."""
SEEDS = (20, 10)
MOST_SETS = 200
"""Data sets drawn anew, at most: each has two learners for every seed."""
SIZE = 0.01
"""A true difference, about as large as the noise of a test set of a few hundred rows."""


def selection(experiments: int, jobs: int, folders: Sequence[Path]) -> None:
    """Loss of a choice by 20 seeds."""
    for title, source in [
        ("simulated curves", simulated()),
        *((f"curves in {folder.name}", stored(folder)) for folder in folders),
    ]:
        rows, lost = [], []
        for name, curves, test in source:
            regret = regrets(curves, test, 20, experiments)
            lost.append([100 * regret[score] for score in SCORES])
            rows.append([name, *(f"{loss:.2f}" for loss in lost[-1])])
        rows.append(["mean", *(f"{loss:.3f}" for loss in np.mean(lost, axis=0))])
        rows.append(["worst", *(f"{loss:.2f}" for loss in np.max(lost, axis=0))])
        show(f"Regret in percentage points, settings chosen by 20 seeds, {title}",
             ["", *SCORES], rows)  # fmt: skip


def pairs(experiments: int, jobs: int, folders: Sequence[Path]) -> None:
    """Better and worse."""
    for seeds in SEEDS:
        for values, shift in ((2, 0.0), (2, SIZE), (5, 0.0)):
            measured = {
                design.name: shares(pair(design, shift, seeds, values), experiments, jobs)
                for design in DESIGNS
            }
            beside = "one value beside" if values == 2 else f"{values - 1} values beside"
            report(f"Pairs, {seeds} seeds, {beside}, true difference {100 * shift:g} pp",
                   measured, experiments, is_null=not shift)  # fmt: skip


def trends(experiments: int, jobs: int, folders: Sequence[Path]) -> None:
    """Slopes per doubling over depths 1, 2, 3, 4, 6."""
    for seeds in SEEDS:
        for slope in (0.0, 0.003):
            measured = {
                design.name: shares(trended(design, slope, seeds), experiments, jobs)
                for design in DESIGNS
            }
            report(f"Trends, {seeds} seeds, {100 * slope:g} pp per doubling",
                   measured, experiments, is_null=not slope)  # fmt: skip


def ordered(experiments: int, jobs: int, folders: Sequence[Path]) -> None:
    """Depths 1, 2, 3, 4, 6 whose trend is tested before the pairs with depth 1."""
    falling = tuple(-0.005 * float(np.log2(depth)) for depth in DEPTHS)
    courses = {
        "none differs": (0.0,) * 5,
        "only 6 is worse": (0.0,) * 4 + (-2 * SIZE,),
        "only 2 is better": (0.0, 2 * SIZE, 0.0, 0.0, 0.0),
        "-0.5 pp a doubling": falling,
    }
    for seeds in SEEDS:
        for course, shifts in courses.items():
            rows, false = [], []
            for design in DESIGNS:
                share = shares(rules.ordered(design, shifts, seeds), experiments, jobs)
                false.append(share["false"])
                rows.append([design.name, *(percent(share[key]) for key in share),
                             too_many(false[-1], experiments)])  # fmt: skip
            rows.append(["mean", percent(float(np.mean(false))), "", "", "", mean_mark(false)])
            show(f"Trend before pairs, {seeds} seeds, {course}; {experiments:,} experiments",
                 ["design", "any false pair", "trend claimed", "depth 6", "depth 2", ""],
                 rows)  # fmt: skip


def equivalence(experiments: int, jobs: int, folders: Sequence[Path]) -> None:
    """Differences just at the margin, and none."""
    for seeds in SEEDS:
        for values in (2, 5):
            margin = SIZE
            rows, at_margin = [], []
            for design in DESIGNS:
                shown = [
                    shares(equivalent(design, margin, shift, seeds, values), experiments, jobs)
                    for shift in (margin, -margin, 0.0)
                ]
                above, below, none = (row["equivalent"] for row in shown)
                at_margin.append(max(above, below))
                rows.append([design.name, percent(above), percent(below), percent(none),
                             too_many(at_margin[-1], experiments)])  # fmt: skip
            rows.append(["mean", percent(float(np.mean(at_margin))), "", "", mean_mark(at_margin)])
            show(f"Equivalence, {seeds} seeds, {values - 1} beside, margin {100 * margin:g} pp: "
                 "called equivalent at true differences of",
                 ["design", "+margin", "−margin", "0", ""], rows)  # fmt: skip


def sets(experiments: int, jobs: int, folders: Sequence[Path]) -> None:
    """True if all truly best values are in the set."""
    courses = {
        "5 equal": (0.0,) * 5,
        "2 of 5": (0.0, 0.0, -SIZE, -SIZE, -2 * SIZE),
        "1 of 5": (-SIZE, 0.0, -SIZE, -2 * SIZE, -3 * SIZE),
        "2 equal": (0.0, 0.0),
    }
    for seeds in SEEDS:
        rows, missed = [], []
        for design in DESIGNS:
            for course, shifts in courses.items():
                measured = shares(among(design, shifts, seeds), experiments, jobs)
                missed.append(1 - measured["all best in"])
                rows.append([design.name, course, percent(measured["all best in"]),
                             percent(measured["without pairs"]), f"{measured['size']:.2f}",
                             too_many(missed[-1], experiments)])  # fmt: skip
        rows.append(["mean", "", percent(1 - float(np.mean(missed))), "", "", mean_mark(missed)])
        show(f"Set of values not worse than the best, {seeds} seeds (at least 93%, mean 95%)",
             ["design", "truly best", "all in it", "by resamples alone", "size", ""],
             rows)  # fmt: skip


def extension(experiments: int, jobs: int, folders: Sequence[Path]) -> None:
    """Better and worse where best settings lie beyond the grid, which goes on by three steps."""
    for seeds in SEEDS:
        for values, shift in ((2, 0.0), (5, 0.0), (2, SIZE)):
            rows, claims = [], []
            for grid in GRIDS:
                rule = partial(extension_row, grid, shift, seeds, values)
                share = shares(rule, experiments, jobs)
                claims.append(share["claimed"])
                rows.append([
                    grid.name, *map(percent, (share["claimed"], share["not comparable"],
                    share["as typed"], share["typed, not comparable"], share["unguarded"])),
                    f"{share['settings']:.1f}",
                    "" if shift else too_many(share["claimed"], experiments),
                ])  # fmt: skip
            rows.append(["mean", percent(float(np.mean(claims))), *[""] * 5,
                         "" if shift else mean_mark(claims)])  # fmt: skip
            show(f"Extension, {seeds} seeds, {values - 1} beside, true difference "
                 f"{100 * shift:g} pp at the best settings; {experiments:,} experiments",
                 ["best settings", "claimed", "not comparable", "as typed: claimed",
                  "not comparable", "without guard: claimed", "settings", ""], rows)  # fmt: skip


def new_rows_of(experiments: int, jobs: int, folders: Sequence[Path]) -> None:
    """Data sets drawn anew, of which no learner is better on new rows."""
    count, rows = min(experiments, MOST_SETS), []
    for seeds in (10, 20, 40):
        split_anew = shares(partial(new_rows_row, seeds=seeds, fresh=False), count, jobs)
        drawn_anew = shares(partial(new_rows_row, seeds=seeds, fresh=True), count, jobs)
        shown = split_anew["shown for new rows"]
        rows.append([seeds, percent(split_anew["claimed"]), percent(shown),
                     percent(drawn_anew["claimed"]),
                     too_many(max(shown, drawn_anew["claimed"]), count)])  # fmt: skip
    show(f"{count} data sets of 300 rows from one source, no difference on new rows: claimed",
         ["seeds", "of these rows, split anew", "and shown for new rows",
          "where each seed draws rows of its own", ""], rows)  # fmt: skip


def report(
    title: str, measured: dict[str, dict[str, float]], experiments: int, is_null: bool
) -> None:
    """Print claims, coverage and power design by design."""
    rows = []
    for name, share in measured.items():
        marks = [too_many(share["claimed"], experiments)] if is_null else []
        marks += [
            f"{level} SHORT" for level, least in LEAST.items()
            if share[level] < least - 2 * error(least, experiments)
        ]  # fmt: skip
        rows.append([name, *(percent(share[key]) for key in ("claimed", "known", "95%", "90%")),
                     " ".join(filter(None, marks))])  # fmt: skip
    means = {key: float(np.mean([share[key] for share in measured.values()]))
             for key in ("claimed", "known", "95%", "90%")}  # fmt: skip
    claims = [share["claimed"] for share in measured.values()]
    rows.append(["mean", *map(percent, means.values()), mean_mark(claims) if is_null else ""])
    show(f"{title}; {experiments:,} experiments", ["design", "claimed", "t-test, known settings",
         "95% holds", "90% holds", ""], rows)  # fmt: skip


def error(share: float, experiments: int) -> float:
    """Standard error of a share."""
    return float(np.sqrt(share * (1 - share) / experiments))


def too_many(share: float, experiments: int) -> str:
    """A mark where one design has too many false claims, beyond two standard errors."""
    return "TOO MANY" if share > ANY_MOST + 2 * error(ANY_MOST, experiments) else ""


def mean_mark(claims: Sequence[float]) -> str:
    """The same of all designs."""
    return "TOO MANY" if np.mean(claims) > MEAN_MOST + 0.005 else ""


def percent(share: float) -> str:
    """A share as it is printed."""
    return f"{share:.1%}"


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table."""
    print(title)
    table = Table()
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*map(str, row))
    Console(width=120).print(table)


PARTS: dict[str, Callable[[int, int, Sequence[Path]], None]] = {
    "selection": selection, "pairs": pairs, "trends": trends, "ordered": ordered,
    "equivalence": equivalence, "sets": sets, "extension": extension, "new_rows": new_rows_of,
}  # fmt: skip
