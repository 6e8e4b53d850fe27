"""Sentences on values that are not above chance level."""

from collections.abc import Iterator

from nnbench.pages.formatting import metric_text
from nnbench.report.analysis.above_chance import is_above_chance
from nnbench.report.compare.chance import chance_of
from nnbench.report.compare.comparison import Comparison
from nnbench.report.text.numbers import and_text

MOST_NAMED = 8
"""Values that a sentence names."""


def chance_notes(comparison: Comparison) -> Iterator[str]:
    """A sentence for each data set on its values that are not above chance level.

    None on data on which every run diverged or failed, which have a sentence of their own.
    """
    for dataset in comparison.datasets:
        groups = comparison.of(dataset)
        below = [group for group in groups if is_above_chance(group) is False]
        if not below or dataset in comparison.lost:
            continue
        metric = groups[0].metric
        level = metric_text(metric.name, chance_of(groups[0].runs, metric))
        names = and_text([comparison.named(group.value) for group in below], MOST_NAMED)
        yield (
            f"On {dataset}, {names} {'is' if len(below) == 1 else 'are'} not above chance in test "
            f"{metric.title} ({level})."
        )
