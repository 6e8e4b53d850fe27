"""Composing the jobs of a sweep: those that differ only in plain values share what is composed."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from hydra import compose
from hydra.core.override_parser.types import OverrideType
from omegaconf import DictConfig, OmegaConf

from nnbench.composition.hydra_errors import explained, parsed
from nnbench.composition.jobs import Known, composing, job_of, plain
from nnbench.composition.word_checks import check_words
from nnbench.options.keys import GROUPS, KEYS
from nnbench.run.config import Job

Compose = Callable[[list[str]], DictConfig]


def compose_jobs(described: Sequence[Sequence[str]]) -> list[Job]:
    """The jobs that many command lines describe. Raises ConfigError for the first invalid one."""
    cache: Known = {}
    with composing(()):
        composed = sharing(lambda words: compose("config", list(words)))
        jobs: list[Job] = []
        for words in described:
            check_words(words)
            with explained(words):
                jobs.append(job_of(composed(words), cache, words, len(jobs)))
        return jobs


def sharing(compose: Compose) -> Callable[[Sequence[str]], dict[str, Any]]:
    """Function that composes the settings of one job after the other, as plain data.

    Hydra takes a tenth of a second for each, nearly all of it for putting files together, which
    depends on the chosen options of groups but not on numbers.
    """
    shared: dict[tuple[str, ...], dict[str, Any]] = {}

    def composed(words: Sequence[str]) -> dict[str, Any]:
        own = {parsed(word).key_or_group: word for word in words if is_plain(word)}
        # The same keys must be set, so that every key of the shared settings is there.
        shape = (*(word for word in words if not is_plain(word)), *own)
        if shape not in shared:
            settings = compose(list(words))
            data = plain(settings)
            if OmegaConf.to_container(OmegaConf.masked_copy(settings, list(KEYS))) == data:
                # Without interpolations, which would be others with other numbers.
                shared[shape] = data
            return data
        return with_values(shared[shape], {key: parsed(word).value() for key, word in own.items()})

    return composed


def with_values(settings: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Settings with other values of some keys, which they have."""
    changed = dict(settings)
    for key, value in values.items():
        *groups, last = key.split(".")
        inner = changed
        for group in groups:
            inner[group] = dict(inner[group])
            inner = inner[group]
        inner[last] = value
    return changed


@cache
def is_plain(word: str) -> bool:
    """True if a word sets a value, and chooses no file."""
    override = parsed(word)
    first, *_ = override.key_or_group.split(".")
    is_file = override.key_or_group in GROUPS or first not in KEYS
    if override.type is not OverrideType.CHANGE or is_file or override.package is not None:
        return False
    value = override.value()
    # Mappings are merged, and some texts stand for something else.
    return not isinstance(value, list | dict) and "${" not in str(value) and value != "???"
