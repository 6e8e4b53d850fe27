"""The composed configuration of every job of a sweep, among the artifacts of its parent run."""

from collections.abc import Mapping, Sequence
from textwrap import indent
from typing import Any

import yaml

from nnbench.run.config import Job
from nnbench.safety.redaction import redacted
from nnbench.track.failures import failures_suppressed
from nnbench.track.files import files_of
from nnbench.track.run_files import DUMPER
from nnbench.track.store import Store

FOLDER = "jobs"
"""Folder of the parent run's artifacts, with a file for each launch, named by its first job."""

HEAD = "# A job's composed configuration is `shared`, with the keys of its `config` added.\n"

WITHOUT_ALIASES = type("Dumper", (DUMPER,), {"ignore_aliases": lambda *_: True})
"""Writes a value that stands in several places in each of them."""


def log_jobs(store: Store, sweep_id: str, jobs: Sequence[Job]) -> None:
    """Put the composed configurations of the jobs of one launch with the parent run.

    A store that fails is left alone; the runs say so.
    """
    with failures_suppressed():
        files = files_of(store, store.client.get_run(sweep_id).info.artifact_uri)
        with files.written() as directory:
            folder = directory / FOLDER
            folder.mkdir(exist_ok=True)
            file = folder / f"{jobs[0].number}.yaml"
            file.write_text(as_text(jobs), encoding="utf-8")


def as_text(jobs: Sequence[Job]) -> str:
    """The words and configurations of jobs in YAML, without passwords.

    Thousands of jobs differ in a few keys, so what all have in common stands there once.
    """
    first, *others = jobs
    shared = {
        key: value
        for key, value in first.composed.items()
        if all(job.composed[key] == value for job in others)
    }
    texts: dict[str, str] = {}

    def listed(name: str, entries: Sequence[Any], empty: str) -> list[str]:
        for entry in entries:
            # The same few words and values stand with many jobs.
            if repr(entry) not in texts:
                texts[repr(entry)] = indent(as_yaml(entry), "    ")
        inner = [texts[repr(entry)] for entry in entries]
        return [f"  {name}:\n", *inner] if inner else [f"  {name}: {empty}\n"]

    lines = [HEAD, as_yaml({"shared": shared}), "jobs:\n"]
    for job in jobs:
        own = [{key: value} for key, value in job.composed.items() if key not in shared]
        lines.append(f"- number: {job.number}\n")
        lines += listed("overrides", [[word] for word in job.words], "[]")
        lines += listed("config", own, "{}")
    return "".join(lines)


def as_yaml(value: Any) -> str:
    """A value in YAML, without passwords."""
    plain = without_passwords(value)
    return yaml.dump(plain, Dumper=WITHOUT_ALIASES, sort_keys=False, allow_unicode=True)


def without_passwords(value: Any) -> Any:
    """A value with all the texts in it redacted."""
    if isinstance(value, Mapping):
        return {key: without_passwords(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [without_passwords(inner) for inner in value]
    return redacted(value) if isinstance(value, str) else value
