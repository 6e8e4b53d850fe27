"""Sentences on the largest learning rate that trains."""

from collections.abc import Iterator, Sequence

from nnbench.pages.formatting import count_text, setting_text
from nnbench.report.analysis.rate_limits import RateLimits
from nnbench.report.compare.comparison import Comparison
from nnbench.report.text.numbers import and_text
from nnbench.report.text.trends import place_text

MOST_NAMED = 3
"""Lines whose factor has a place in the sentence; report.json has all."""


def rate_limit_sentences(along: Sequence[RateLimits], comparison: Comparison) -> Iterator[str]:
    """A sentence for each compared key on how its largest rate that trains goes along with it."""
    by_key: dict[str, list[RateLimits]] = {}
    for of_line in along:
        by_key.setdefault(of_line.line.key, []).append(of_line)
    for key, own in by_key.items():
        groups = {
            "falls by a factor of": [
                limits for limits in own if limits.is_significant and limits.factor < 1
            ],
            "rises by a factor of": [
                limits for limits in own if limits.is_significant and limits.factor > 1
            ],
        }
        for verb, claimed in groups.items():
            if claimed:
                effects = [
                    f"{factor_text(limits)} on {place_text(limits.line, comparison)}"
                    for limits in claimed
                ]
                yield (
                    f"With each doubling of {key}, the largest learning rate that trains {verb} "
                    f"{and_text(effects, MOST_NAMED)}."
                )
        flat = [place_text(limits.line, comparison) for limits in own if not limits.is_significant]
        if flat:
            yield (
                f"The largest learning rate that trains shows no significant trend with {key} on "
                f"{and_text(flat, MOST_NAMED)}."
            )


def factor_text(limits: RateLimits) -> str:
    """The factor, above 1, with its interval and the rates at both ends."""
    ends = limits.factor, limits.low, limits.high
    size, *bounds = (max(end, 1 / end) for end in ends)
    low, high = sorted(bounds)
    line, kept = limits.line, limits.kept
    first, last = (f"{limits.highest[end]:g} at {setting_text(line.value_of(kept[end]))}"
                   for end in (0, -1))  # fmt: skip
    return (
        f"{size:.2g} (95% CI {low:.2g} to {high:.2g}, {count_text(limits.seeds, 'seed')}; "
        f"from {first} to {last})"
    )
