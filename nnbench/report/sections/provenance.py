"""Sources of the scores: software, data, and every run, with a link to it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from urllib.parse import quote

import pandas as pd

from nnbench.pages.formatting import count_text
from nnbench.pages.section import Section, Table
from nnbench.pages.table_cells import Link, count_cell, metric_cell, setting_cell
from nnbench.report.analysis.findings import Findings
from nnbench.report.sections.cost import cost_cell
from nnbench.report.text.machines import machine_sentences

ROWS = 50
"""Runs that a page shows; the file has all."""
ID = 8
"""Characters of a run's id that are shown; the link and the file have all."""
NAMES = {"nnbench": "nnbench", "engine": "its engine", "python": "Python", "numpy": "NumPy",
         "scipy": "SciPy"}  # fmt: skip


def make(findings: Findings) -> Section:
    """Versions, a table of the data, and one of the runs."""
    tables = [table for table in (data_table(findings), runs_table(findings)) if table is not None]
    runs, serve = findings.comparison.runs, findings.question.ui_command
    text = [*software(findings), *machine_sentences(runs), *several_contents(findings)]
    if serve:
        text.append(
            "MLflow's UI shows every run by its id. This command serves it, where the store is:"
        )
    commands = [serve] if serve else []
    return Section(
        "provenance", "Provenance", text, commands=commands, tables=tables, page="provenance"
    )


def software(findings: Findings) -> Iterator[str]:
    """The versions that the runs were trained with, and the number of runs without any."""
    versions_of = findings.question.versions
    counts = Counter(
        version_text(versions_of.get(sweep, {})) for sweep in findings.comparison.runs["sweep"]
    )
    unknown = counts.pop("", 0)
    for versions, runs in counts.most_common():
        yield f"{count_text(runs, 'run')} trained with {versions}."
    if unknown:
        yield f"Versions of {count_text(unknown, 'run')} were not stored."


def version_text(versions: Mapping[str, str]) -> str:
    """The versions in words; empty for none."""
    return ", ".join(f"{NAMES.get(name, name)} {version}" for name, version in versions.items())


def several_contents(findings: Findings) -> Iterator[str]:
    """Data that changed while the runs were made."""
    for name, digests in digests_of(findings.comparison.runs).items():
        if len(digests) > 1:
            yield (
                f"Take care: the content of {name} changed between runs: it has {len(digests)} "
                "different fingerprints."
            )


def digests_of(runs: pd.DataFrame) -> dict[str, Counter[str]]:
    """Data set → fingerprint of its content → number of runs; failed runs may have none."""
    digests: dict[str, Counter[str]] = {}
    if "digest" in runs:
        for name, digest in zip(runs["dataset"], runs["digest"], strict=True):
            if digest:
                digests.setdefault(name, Counter())[str(digest)] += 1
    return digests


def data_table(findings: Findings) -> Table | None:
    """A row for every content of every data set."""
    runs = findings.comparison.runs
    rows = [
        (name, runs.loc[runs["digest"] == digest, "rows"].iloc[0], digest, count)
        for name, digests in digests_of(runs).items()
        for digest, count in digests.items()
    ]
    if not rows:
        return None
    data = pd.DataFrame(rows, columns=["dataset", "rows", "digest", "runs"])
    cells = [
        [name, "?" if pd.isna(size) else count_cell(size), digest, count_cell(count)]
        for name, size, digest, count in rows
    ]
    notes = ["Fingerprint: the first half of the SHA-256 digest of the rows."]
    return Table("data", ["Data set", "Rows", "Fingerprint", "Runs"], cells, data, notes)


def runs_table(findings: Findings) -> Table:
    """A row for every run, the compared ones first."""
    comparison, question = findings.comparison, findings.question
    metrics = list(dict.fromkeys(f"test_{group.metric.name}" for group in comparison.groups))
    metrics = [name for name in metrics if name in comparison.runs]
    keys = list(dict.fromkeys(["dataset", *comparison.keys, *comparison.nuisances, "seed"]))
    columns = ["run_id", *keys, "status", *metrics, "seconds", "key", "sweep"]
    compared = {row for group in comparison.groups for row in group.runs.index}
    data = comparison.runs[columns].assign(compared=comparison.runs.index.isin(compared))
    data = data.sort_values("compared", ascending=False, kind="stable", ignore_index=True)
    table_rows = [
        [
            link(question.ui, str(run["run_id"])),
            *(setting_cell(run[key]) for key in keys),
            run["status"],
            *(metric_cell(name.removeprefix("test_"), run[name]) for name in metrics),
            cost_cell(run["seconds"]),
            "yes" if run["compared"] else "no",
        ]
        for run in data.head(ROWS).to_dict("records")
    ]
    titles = ["Run", *keys, "status", *metrics, "seconds", "compared"]
    return Table("runs", titles, table_rows, data, list(notes(findings, len(data))), folded=True)


def link(ui: str, run_id: str) -> str | Link:
    """A run's id, which leads to it in MLflow's UI where there is one."""
    return Link(run_id[:ID], ui.replace("{run_id}", quote(run_id))) if ui else run_id[:ID]


def notes(findings: Findings, count: int) -> Iterator[str]:
    """Guide to reading the table of runs."""
    if count > ROWS:
        yield f"The first {ROWS} of {count:,}; tables/runs.csv has all, with whole ids and keys."
    yield (
        "Compared: at the setting that was chosen for its group. The file has each run's key as "
        "well, a digest of its configuration, the content of its data and the engine."
    )
