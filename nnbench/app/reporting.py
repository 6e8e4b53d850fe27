"""The report on an experiment: read what is tracked, ask the question, write the pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from nnbench.app import terminal, unchanged_reports
from nnbench.app.replaced_report import line_on_replaced, refuse_other_experiment
from nnbench.app.report_words import asked, is_narrowed, recalled_title, with_store, words
from nnbench.app.unchanged_reports import UnchangedReport
from nnbench.options import catalogue
from nnbench.pages.write import PAGE
from nnbench.report import (
    Question,
    Report,
    as_asked,
    check_keys,
    check_where,
    comparable,
    compare_runs,
    compared_keys,
    outline,
    require_runs,
    write_report,
)
from nnbench.run.config import SweepConfig
from nnbench.run.errors import ConfigError
from nnbench.track.address import is_server, page_of_runs
from nnbench.track.experiments import experiment_id
from nnbench.track.failures import failures, in_a_line
from nnbench.track.publish_report import place, publish
from nnbench.track.read_runs import LEFT_OUT, Histories, read_runs
from nnbench.track.skipped import read_skipped
from nnbench.track.store import Store, readable
from nnbench.track.sweeps import TrackedSweep, read_sweeps


@dataclass(frozen=True)
class Asked:
    """A question with the runs that answer it."""

    runs: pd.DataFrame
    histories: Histories
    question: Question

    @cached_property
    def inputs(self) -> str:
        """Digest of all that decides the report, as `unchanged_reports.inputs_of` has it."""
        return unchanged_reports.inputs_of(self.runs, self.histories, self.question)


def report_on(store: Store, sweep: SweepConfig, asked_of: Asked | None = None) -> Report:
    """Write the report on the runs of an experiment, which may have been read already."""
    asked_of = asked_of or ask(store, sweep)
    runs, histories, question = asked_of.runs, asked_of.histories, asked_of.question
    terminal.show_left_out(runs.attrs[LEFT_OUT])
    directory = report_directory(sweep)
    refuse_other_experiment(directory, sweep.experiment)
    replaced = line_on_replaced(directory, question)
    # Before the curves are read, so that one that changes meanwhile is seen next time.
    inputs = asked_of.inputs
    try:
        report = write_report(runs, histories, question, directory)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigError("report", directory, f"writing failed: {reason}") from error
    unchanged_reports.remember(inputs, report)
    terminal.show_without_curves(histories.damaged, histories.absent())
    for line in (*filter(None, [replaced]), *report.missing):
        terminal.say(line)
    return report


def ask(store: Store, sweep: SweepConfig) -> Asked:
    """Read the runs of an experiment, and ask of them what a sweep asks."""
    sections = outline(sweep.sections)
    with readable(store):
        runs = read_runs(store, sweep.experiment)
        sweeps = {tracked.run_id: tracked for tracked in read_sweeps(store, sweep.experiment)}
        identity = experiment_id(store, sweep.experiment)
        skipped = read_skipped(store, sweep.experiment)
    require_runs(runs, sweep.experiment)
    check_where(runs, sweep.where or {})
    keys = compared(sweep) or usual_keys(runs, list(sweeps.values()))
    check_keys(runs, keys)
    usual_port = catalogue.written(catalogue.file_of("tracking", "mlflow"))["ui_port"]
    port = sweep.tracking.option("ui_port") or usual_port
    serve = ["ui", *([f"tracking.ui_port={port}"] if port != usual_port else [])]
    sources = [sweeps[sweep_id] for sweep_id in runs["sweep"].unique() if sweep_id in sweeps]
    sweep = replace(sweep, title=recalled_title(sweep, keys, list(sweeps.values())))
    question = Question(
        experiment=sweep.experiment,
        keys=keys,
        commands=tuple(dict.fromkeys(source.command for source in sources)),
        report_command=with_store(words(sweep, keys), sweep, relative=True),
        skipped=skipped,
        sections=sections,
        ui=page_of_runs(store.uri, identity),
        ui_command="" if is_server(store.uri) else with_store(serve, sweep, relative=True),
        versions={source.run_id: source.versions for source in sources},
        **asked(sweep),
    )
    if is_narrowed(sweep):
        # Without curves: what runs can't answer is refused before anything takes long.
        compare_runs(runs, question)
    return Asked(runs, Histories(store, runs), question)


def unchanged_report(sweep: SweepConfig, asked_of: Asked) -> UnchangedReport | None:
    """The report as it lies there, if writing it again would change nothing."""
    # What was left out is told each time.
    if asked_of.runs.attrs[LEFT_OUT]:
        return None
    return unchanged_reports.recall(asked_of.inputs, report_directory(sweep), PAGE)


def publish_report(
    store: Store, sweep: SweepConfig, report: Report, sweep_id: str | None = None
) -> str:
    """Show a report with the parent run of a sweep, the newest if none is named.

    Returns why that could not be done, in one line, or nothing.
    """
    try:
        identity = experiment_id(store, sweep.experiment)
        sweeps = read_sweeps(store, sweep.experiment)
        chosen = [tracked for tracked in sweeps if sweep_id in (None, tracked.run_id)]
        if not chosen:
            return "the store has no sweep of this experiment"
        link = f"[The whole report]({place(identity, chosen[-1].run_id)})"
        # Right below the answer, since MLflow's UI folds all but a few lines.
        headline, _, details = report.description.partition("\n\n")
        text = f"{headline}\n\n{link}\n\n{details}"
        publish(store, chosen[-1], report.page.parent, text, report.metrics)
    except failures() as error:
        # Until it is attached it is not done.
        unchanged_reports.forget(report.page.parent)
        return in_a_line(error)
    return ""


def compared(sweep: SweepConfig) -> tuple[str, ...]:
    """The compared keys, if they were named."""
    if sweep.compare is None:
        return ()
    return (sweep.compare,) if isinstance(sweep.compare, str) else tuple(sweep.compare)


def usual_keys(runs: pd.DataFrame, sweeps: Sequence[TrackedSweep]) -> tuple[str, ...]:
    """The keys that the newest sweep compares, of those that compare what runs have; else depth."""
    for sweep in reversed(sweeps) if len(runs) else ():
        # Older sweeps were tracked without the key that their runs differ in.
        own = runs[runs["sweep"] == sweep.run_id]
        keys = sweep.compare or compared_keys(as_asked(own))
        if keys and set(keys) <= set(comparable(runs)):
            return keys
    return ("depth",)


def report_directory(sweep: SweepConfig) -> Path:
    """Directory of a report, by its name or its experiment."""
    return Path("reports", sweep.name or sweep.experiment)
