"""Sentences on what the planned seeds can show, before anything is trained."""

import shlex
from collections.abc import Mapping, Sequence

import numpy as np

from nnbench.pages.formatting import count_text
from nnbench.report.compare.families import Family
from nnbench.report.compare.measure import Measure
from nnbench.report.question import is_whole
from nnbench.report.statistics import FEWEST_PAIRS, fewest_pairs, smallest_difference
from nnbench.report.text.commands import (
    command_with,
    command_without,
    is_quick,
    typed_numbers,
)

USUAL_SPREAD = {"test_accuracy": 0.011, "test_r2": 0.043}
"""Measure → standard deviation of a paired difference, where none is known: the medians of the 231
and 16 differences in the committed reports, of which half lie between 0.008 and 0.016, and between
0.021 and 0.069."""


def seeds_that_show(families: Sequence[Family]) -> int:
    """Number of seeds from which on a difference can be significant on every data set."""
    largest = max((family.fewest_comparisons for family in families), default=1)
    return max(FEWEST_PAIRS, fewest_pairs(largest))


def before_training(families: Sequence[Family], seeds: int, command: str) -> list[str]:
    """Sentences on what so many seeds can show, and where that is nothing, what can."""
    families = [family for family in families if family.comparisons]
    if not families:
        return []
    needed = seeds_that_show(families)
    if seeds < needed:
        return [too_few(families, seeds, command)]
    by_measure: dict[Measure, list[Family]] = {}
    for family in families:
        by_measure.setdefault(family.measure, []).append(family)
    sentences = (
        smallest_shown(measure, own, seeds, command) for measure, own in by_measure.items()
    )
    return list(filter(None, sentences))


def too_few(families: Sequence[Family], seeds: int, command: str) -> str:
    """The sentence on seeds that can show nothing of at least one data set."""
    short = [family for family in families if seeds < seeds_that_show([family])]
    return (
        f"With {count_text(seeds, 'seed')} and {comparisons_text(short)}, no difference can be "
        f"significant, however large (exact signed-rank test, Holm). Enough seeds: "
        f"{with_enough_seeds(command, str(seeds_that_show(short)))}"
    )


def with_enough_seeds(command: str, seeds: str) -> str:
    """The command with so many seeds; the setting alone if the command isn't typeable.

    A preview is followed by the whole sweep, which may have more seeds than enough.
    """
    if not is_whole(command):
        return f"seeds={seeds}"
    if any(map(is_quick, shlex.split(command))):
        whole = command_without(command, "plan", "quick")
        typed = typed_numbers(command, "seeds")
        return command_with(whole, seeds=seeds) if typed and typed[-1] < int(seeds) else whole
    return command_with(command_without(command, "plan"), seeds=seeds)


def smallest_shown(measure: Measure, families: Sequence[Family], seeds: int, command: str) -> str:
    """The sentence on the smallest differences that are found; empty if nothing is known of them.

    Only accuracy and R² of the test set have a usual spread. Where none is found alone, the
    seeds that find one stand there.
    """
    usual = USUAL_SPREAD.get(measure.name, np.nan)
    sizes = {
        family.dataset: smallest_difference(
            usual if np.isnan(family.spread) else family.spread, seeds, family.comparisons
        )
        for family in families
    }
    sizes = {dataset: size for dataset, size in sizes.items() if size > 0}
    if not sizes:
        return ""
    if np.isinf(list(sizes.values())).any():
        enough = max(fewest_pairs(family.comparisons) for family in families)
        return (
            f"With {count_text(seeds, 'seed')} and {comparisons_text(families)}, no difference is "
            f"found with 80% power, however large (exact signed-rank test, Holm). Enough seeds: "
            f"{with_enough_seeds(command, str(enough))}"
        )
    return (
        f"With {count_text(seeds, 'seed')} and {comparisons_text(families)}, differences from "
        f"about {range_text(measure, sizes)}{measure.unit} can be shown (80% power; "
        f"{source_text(measure, families)})"
    )


def comparisons_text(families: Sequence[Family]) -> str:
    """Numbers of comparisons of data sets: one, or from the fewest to the most."""
    counts = {family.comparisons for family in families}
    fewest, most = min(counts), max(counts)
    trends = " (with the trend)" if any(family.trends for family in families) else ""
    return ("" if fewest == most else f"{fewest} to ") + count_text(most, "comparison") + trends


def range_text(measure: Measure, sizes: Mapping[str, float]) -> str:
    """The smallest and the largest of the sizes, with their data sets; one if they look alike."""
    low, high = min(sizes, key=lambda name: sizes[name]), max(sizes, key=lambda name: sizes[name])
    least, most = (about(measure, sizes[name]) for name in (low, high))
    return least if least == most else f"{least} ({low}) to {most} ({high})"


def source_text(measure: Measure, families: Sequence[Family]) -> str:
    """The source of the spread of differences."""
    measured = sum(not np.isnan(family.spread) for family in families)
    tracked = "from the spread of runs tracked before"
    if measured == len(families) or measure.name not in USUAL_SPREAD:
        return tracked
    spread = about(measure, USUAL_SPREAD[measure.name]) + "\N{NO-BREAK SPACE}pp" * measure.is_share
    usual = f"assuming a standard deviation of {spread} over seeds, the median of nnbench's reports"
    return usual if not measured else f"{tracked}, else {usual}"


def about(measure: Measure, size: float) -> str:
    """A size with two digits, in percentage points if it is of a share."""
    return f"{100 * size if measure.is_share else size:.2g}"
