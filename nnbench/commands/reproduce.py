"""Train a report's runs again from its report.json and compare: reproduce [FOLDER]."""

import sys
from pathlib import Path

from nnbench.composition.jobs import compose_job
from nnbench.options.overrides import split_override
from nnbench.run.errors import NO_VALUE, ConfigError
from nnbench.safety.shell import command_line

TAKEN = ("tracking", "launcher", "experiment", "jobs", "limits", "plan", "checkpoint_every",
         "resume", "trust")  # fmt: skip
"""Keys of a sweep that affect neither its runs nor its question."""


def run(words: list[str]) -> int:
    """Train, compare, and print whether all is the same; without a folder, list the reports."""
    folders = [word for word in words if "=" not in word]
    settings = [word for word in words if "=" in word]
    for word in settings:
        key, value = split_override(word)
        if key.partition(".")[0] not in TAKEN:
            raise ConfigError(
                key, value, f"the report decides it; reproduce takes {', '.join(TAKEN)}"
            )
    if len(folders) > 1:
        raise ConfigError(f"reproduce {' '.join(folders)}", NO_VALUE, "must name one folder")
    trusted = compose_job(settings).sweep.trust
    # MLflow and the charts take seconds to load, which a mistyped key need not wait for.
    if not folders:
        from nnbench.app.reproduction import list_reports

        list_reports(Path("reports"))
        return 0
    from nnbench.app.stored_report import read_report

    stored = read_report(Path(folders[0]), trusted)
    from nnbench.app.reproduction import reproduce

    return reproduce(stored, settings, command_line(["python", "-m", "nnbench", *sys.argv[1:]]))
