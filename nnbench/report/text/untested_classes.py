"""Classes that a test set of the user's own has no row of."""

from collections.abc import Iterator

from nnbench.report.analysis.costs import numbers
from nnbench.report.compare.comparison import Comparison
from nnbench.report.question import Question


def untested_classes(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """Data sets whose own test set lacks classes, about which test scores say nothing."""
    runs = comparison.runs
    lacking = numbers(runs, "untested_classes").fillna(0)
    for dataset, count in lacking.groupby(runs["dataset"]).max().items():
        if count:
            yield (
                f"The test set of {dataset} has no row of {count:.0f} of its classes, about which "
                "test scores say nothing.",
                "",
            )
