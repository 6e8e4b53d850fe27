"""Caveats on validation and test sets that are too small, or too uniform, to measure."""

from collections.abc import Iterator

from nnbench.data.cautions import FEWEST_ROWS, USES
from nnbench.pages.formatting import count_text
from nnbench.report.analysis.costs import numbers, test_rows
from nnbench.report.compare.comparison import Comparison
from nnbench.report.question import Question


def small_sets(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """Sets of fewer rows than choose or compare by more than chance."""
    runs = comparison.runs
    rows, own = numbers(runs, "rows"), numbers(runs, "test_rows").fillna(0)
    validation = (numbers(runs, "validation_size") * (rows - own)).round().clip(lower=1)
    for name, sizes in (("validation", validation), ("test", test_rows(runs))):
        for dataset, fewest in sizes.groupby(runs["dataset"]).min().items():
            if fewest < FEWEST_ROWS:
                yield (
                    f"The {name} set of {dataset} has {count_text(int(fewest), 'row')}, too few to "
                    f"{USES[name]} by.",
                    "",
                )


def equal_targets(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """Runs whose R² is 0 for no other reason than that all targets are equal."""
    runs = comparison.runs
    for name, column in (("validation", "best_validation_r2"), ("test", "test_r2")):
        # Of targets that differ it is exactly 0 by no chance worth speaking of.
        constant = numbers(runs, column) == 0
        for dataset, count in constant.groupby(runs["dataset"]).sum().items():
            if count:
                yield (
                    f"All {name} targets of {count_text(int(count), 'run')} on {dataset} are "
                    "equal, where R² is 0 unless every one is met.",
                    "",
                )
