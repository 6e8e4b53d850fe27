"""Order in which compared values are shown beside their reference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from nnbench.pages.formatting import is_ordered
from nnbench.report.analysis.contrasts import Contrast
from nnbench.report.analysis.findings import Findings
from nnbench.report.analysis.slopes import Slope
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.compare.measure import Measure
from nnbench.report.compare.reference import ranked


# Compared by identity, as groups are.
@dataclass(frozen=True, eq=False)
class Standings:
    """The values that have one reference, in the order in which they are read."""

    reference: Group
    shared: tuple[str, ...]
    """The one of two compared keys of which all these have the same value."""
    rows: tuple[tuple[Group, Contrast | None], ...]
    """Ordered keys in their own order, others by effect; no contrast of the reference itself."""
    negligible: float
    """The largest difference that does not matter."""
    trend: tuple[tuple[Group, float], ...]
    """Difference that the trend expects of each value along it; empty unless one is claimed."""
    in_order: bool = False
    """True if the rows are those of an ordered key, in its order."""

    @property
    def measure(self) -> Measure:
        """Measure that all of them are compared by."""
        return self.reference.measure

    def status(self, group: Group) -> str:
        """The word for a group without a contrast."""
        return "reference" if group is self.reference else "demonstration"

    def cut(self, most: int) -> tuple[Self, Self | None]:
        """Rows in sight, `most` (3 or more) at most, and all others; None if there are none.

        In sight stay the reference and the largest differences of both directions, of those that
        are claimed if any is; then the first rows, or rows spread over an ordered key.
        """
        count = len(self.rows)
        if count <= most:
            return self, None
        means = {place: contrast.difference.mean for place, (_, contrast) in enumerate(self.rows)
                 if contrast and not np.isnan(contrast.difference.mean)}  # fmt: skip
        claimed = [place for place in means
                   if (own := self.rows[place][1]) and own.outcome.claims_difference]  # fmt: skip
        places = [place for place, (group, _) in enumerate(self.rows) if group is self.reference]
        places += [pick(claimed or means, key=means.__getitem__) for pick in (max, min) if means]
        spread = np.linspace(0, count - 1, most - len({*places})).round().astype(int).tolist()
        places += spread if self.in_order else []
        in_sight = {*list(dict.fromkeys([*places, *range(count)]))[:most]}
        return self.rows_at(sorted(in_sight)), self.rows_at(sorted({*range(count)} - in_sight))

    def rows_at(self, places: Sequence[int]) -> Self:
        """Some of the rows, with their part of the trend."""
        rows = tuple(self.rows[place] for place in places)
        groups = {group for group, _ in rows}
        trend = tuple(pair for pair in self.trend if pair[0] in groups)
        return replace(self, rows=rows, trend=trend)


def standings(findings: Findings) -> list[Standings]:
    """Standings of every reference with values beside it, on data with a finished run."""
    comparison = findings.comparison
    by_group = {contrast.group: contrast for contrast in findings.contrasts}
    # Of a trend that is inconclusive, a line would say more than is known.
    claimed = tuple(trend.slope for trend in findings.trends
                    if trend.decision.outcome.claims_difference)  # fmt: skip
    return [
        standings_of(comparison, block, by_group, claimed)
        for block in comparison.blocks
        if any(group in by_group for group in block)
    ]


def standings_of(
    comparison: Comparison,
    block: list[Group],
    by_group: dict[Group, Contrast],
    slopes: tuple[Slope, ...],
) -> Standings:
    """The standings of one block of groups."""
    reference = next(group for group in block if group.value == group.reference)
    columns = [comparison.columns_of(group.value) for group in block]
    several = len(comparison.keys) > 1
    shared = tuple(key for key in comparison.keys
                   if several and len({column[key] for column in columns}) == 1)  # fmt: skip
    compared = [key for key in comparison.keys if key not in shared]
    in_order = len(compared) == 1 and is_ordered([column[compared[0]] for column in columns])
    pairs = [(group, by_group.get(group)) for group in block]
    if in_order:
        pairs.sort(key=lambda pair: ranked(pair[0].value))
    else:
        pairs.sort(key=lambda pair: merit(pair, reference), reverse=True)
    along = [slope for slope in slopes if in_order and {*slope.line.groups} <= {*block}]
    differences = {group: contrast.difference.mean for group, contrast in pairs if contrast}
    return Standings(
        reference,
        shared,
        tuple(pairs),
        negligible=max(contrast.negligible for _, contrast in pairs if contrast),
        trend=expected(along[0], {reference: 0.0, **differences}) if along else (),
        in_order=in_order,
    )


def expected(slope: Slope, differences: Mapping[Group, float]) -> tuple[tuple[Group, float], ...]:
    """Difference that a trend expects of each value along it, its line through their mean."""
    line, left_out = slope.line, {*slope.zeros, *slope.unsettled}
    groups = [group for group in line.groups if line.value_of(group) not in left_out]
    positions = np.log2([float(line.value_of(group)) for group in groups])  # type: ignore[arg-type]
    level = np.mean([differences.get(group, np.nan) for group in groups])
    along = level + slope.mean * (positions - positions.mean())
    if not np.isfinite(along).all():
        return ()
    return tuple(zip(groups, along.tolist(), strict=True))


def merit(pair: tuple[Group, Contrast | None], reference: Group) -> float:
    """The place of a value by its effect: higher is better, what isn't compared comes last."""
    group, contrast = pair
    if contrast is None:
        return 0.0 if group is reference else -np.inf
    mean = contrast.effect.mean if contrast.count else np.nan
    return -np.inf if np.isnan(mean) else mean
