"""Commands that a report suggests, made from those that trained the runs or wrote it."""

import shlex
from collections.abc import Callable, Mapping, Sequence

from nnbench.report.analysis.grid_edges import Edge
from nnbench.report.compare.group import Group
from nnbench.report.question import Question
from nnbench.safety.shell import command_line

MORE = 4
"""Times as many settings as were tried settle whether it was the tuning."""


def command_with(command: str, **settings: str) -> str:
    """The command that trains the runs, with other settings; nothing if it isn't known.

    Of several, a line each.
    """
    return by_line(command, lambda words: with_settings(words, settings))


def with_settings(words: Sequence[str], settings: Mapping[str, str]) -> list[str]:
    """The words of one command with other settings."""
    python, flag, module, *overrides = words
    # A quick look has less of everything, whatever is asked for.
    overrides = [word for word in overrides
            if word.partition("=")[0] not in settings and not is_quick(word)]  # fmt: skip
    # A list or a mapping is one value.
    sweeps = any("," in value and value[0] not in "[{" for value in settings.values())
    if sweeps and not {"-m", "--multirun"} & set(overrides):
        overrides.insert(0, "-m")
    return [
        python,
        flag,
        module,
        *overrides,
        *(f"{key}={value}" for key, value in settings.items()),
    ]


def command_without(command: str, *keys: str) -> str:
    """The command that trains the runs, with nnbench's own settings of some keys."""
    return by_line(
        command, lambda words: [word for word in words if word.partition("=")[0] not in keys]
    )


def by_line(command: str, change: Callable[[list[str]], list[str]]) -> str:
    """Several commands, a line each, after a change of their words; the same ones once."""
    lines = (command_line(change(shlex.split(line))) for line in command.splitlines())
    return "\n".join(dict.fromkeys(lines))


def is_quick(word: str) -> bool:
    """True if a word asks for a preview."""
    return word.lower() == "quick=true"


def number_word(value: float) -> str:
    """A number as a command has it, whole ones with all their digits."""
    return f"{value:.0f}" if float(value).is_integer() else f"{value:g}"


def typed_numbers(command: str, key: str) -> list[float]:
    """The numbers that commands give a key; none where it is given anything else."""
    words = (word.partition("=") for line in command.splitlines() for word in shlex.split(line))
    typed = [number for name, _, text in words if name == key for number in text.split(",")]
    try:
        return list(map(float, typed))
    except ValueError:
        return []


def wider_grid(question: Question, edges_at: Sequence[Edge]) -> str:
    """The command that tries values beyond edges of a key; empty if they are unknown."""
    if any(edge.is_drawn for edge in edges_at):
        return more_search(question, edges_at[0].group)
    grid = sorted({value for edge in edges_at for value in edge.further})
    if not grid:
        return ""
    key = edges_at[0].key
    grid = sorted({*grid, *typed_numbers(question.command, key)})
    return command_with(question.command, **{key: ",".join(map(number_word, grid))})


def more_search(question: Question, general: Group) -> str:
    """The command that gives all optimizers more settings to choose from.

    Nothing where rates are compared: a search draws its own.
    """
    if "lr" in question.keys:
        return ""
    plain = command_without(question.command, "lr")
    # Fewer settings than were searched may have been compared.
    settings = max([general.settings, *typed_numbers(plain, "search")])
    return command_with(plain, search=number_word(MORE * settings))
