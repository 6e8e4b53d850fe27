"""Write the report on an experiment, without training: report experiment=NAME [compare=KEY]."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import fields
from typing import TYPE_CHECKING

from nnbench.app import terminal
from nnbench.app.phases import phase
from nnbench.composition import jobs
from nnbench.options.overrides import override, split_override
from nnbench.run.config import RunConfig
from nnbench.run.errors import ConfigError

if TYPE_CHECKING:
    from nnbench.report import Report


def run(words: list[str]) -> int:
    """Read the runs of the experiment and write its report; nothing is trained."""
    report, ui_command, trouble = write(words)
    terminal.show_report(report, ui_command, trouble)
    return 0


def write(
    words: Sequence[str], announced: Callable[[str], AbstractContextManager[None]] = phase
) -> tuple["Report", str, str]:
    """Write a report, and show it with the experiment's newest sweep.

    Returns the report, the command that serves the UI, and the reason why the store has no report,
    or nothing. `announced` says that a phase begins.
    """
    refuse_settings_of_runs(words)
    sweep = jobs.compose_job(words).sweep
    # What takes seconds to load comes after what may be wrong: MLflow, then charts and tables.
    from nnbench.track.store import open_store, probe, readable

    uri = sweep.tracking.option("uri")
    probe(uri, create=False)
    with announced(f"Reading experiment {sweep.experiment}"):
        store = open_store(uri)
        with readable(store):
            from nnbench.track.experiments import experiment_id

            experiment_id(store, sweep.experiment)
        from nnbench.app.report_words import with_store
        from nnbench.app.reporting import ask, publish_report, report_on

        asked_of = ask(store, sweep)

    with announced("Writing the report"):
        report = report_on(store, sweep, asked_of)
        trouble = publish_report(store, sweep, report)
    return report, with_store(["ui"], sweep), trouble


def write_quietly(experiment: str, overrides: Sequence[str]) -> "Report":
    """Write the report on an experiment, and print nothing but what had to be left out."""
    words = [override("experiment", experiment), *overrides]
    report, _, trouble = write(words, lambda text: nullcontext())
    if trouble:
        terminal.show_unpublished(trouble)
    return report


def refuse_settings_of_runs(words: Sequence[str]) -> None:
    """Raise ConfigError if a word would say how runs are trained, which a report can't change."""
    settings = {field.name for field in fields(RunConfig)} | {"search", "seeds"}
    for word in words:
        key, value = split_override(word)
        if "=" in word and key.partition(".")[0] in settings:
            advice = f"where='{narrowing(key, value)}' selects those runs"
            raise ConfigError(key, value, f"a report never trains; {advice}")


def narrowing(key: str, value: str) -> str:
    """Value of `where` that selects runs by a setting, if known."""
    if key in ("search", "seeds"):
        return "{seed: [0, 1, …]}"
    if set(value) & set("[({"):
        return f"{{{key}: […]}}"
    return f"{{{key}: [{value.replace(',', ', ')}]}}" if "," in value else f"{{{key}: {value}}}"
