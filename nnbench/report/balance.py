"""What one compared value had more of than another: settings, seeds, or other settings.

Each is an advantage of its own, and is said with the command that takes it away.
"""

from collections.abc import Hashable, Iterator
from operator import attrgetter

from nnbench.explain import as_word
from nnbench.pages.wording import count_text, setting_text
from nnbench.report.compare import distinct
from nnbench.report.comparison import Comparison
from nnbench.report.order import each_of, is_asked
from nnbench.report.question import Question
from nnbench.report.statistics import FEWEST_PAIRS
from nnbench.report.wording import and_text, command_with

TUNED = ("lr", "weight_decay")
"""Keys that every optimizer has a range of its own for."""

MOST_VALUES = 6
"""Of a choice that a sentence lists."""


def balance(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """All that is out of balance."""
    for look in (*TELLING, drawn_settings):
        yield from look(comparison, question)


def unlike(comparison: Comparison, question: Question) -> Iterator[str]:
    """What of it a verdict must not be read without."""
    for look in TELLING:
        for text, _ in look(comparison, question):
            yield text


def unlike_settings(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """Keys of which only some values were tried with all that is compared."""
    for key in comparison.nuisances:
        # Every optimizer has a range of its own, and every component options of its own.
        if "." in key or (key in TUNED and "optimizer" in comparison.keys):
            continue
        tried = {group: distinct(group.tried[key]) for group in comparison.groups}
        unlike = [block for block in comparison.blocks if len({tried[one] for one in block}) > 1]
        if not unlike:
            continue
        groups = [group for block in unlike for group in block]
        shared = [one for one in tried[groups[0]] if all(one in tried[g] for g in groups)]
        listed = "; ".join(
            f"{and_text([setting_text(value) for value in values], MOST_VALUES)} with "
            f"{comparison.names_of([group for group in groups if tried[group] == values])}"
            for values in dict.fromkeys(tried[group] for group in groups)
        )
        yield (
            f"Not every {comparison.one_of_them} had the same choice of {key} ({listed}), so that "
            f"one may be better for its {key}."
            + ("" if shared else " There is none that all of them had."),
            like_with_like(question, key, shared),
        )


def like_with_like(question: Question, key: str, shared: list[Hashable]) -> str:
    """The command of a report on the values of a key that all have, or else for each of them."""
    if not shared:
        if len(question.keys) > 1:
            return ""
        return command_with(question.report_command, compare=f"[{key},{question.keys[0]}]")
    values = shared[0] if len(shared) == 1 else shared
    return command_with(question.report_command, where=as_word({**question.where, key: values}))


def drawn_settings(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """Who had more settings, of which some were left out."""
    cut = [group for group in comparison.groups if group.settings < group.offered]
    if cut:
        yield (
            "All were given equally many settings to choose from on a data set; of "
            f"{comparison.names_of(cut)} there were more, of which as many were drawn, first those "
            "that all have.",
            "",
        )


def incomplete_settings(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """Settings that were left out for the seeds they lack, and seeds for the settings."""
    for what, noun, counts in (
        ("Settings that lack seeds of others", "setting", attrgetter("incomplete")),
        ("Seeds that not all settings have", "seed", attrgetter("unshared")),
    ):
        fewer = [group for group in comparison.groups if counts(group)]
        if fewer:
            most = max(map(counts, fewer))
            yield (
                f"{what} were left out: {'up to ' if most > 1 else ''}{count_text(most, noun)} of "
                f"{comparison.names_of(fewer)}.",
                question.command or with_common_seeds(comparison, question),
            )


def with_common_seeds(comparison: Comparison, question: Question) -> str:
    """The command of a report on the seeds that all settings have; nothing if those are few."""
    seeds = sorted(set.intersection(*(set(group.common) for group in comparison.groups)))
    if len(seeds) < FEWEST_PAIRS:
        return ""
    return command_with(question.report_command, where=as_word({**question.where, "seed": seeds}))


def unequal_counts(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """Who had fewer settings to choose from, or fewer seeds, than what it is compared with."""
    for noun, counts in (
        ("settings to choose from", {group: group.settings for group in comparison.groups}),
        ("seeds", {group: group.runs["seed"].nunique() for group in comparison.groups}),
    ):
        for groups in comparison.blocks:
            most = max(counts[group] for group in groups)
            fewer = [group for group in groups if counts[group] < most]
            if fewer:
                own = (
                    " Means are over the own seeds of each, differences over common ones."
                    if noun == "seeds" else ""
                )  # fmt: skip
                yield (
                    f"Not all had the same number of {noun}: up to {most}, but fewer for "
                    f"{comparison.names_of(fewer)}.{own}",
                    "",
                )


def other_references(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """Where the reference that was asked for, or is usual, was not run: another stands for it."""
    references = list(dict.fromkeys(reference for reference, _ in comparison.pairs()))
    if question.reference is None:
        own = {each_of(group.value)[-1] for group in references}
        missing = [
            block
            for block in comparison.blocks
            if len(block) > 1 and not own <= {each_of(group.value)[-1] for group in block}
        ]
        if missing:
            yield (
                "Not everywhere is the reference the same, since not all values were run "
                f"everywhere: it is {comparison.names_of(references)}.",
                "",
            )
        return
    others = [group for group in references if not is_asked(group.value, question.reference)]
    if others:
        yield (
            f"The reference {as_word(question.reference)} was not run everywhere; instead the "
            f"others are compared with {comparison.names_of(others)}.",
            "",
        )


TELLING = (unlike_settings, incomplete_settings, unequal_counts, other_references)
"""What may decide which value is the better one."""
