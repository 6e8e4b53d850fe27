"""Write the report of an experiment's runs: report experiment=NAME [compare=KEY]."""

from dataclasses import fields

from nnbench import composition, screen
from nnbench.config import ConfigError, RunConfig
from nnbench.explain import split_override
from nnbench.reporting import publish_report, report_on, with_store
from nnbench.track.store import open_store


def run(words: list[str]) -> int:
    """Read the runs of the experiment and write its report; nothing is trained."""
    refuse_settings_of_runs(words)
    sweep = composition.compose_job(words).sweep
    store = open_store(sweep.tracking.option("uri"))
    report = report_on(store, sweep)
    trouble = publish_report(store, sweep, report)
    screen.show_report(report.page, with_store(["ui"], sweep), trouble)
    return 0


def refuse_settings_of_runs(words: list[str]) -> None:
    """Raise ConfigError if a word would say how runs are trained, which a report can't change."""
    settings = {field.name for field in fields(RunConfig)}
    for word in words:
        key, value = split_override(word)
        if key.partition(".")[0] in settings:
            values = f"[{value.replace(',', ', ')}]" if "," in value else value
            if set(value) & set("[({"):
                values = "[…]"
            said = f"a report never trains; where='{{{key}: {values}}}' is about those runs alone"
            raise ConfigError(key, value, said)
