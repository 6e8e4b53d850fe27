"""The headline over many data sets, or values of another key: a count, and the exceptions."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence

from nnbench.pages.formatting import count_text, setting_text
from nnbench.report.analysis.contrasts import Contrast, Outcome
from nnbench.report.analysis.findings import Findings
from nnbench.report.analysis.findings import place as place_of
from nnbench.report.analysis.lines import Line
from nnbench.report.analysis.slopes import Slope
from nnbench.report.analysis.trends import Trend
from nnbench.report.compare.comparison import in_words
from nnbench.report.question import noun_of, quantity_of
from nnbench.report.text.headline_exceptions import (
    Detail,
    exceptions_text,
    largest_of,
    largest_text,
    ranked,
)
from nnbench.report.text.headline_phrases import (
    MOST_NAMED,
    by_size,
    effect_parts,
    failed_text,
    large_but_unproven,
    no_value,
    none_better,
    unit_after,
)
from nnbench.report.text.numbers import and_text
from nnbench.report.text.outcome_sentences import sides
from nnbench.report.text.trends import place_text


def over_places(findings: Findings, detail: Detail) -> str:
    """A sentence on all places: trends if any is claimed, then who is better or worse where."""
    trends = trends_text(findings, detail)
    texts = [trends, anywhere_text(findings, detail)] if trends else [counts_text(findings, detail)]
    # What no trend has in it may be the largest difference of all.
    text = "; ".join(reversed(texts) if reference_is_left_out(findings) else texts)
    return f"{text}{unproven_text(findings)}{failed_text(findings.comparison.groups)}."


def unproven_text(findings: Findings) -> str:
    """The largest difference that so few seeds can't show, where none is claimed; else empty."""
    decisions = [contrast.decision for contrast in findings.contrasts]
    decisions += [trend.decision for trend in findings.trends]
    if any(decision.outcome.claims_difference for decision in decisions):
        return ""
    for contrast in by_size(findings.contrasts, Outcome.INCONCLUSIVE):
        if why := large_but_unproven(contrast):
            named = short_place(place_of(contrast, findings.comparison), findings)
            preposition = "on" if contrast.group.dataset in named else "with"
            value, _ = sides(contrast, findings.comparison)
            return f"; {preposition} {named} and {value}, {why}"
    return ""


def short_place(place: str, findings: Findings) -> str:
    """A place without the data set that all have in common."""
    datasets = {contrast.group.dataset for contrast in findings.contrasts}
    return place.removeprefix(f"{min(datasets)} with ") if len(datasets) == 1 else place


def trends_text(findings: Findings, detail: Detail) -> str:
    """The places where the metric falls and rises with each doubling; empty without any."""
    comparison = findings.comparison
    key = comparison.keys[-1]
    own = [trend for trend in findings.trends if trend.slope.line.key == key]
    claimed = [t for t in own if t.decision.outcome.claims_difference]
    if not own:
        return ""
    titles = dict.fromkeys(trend.slope.line.groups[0].measure.title for trend in own)
    title = next(iter(titles)) if len(titles) == 1 else "the test score"
    count = f"{len(findings.places)} {comparison.place_noun}s"
    preposition = "on" if len(comparison.keys) == 1 else "in"
    is_second = reference_is_left_out(findings)
    of = "" if is_second else f" of {count}"
    start = f" from {setting_text(first_doubled(own[0].slope))} up" if is_second else ""
    if not claimed:
        none = f"{title} shows no significant trend with {quantity_of(key)}{start}"
        return f"{none} {preposition} any{of}"
    falls = [trend for trend in claimed if trend.slope.mean < 0]
    rises = [trend for trend in claimed if trend.slope.mean > 0]
    texts: list[str] = []
    for verb, trends in (("falls", falls), ("rises", rises)):
        if trends:
            where = f"{preposition} {len(trends)}{'' if texts else of}"
            groups = grouped_text(trends, own, findings) if detail >= Detail.EACH else ""
            sizes = groups or slopes_text(trends, findings, detail)
            texts.append(f"{verb} {where} ({sizes})")
    return f"with each doubling of {quantity_of(key)}{start}, {title} {and_text(texts)}"


def reference_is_left_out(findings: Findings) -> bool:
    """True if the values compared last have zero as their reference, which no trend has in it."""
    key = findings.comparison.keys[-1]
    zeros = {
        value for trend in findings.trends if trend.slope.line.key == key
        for value in trend.slope.zeros
    }  # fmt: skip
    columns_of = findings.comparison.columns_of
    return any(columns_of(c.reference.value)[key] in zeros for c in findings.contrasts)


def first_doubled(slope: Slope) -> Hashable:
    """The smallest value of a key that has a double."""
    return next(value for value in slope.line.values if value not in slope.zeros)


def grouped_text(trends: Sequence[Trend], of: Sequence[Trend], findings: Findings) -> str:
    """The number of trends of all by data set or first key, and the largest; empty for few.

    Of both groupings the one with more groups of which all trends or none are among them.
    """
    keys = findings.comparison.keys
    datasets = {trend.slope.line.dataset for trend in of}
    if len(keys) == 1 or len(datasets) == 1 or len(trends) <= MOST_NAMED:
        return ""

    def by(name_of: Callable[[Line], str]) -> list[tuple[str, int, int]]:
        among, everywhere = (
            Counter(name_of(trend.slope.line) for trend in some) for some in (trends, of)
        )
        return [(name, among[name], everywhere[name]) for name in everywhere]

    groupings = {
        "with": by(lambda line: in_words(line.others)),
        "on": by(lambda line: line.dataset),
    }
    preposition, counts = min(
        groupings.items(), key=lambda item: sum(0 < count < most for _, count, most in item[1])
    )
    alike: dict[tuple[int, int], list[str]] = {}
    for name, count, most in sorted(counts, key=lambda item: -item[1] / item[2]):
        if count:
            alike.setdefault((count, most), []).append(name)
    groups = [f"{count} of {most} {preposition} {and_text(names, MOST_NAMED)}"
             for (count, most), names in alike.items()]  # fmt: skip
    largest = max(trends, key=lambda trend: abs(trend.slope.mean))
    slope, line = largest.slope, largest.slope.line
    size, _ = effect_parts(
        line.groups[0].measure, slope.mean, largest.bounds, largest.decision.level
    )
    return f"{', '.join(groups)}; most on {place_text(line, findings.comparison)}, by {size}"


def slopes_text(trends: Sequence[Trend], findings: Findings, detail: Detail) -> str:
    """Places with the sizes of their trends, the largest first."""
    ordered = sorted(trends, key=lambda trend: -abs(trend.slope.mean))
    slopes = []
    for trend in ordered[:MOST_NAMED]:
        line = trend.slope.line
        measure = line.groups[0].measure
        size, interval = effect_parts(measure, trend.slope.mean, trend.bounds, trend.decision.level)
        has_interval = interval and len(trends) == 1 and detail is Detail.INTERVALS
        evidence = f", {interval}" if has_interval else ""
        named = short_place(place_text(line, findings.comparison), findings)
        slopes.append((named, f"{size}{unit_after(measure)}{evidence}"))
    if len(ordered) > 1 and detail < Detail.EACH:
        return largest_text(*slopes[0], detail)
    more = len(ordered) - len(slopes)
    texts = [f"{named}: {size}" for named, size in slopes]
    return ", ".join(texts) + (f" and {more} more" if more else "")


def anywhere_text(findings: Findings, detail: Detail) -> str:
    """The number of places where any other value is better than the reference."""
    comparison = findings.comparison
    preposition = "on" if len(comparison.keys) == 1 else "in"
    reference = only_reference(findings)
    best = [
        (short_place(place, findings), better[0]) for place, contrasts in findings.places.items()
        if (better := by_size(contrasts, Outcome.BETTER))
    ]  # fmt: skip
    is_first = reference_is_left_out(findings)
    of = f" of {len(findings.places)} {comparison.place_noun}s" if is_first else ""
    if not best:
        return f"{none_better(findings.contrasts, comparison, reference)} {preposition} any{of}"
    names = ""
    if is_first:
        names = largest_of([("", best)], min(detail, Detail.LARGEST))
    elif len(best) <= min(detail, MOST_NAMED):
        names = f" ({', '.join(name for name, _ in best)})"
    other = f"another {noun_of(comparison.keys[-1])}"
    return f"{other} is better than {reference} {preposition} {len(best)}{of}{names}"


def only_reference(findings: Findings) -> str:
    """The reference in words, if all places have the same."""
    names = {sides(contrast, findings.comparison)[1] for contrast in findings.contrasts}
    return names.pop() if len(names) == 1 else "the reference"


def counts_text(findings: Findings, detail: Detail) -> str:
    """The number of places where a value is better, or worse, than the reference."""
    comparison = findings.comparison
    # With one reference for all combinations either key may differ, and data are a whole.
    is_one = isinstance(findings.question.reference, list) and len(comparison.keys) > 1
    by_value: dict[str, list[tuple[str, Contrast]]] = {}
    references, names = set(), set()
    for place, contrasts in findings.places.items():
        for contrast in contrasts:
            name = contrast.group.dataset if is_one else place
            pair = contrast.group.value, contrast.reference.value
            value, reference = (
                map(comparison.named, pair) if is_one else sides(contrast, comparison)
            )
            names.add(name)
            references.add(reference)
            by_value.setdefault(value, []).append((short_place(name, findings), contrast))
    reference = references.pop() if len(references) == 1 else "the reference"
    preposition = "on" if is_one or len(comparison.keys) == 1 else "in"
    count = count_text(len(names), "data set" if is_one else comparison.place_noun)
    better, worse = (ranked(by_value, outcome) for outcome in (Outcome.BETTER, Outcome.WORSE))
    if not better and not worse:
        if all(c.outcome is Outcome.EQUIVALENT for c in findings.contrasts):
            what = f"{noun_of(comparison.keys[-1])} is equivalent to {reference}"
            return f"every other {what} {preposition} each of {count}"
        none = f"{no_value(comparison)} is shown to differ from {reference}"
        return f"{none} {preposition} any of {count}"
    if not better:
        none = none_better(findings.contrasts, comparison, reference)
        exceptions = exceptions_text(worse, "worse", preposition, detail)
        return f"{none} {preposition} any of {count}; {exceptions}"
    than, of = f" than {reference}", f" of {count}"
    texts = [exceptions_text(better, "better", preposition, detail, than, of)]
    if worse:
        alone = len(by_value) == 1
        text = exceptions_text(worse, "worse", preposition, detail)
        texts.append(text.removeprefix(f"{worse[0][0]} is ") if alone else text)
        return (" and " if alone else "; ").join(texts)
    return texts[0]
