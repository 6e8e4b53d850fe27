"""List the data sets, or describe and draw one: data [NAME [key=value …]]."""

import re

from nnbench.app.phases import going_on
from nnbench.assembly import build
from nnbench.composition import jobs
from nnbench.composition.word_checks import check_words
from nnbench.options import catalogue
from nnbench.run.errors import ConfigError, suggestion
from nnbench.system.limits import allowing


def run(words: list[str]) -> int:
    """Print a table of all data sets, or the card of the one that is named."""
    names = catalogue.names("dataset")
    if words and words[0] not in names:
        raise ConfigError("data", words[0], suggestion(words[0], names))
    settings = [of_data(word) for word in words[1:]]
    check_words(settings)
    job = jobs.compose_job([*(f"dataset={name}" for name in words[:1]), *settings])
    # Charts take seconds to load, which a mistyped key need not wait for.
    with going_on("Reading data"):
        from nnbench.app import dataset_card

        if words:
            with allowing(job.sweep.limits["memory"]):
                data = build.dataset(job.settings[0].dataset)
    if not words:
        dataset_card.show_all()
        return 0
    dataset_card.show(data, job.settings[0].dataset)
    return 0


def of_data(word: str) -> str:
    """A word that sets an option of the data set, whose group need not be named."""
    _, marks, setting = re.split(r"^([+~]*)", word)
    key, equals, _ = setting.partition("=")
    is_option = key and "." not in key and (equals or marks)
    return f"{marks}dataset.{setting}" if is_option else word
