"""One-line errors for words that Hydra refuses."""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from traceback import walk_tb
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException, MissingConfigException, OverrideParseException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException
from yaml import Mark, MarkedYAMLError

from nnbench.composition.unparsed import is_open, unparsed
from nnbench.options.catalogue import file_of, names, usual, written
from nnbench.options.components import COMMON
from nnbench.options.keys import GROUPS, KEYS, unknown_key
from nnbench.options.overrides import split_override
from nnbench.options.quoting import quoted
from nnbench.run.errors import NO_VALUE, ConfigError, excerpt, nearest, suggestion

READERS = {"hydra", "omegaconf", "antlr4", "yaml"}
"""Packages that put settings together: what they raise is about the words that they were given."""

SEVERAL = "several values need -m, which sweeps over them"


@cache
def parsed(word: str) -> Override:
    """A word of the command line, as Hydra reads it."""
    (setting,) = OverridesParser.create().parse_overrides([quoted(word)])
    return setting


@contextmanager
def explained(words: Sequence[str]) -> Iterator[None]:
    """Turn whatever Hydra raises about the words of a command line into a ConfigError."""
    try:
        yield
    except ConfigError:
        raise
    except Exception as error:
        if not is_readers_own(error):
            raise
        raise what_is_wrong(error, words) from error


def resolved(settings: DictConfig) -> dict[str, Any]:
    """Settings as plain data. Raises ConfigError for an interpolation that leads nowhere."""
    plain: Any
    try:
        plain = OmegaConf.to_container(settings, resolve=True)
    except OmegaConfBaseException as error:
        plain = OmegaConf.to_container(settings)
        key = str(error.full_key)
        for key_part in re.findall(r"[^.\[\]]+", key):
            plain = plain[int(key_part) if isinstance(plain, list) else key_part]
        raise ConfigError(key, plain, str(error).partition("\n")[0]) from error
    return plain  # type: ignore[no-any-return]


def is_readers_own(error: Exception) -> bool:
    """True if Hydra, or a library that it reads with, raised an error."""
    if isinstance(error, HydraException | OmegaConfBaseException):
        return True
    modules = [
        frame.f_globals.get("__name__", "").partition(".")[0]
        for frame, _ in walk_tb(error.__traceback__)
    ]
    others = [module for module in modules if module not in sys.stdlib_module_names]
    return others[-1:] != [] and others[-1] in READERS


def what_is_wrong(error: Exception, words: Sequence[str]) -> ConfigError:
    """The meaning of an error of Hydra's about the `words` of a command line."""
    if isinstance(error, MissingConfigException):
        return missing(error, words)
    lines = str(error).strip().splitlines() or [type(error).__name__]
    if isinstance(error, MarkedYAMLError) and error.problem_mark:
        return unreadable(error.problem_mark, f"{error.problem}", words)
    word = blamed(error, words)
    if word is None:
        return ConfigError("command line", NO_VALUE, lines[0])
    typed, equals, value = word.partition("=")
    key = typed.lstrip("+~")
    chosen = dict(map(split_override, words)).get(key.partition(".")[0])
    why = reason(error, lines, key, value, chosen)
    return ConfigError(typed, value if equals else NO_VALUE, why)


def unreadable(mark: Mark, problem: str, words: Sequence[str]) -> ConfigError:
    """The word of a command line that names a file which is no YAML, with the line at fault."""
    file = Path(mark.name)
    line = f"line {mark.line + 1} of {file.name}"
    word = next((word for word in words if split_override(word)[1] == file.stem), file.name)
    return ConfigError(word, NO_VALUE, f"must be YAML; {problem} in {line}")


def blamed(error: Exception, words: Sequence[str]) -> str | None:
    """The word that an error is about, as it was typed; None if nothing tells which."""
    if isinstance(error, OverrideParseException):
        return error.override
    cause = error if isinstance(error, OmegaConfBaseException) else error.__cause__
    full_key = str(getattr(cause, "full_key", "") or "")
    by_key = {word.lstrip("+~").partition("=")[0]: word for word in words}
    for key, word in by_key.items():
        if full_key and f"{key}.".startswith(f"{full_key}."):
            return word
    message = str(error)
    for name in ("whole", "value", "key"):
        for key, word in by_key.items():
            value = word.partition("=")[2]
            quoted_value = value and "'" + value.replace("\\", "") + "'"
            shape = {"whole": word, "value": quoted_value, "key": key}[name]
            if shape and re.search(rf"(?<![\w./]){re.escape(shape)}(?![\w/])", message):
                return word
    # What is wrong with flags is about no word.
    return words[0] if len(words) == 1 and "--" not in message else full_key or None


def reason(error: Exception, lines: Sequence[str], key: str, value: str, chosen: str | None) -> str:
    """Reason why the value of a key is invalid, in one line of an error of several.

    `chosen` is the file that is named for the key's group.
    """
    first_line = lines[0]
    group, _, option = key.partition(".")
    if first_line.startswith("Ambiguous value") and key in ("compare", "reference"):
        return f"write two keys as a list: {key}=[{excerpt(value)}]"
    if first_line.startswith("Ambiguous value") or "requires --multirun" in first_line:
        return SEVERAL
    if isinstance(error, OverrideParseException) and (group in KEYS or is_open(value)):
        return unparsed(key, value)
    if re.search("already at|^Multiple values|more than once", first_line):
        return f"{key} exists; write {key}={excerpt(value)}"
    if group == "sections" and option:
        return f"needs a plus: +{key}={excerpt(value)}"
    if group in GROUPS and option:
        return unknown_option(key, value, chosen or next(iter(usual(group))))
    if key in GROUPS:
        return suggestion(value, names(key))
    if group in KEYS and option:
        return f"{group} has no options"
    if group in KEYS or re.match(r"hydra\b", key):
        return f"invalid: {' '.join(lines[:2])}"
    return unknown_key(key)


def unknown_option(key: str, value: str, chosen: str) -> str:
    """Reason why an option of the component `chosen` is refused: the nearest one, if any is."""
    group, _, option = key.partition(".")
    file = file_of(group, chosen)
    options = {*(written(file) if file.is_file() else ()), *COMMON.get(group, ())}
    options -= {"name", "defaults", "search"}
    complaint = f"{excerpt(chosen)} has no such option"
    if close := nearest(option, sorted(options)):
        return f"{complaint}; did you mean {group}.{close}?"
    return f"{complaint}, see conf/{group}; +{key}={excerpt(value)} passes it to your own class"


def missing(error: MissingConfigException, words: Sequence[str]) -> ConfigError:
    """The error of a file of settings that doesn't exist."""
    file = error.missing_cfg_file or ""
    # Of the defaults of a sweep file there is no word.
    default = [file.replace("/", "=", 1)] * (file.partition("/")[0] in GROUPS)
    for word in (*words, *default):
        typed, _, value = word.partition("=")
        group = typed.lstrip("+~").partition("@")[0]
        if file.startswith(f"{group}/"):
            name = file.removeprefix(f"{group}/")
            return ConfigError(typed, value, suggestion(name, error.options or names(group)))
    first_line = str(error).partition("\n")[0]
    if first_line.startswith("Primary config"):
        return ConfigError("--config-path", NO_VALUE, first_line)
    return ConfigError("--config-name", file, first_line)
