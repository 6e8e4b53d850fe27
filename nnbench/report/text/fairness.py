"""Advantages of one compared value over another: more settings, more seeds, or other settings.

Each is an advantage of its own, and is said with the command that takes it away, if there is one.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from operator import attrgetter

from nnbench.options.overrides import as_word
from nnbench.pages.formatting import count_text, setting_text
from nnbench.report.compare.compare_runs import distinct
from nnbench.report.compare.comparison import Comparison
from nnbench.report.compare.group import Group
from nnbench.report.compare.reference import SMALLEST_FIRST, each_of, is_asked, is_usual
from nnbench.report.compare.runs_table import records
from nnbench.report.question import Question
from nnbench.report.statistics import FEWEST_PAIRS
from nnbench.report.text.commands import command_with
from nnbench.report.text.comparison import names_of
from nnbench.report.text.keys import words_of
from nnbench.report.text.numbers import and_text

TUNED = ("lr", "weight_decay")
"""Keys that every optimizer has a range of its own for."""

OWN_SEEDS = " Each mean is over its own seeds; differences are over common seeds."

MOST_VALUES = 6
"""Most values of a choice that a sentence lists."""


def balance(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """Every advantage, with the command that takes it away."""
    for look in (*TELLING, drawn_settings):
        yield from look(comparison, question)


def unlike(comparison: Comparison, question: Question) -> Iterator[str]:
    """Advantages that a verdict must not be read without."""
    for look in TELLING:
        for text, _ in look(comparison, question):
            yield text


def unlike_settings(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """Keys of which only some values were tried with all that is compared."""
    for key in comparison.nuisances:
        # Every optimizer has a range of its own, and every component options of its own.
        if "." in key or (key in TUNED and "optimizer" in comparison.keys):
            continue
        choices = [
            {group: distinct(group.tried[key]) for group in block} for block in comparison.blocks
        ]
        unlike = [choice for choice in choices if len({*choice.values()}) > 1]
        if not unlike:
            continue
        tried = {group: values for choice in unlike for group, values in choice.items()}
        listed = "; ".join(
            f"{and_text([setting_text(value) for value in values], MOST_VALUES)} with "
            f"{names_of(comparison, [group for group in tried if tried[group] == values])}"
            for values in dict.fromkeys(tried.values())
        )
        were_run = all(
            len({distinct(comparison.tried(group, key)) for group in choice}) == 1
            for choice in unlike
        )
        if were_run:
            why = " All were run, but some were left out, for equal budgets or missing seeds."
            command = ""
        elif any(map(in_all, unlike)):
            why, command = "", on_what_all_have(question, key, choices, unlike)
        else:
            why = " No value is common to all."
            command = for_each(question, key, choices)
        (name,) = words_of([key])
        yield (
            f"Not every {comparison.one_of_them} had the same choice of {name} ({listed}), so one "
            f"may be better because of its {name}.{why}",
            command,
        )


Choice = Mapping[Group, tuple[Hashable, ...]]
"""Groups that are compared with each other → the values of a key that each chose from."""


def in_all(choice: Choice) -> list[Hashable]:
    """The values that all of them had."""
    first, *others = choice.values()
    return [value for value in first if all(value in other for other in others)]


def for_each(question: Question, key: str, choices: Sequence[Choice]) -> str:
    """The command of a report for each value of a key; nothing if there would be no comparison."""
    counts = Counter(value for choice in choices for of in choice.values() for value in of)
    if len(question.keys) > 1 or max(counts.values()) < 2:
        return ""
    return command_with(question.report_command, compare=f"[{key},{question.keys[0]}]")


def on_what_all_have(
    question: Question, key: str, choices: Sequence[Choice], unlike: Sequence[Choice]
) -> str:
    """The command of a report on the values of a key that all have; nothing if data are left out.

    Where only the unlike ones narrow it down, what the others have stays.
    """
    for those in (unlike, choices):
        shared = list(dict.fromkeys(value for choice in those for value in in_all(choice)))
        choices_of_shared = [
            {tuple(value for value in of if value in shared) for of in choice.values()}
            for choice in choices
        ]
        if all(len(of_data) == 1 and of_data != {()} for of_data in choices_of_shared):
            where = {**question.where, key: shared[0] if len(shared) == 1 else shared}
            return command_with(question.report_command, where=as_word(where))
    return ""


def drawn_settings(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """Values with more settings, of which some were left out."""
    cut = [group for group in comparison.groups if group.settings < group.offered]
    if cut:
        yield (
            "Larger grids were subsampled to the same number of settings on each data set, shared "
            f"settings first: {names_of(comparison, cut)}.",
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
                f"{names_of(comparison, fewer)}.",
                whole_again(comparison, question),
            )


def whole_again(comparison: Comparison, question: Question) -> str:
    """The command that leaves nothing out.

    Of one sweep what trains it: it was cut short. Of several, which had other seeds each, that of
    a report on those that all have, or else of all sweeps with all seeds.
    """
    if len(question.commands) == 1:
        return question.command
    all_seeds = str(1 + int(comparison.runs["seed"].max()))
    return with_common_seeds(comparison, question) or command_with(
        question.command, seeds=all_seeds
    )


def with_common_seeds(comparison: Comparison, question: Question) -> str:
    """The command of a report on the seeds that all settings have; nothing if those are few."""
    seeds = sorted(set.intersection(*(set(group.common) for group in comparison.groups)))
    if len(seeds) < FEWEST_PAIRS:
        return ""
    return command_with(question.report_command, where=as_word({**question.where, "seed": seeds}))


def unequal_counts(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """Values with fewer settings to choose from, or fewer seeds, than those beside them."""
    for groups in comparison.blocks:
        for noun, count, remark in (
            ("settings to choose from", attrgetter("settings"), ""),
            ("seeds", lambda group: len(group.runs), OWN_SEEDS),
        ):
            most = max(map(count, groups))
            fewer = [group for group in groups if count(group) < most]
            if fewer:
                yield (
                    f"Not all had the same number of {noun}: up to {most}, but fewer for "
                    f"{names_of(comparison, fewer)}.{remark}",
                    "",
                )
        seeds = [set(group.runs["seed"]) for group in groups]
        if len({*map(len, seeds)}) == 1 and any(own != seeds[0] for own in seeds):
            yield f"Not all had the same seeds on {groups[0].dataset}.{OWN_SEEDS}", ""


def other_references(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """Caveats on a reference, requested or usual, that was not run: another stands for it."""
    references = list(dict.fromkeys(reference for reference, _ in comparison.pairs()))
    if question.reference is None:
        own = {each_of(group.value)[-1] for group in references}
        missing = [
            block
            for block in comparison.blocks
            if len(block) > 1
            and not own <= {each_of(group.value)[-1] for group in block}
            and not has_its_own(comparison, block[0])
        ]
        if missing:
            yield (
                "The reference is not the same everywhere, since not all values were run "
                f"everywhere: it is {names_of(comparison, references)}.",
                "",
            )
        return
    others = [group for group in references if not is_asked(group.value, question.reference)]
    if others:
        yield (
            f"The reference {as_word(question.reference)} was not run everywhere; instead the "
            f"others are compared with {names_of(comparison, others)}.",
            "",
        )


def has_its_own(comparison: Comparison, reference: Group) -> bool:
    """True if a reference is nnbench's default there, such as the optimizer's own rate."""
    key, value = comparison.keys[-1], each_of(reference.value)[-1]
    row = records(reference.runs.iloc[:1])[0]
    return key not in SMALLEST_FIRST and is_usual([key], value, row)


TELLING = (unlike_settings, incomplete_settings, unequal_counts, other_references)
"""Advantages that may decide which value is the better one."""
