"""Sentences on runs that are left out: of an earlier engine, or without curves."""

from collections.abc import Iterator

from nnbench.engine import VERSION
from nnbench.pages.formatting import count_text
from nnbench.report.compare.engines import Engines
from nnbench.report.compare.read_curves import ValidationCurves
from nnbench.report.question import Question
from nnbench.report.text.numbers import and_text


def engine_notes(engines: Engines) -> Iterator[str]:
    """Sentences on what was left out for its engine, or is all of an earlier one."""
    if engines.wrong:
        yield (
            f"{count_text(engines.wrong, 'run')} of an earlier engine {verb(engines.wrong)} left "
            f"out, since that engine computed {plural(engines.wrong)} wrongly."
        )
    if engines.older:
        total = sum(engines.older.values())
        names = and_text([name_of(engine) for engine in engines.older])
        yield (
            f"{count_text(total, 'run')} of {names} {verb(total)} left out, since "
            f"{name_of(engines.trained_by)} gives other values."
        )
    if engines.trained_by < VERSION:
        yield (
            f"All runs were trained by {name_of(engines.trained_by)}; engine {VERSION}, which is "
            "installed, gives values that differ slightly."
        )


def engine_caveats(engines: Engines, question: Question) -> Iterator[tuple[str, str]]:
    """The same, with the command that trains those runs with the engine that is installed."""
    for sentence in engine_notes(engines):
        yield sentence, question.command


def curve_notes(curves: ValidationCurves) -> Iterator[str]:
    """A sentence on the runs by whose curves no setting can be chosen."""
    missing = int(curves.missing.sum())
    if missing:
        yield (
            f"{count_text(missing, 'run')} {verb(missing)} left out, since settings are chosen by "
            f"validation curves, and {'its' if missing == 1 else 'their'} curves are missing "
            "where the store keeps its artifacts."
        )


def name_of(engine: int) -> str:
    """An engine in words."""
    return f"engine {engine}" if engine else "an engine whose version was not kept"


def verb(count: int) -> str:
    """The verb that goes with a number of runs."""
    return "was" if count == 1 else "were"


def plural(count: int) -> str:
    """The pronoun of a number of runs."""
    return "it" if count == 1 else "them"
