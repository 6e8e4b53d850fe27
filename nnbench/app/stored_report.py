"""A report.json as data: read, checked, and turned into the words that train its runs again.

Anybody may have written it. Its values become words of a command line, which are checked like typed
ones; no other key is taken from it, and no place to write to.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnbench.app.report_differences import differences
from nnbench.app.report_words import ASKED
from nnbench.options import catalogue
from nnbench.options.keys import ALLOWED, GROUPS, OF_RUNS, allowed
from nnbench.options.overrides import as_word, override
from nnbench.pages.stored import read_stored
from nnbench.pages.write import DATA
from nnbench.run.errors import ConfigError, excerpt

COMMAND = "reproduce"
KEY = re.compile(r"([a-z][a-z0-9_]*)(?:\.([a-z][a-z0-9_]*))?", re.IGNORECASE)
"""A key of a run, or the option of its component."""
AGAIN = ("compare", *(key for key in ASKED if key not in ("name", "formats")))
"""Keys of the question that are asked again; not where the report lies, nor as what files."""
DAMAGED = (KeyError, TypeError, ValueError, AttributeError, OverflowError,
           RecursionError)  # fmt: skip
"""Errors of reading values that `write_report` did not write."""


@dataclass(frozen=True)
class Settings:
    """Words of one configuration, its seeds, and the digest of its data; empty if unknown."""

    words: Sequence[str]
    seeds: Sequence[int]
    digest: str


@dataclass(frozen=True)
class StoredReport:
    """A report.json whose recipe and question have the form that they must have."""

    directory: Path
    data: Mapping[str, Any]
    settings: Sequence[Settings]
    question: Sequence[str]
    """Words of the question."""
    engine: int
    seconds: float

    @property
    def runs(self) -> int:
        """Number of runs."""
        return sum(len(settings.seeds) for settings in self.settings)

    @property
    def title(self) -> str:
        """The question in words."""
        return str(self.data["question"]["title"])


def read_report(directory: Path, trusted: Sequence[str] = ()) -> StoredReport:
    """The report in a directory; `trusted` are classes that the user names.

    Raises ConfigError, in one line, if there is none or it isn't valid.
    """
    data = read_data(directory)
    try:
        recipe = data["recipe"]
        settings = list(settings_of(recipe, trusted))
        # A report that can be compared with none is refused before its runs are trained.
        differences(data, data)
        if not settings:
            raise ValueError("it has no runs")
        return StoredReport(
            directory, data, settings, list(question_words(data["question"])),
            int(recipe["engine"]), float(recipe["seconds"]),
        )  # fmt: skip
    except ConfigError:
        raise
    except DAMAGED as error:
        what = f"has no {error}" if isinstance(error, KeyError) else f"is damaged: {error}"
        raise ConfigError(COMMAND, directory, f"its {DATA} {what}") from error


def read_data(directory: Path) -> Mapping[str, Any]:
    """Content of the report.json in a directory, which has a recipe."""
    data = read_stored(directory, COMMAND)
    if not isinstance(data.get("recipe"), dict):
        allowed = (
            f"its {DATA} has no recipe, since an earlier version wrote it; "
            "`report experiment=NAME` writes it again from the store"
        )
        raise ConfigError(COMMAND, directory, allowed)
    return data


def settings_of(recipe: Mapping[str, Any], trusted: Sequence[str]) -> Iterator[Settings]:
    """The configurations of a recipe, each as words."""
    for row in recipe["settings"]:
        values = {**recipe["shared"], **row["values"]}
        seeds = recipe["seeds"] or row["seeds"]
        if not isinstance(seeds, list) or len(set(map(str, seeds))) != len(seeds) or not seeds:
            raise ValueError(f"seeds are {excerpt(seeds)}")
        yield Settings(
            list(words_of(values, trusted)),
            sorted(allowed("seed", seed) for seed in seeds),
            str(row["digest"]),
        )


def words_of(values: Mapping[str, Any], trusted: Sequence[str]) -> Iterator[str]:
    """Words of one configuration; components first, then values."""
    for group in [group for group in GROUPS if group in OF_RUNS]:
        yield component_word(group, values[group], trusted)
    for key, value in values.items():
        match = KEY.fullmatch(key)
        if match is None or match[1] not in OF_RUNS or key == "seed":
            raise ValueError(f"{excerpt(key)} is no key of a run")
        group, option = match.groups()
        if key in GROUPS or (value is None and is_absent(group, option, values)):
            continue
        if option is None and key not in ALLOWED:
            raise ValueError(f"{excerpt(key)} is no key of a run")
        yield f"{key}={checked_word(key, as_list(value) if option else value)}"


def component_word(group: str, name: object, trusted: Sequence[str]) -> str:
    """The word that chooses a component. Raises ConfigError for a class that isn't trusted."""
    if isinstance(name, str) and name in {*catalogue.names(group), "auto"}:
        return f"{group}={name}"
    if isinstance(name, str) and name in trusted:
        return f"{group}._target_={name}"
    allowed = "is none of nnbench's own; trust=[…] with its name allows a class of yours"
    raise ConfigError(group, name, allowed)


def is_absent(group: str, option: str | None, values: Mapping[str, Any]) -> bool:
    """True if null means that there is no such option, or a width that follows from a size."""
    if option is None:
        return group == "width"
    file = catalogue.file_of(group, str(values[group]))
    options = catalogue.option(group, str(values[group])).options if file.is_file() else {}
    return (options or {}).get(option) is None


def question_words(question: Mapping[str, Any]) -> Iterator[str]:
    """Words of the question of a report."""
    for key in AGAIN:
        value = question[key]
        if value not in (None, {}):
            yield f"{key}={checked_word(key, value)}"


def checked_word(key: str, value: object) -> str:
    """A value as it is typed. Raises ConfigError for one that stands for something else."""
    if "${" in str(value) or "???" in str(value):
        # Hydra would replace it by variables of the environment.
        raise ConfigError(key, value, f"must be a plain value in a {DATA}")
    if isinstance(value, str):
        return override("", value).removeprefix("=")
    return as_word(value)


def as_list(value: object) -> object:
    """The list that a text was made of, if any: options are kept as text."""
    if isinstance(value, str) and value.startswith("["):
        try:
            return json.loads(value.replace("'", '"'))
        except ValueError:
            return value
    return value


def stored_reports(folder: Path) -> Iterator[tuple[Path, StoredReport | None]]:
    """Directories below a folder that have a report.json, each with it, if it is valid."""
    for file in sorted(folder.glob(f"*/{DATA}")):
        try:
            yield file.parent, read_report(file.parent)
        except ConfigError:
            yield file.parent, None
