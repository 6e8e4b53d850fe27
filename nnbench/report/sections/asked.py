"""The question, and the commands that ask it again."""

import pandas as pd

from nnbench.pages.formatting import count_text, setting_text
from nnbench.pages.section import Section, Table
from nnbench.report.analysis.findings import Findings
from nnbench.report.compare.reference import as_typed
from nnbench.report.question import is_whole
from nnbench.report.text.comparison import varied_text


def make(findings: Findings) -> Section:
    """The command, the number of runs, what varied and what was fixed."""
    question, comparison = findings.question, findings.comparison
    runs = comparison.runs
    ends = runs["status"].value_counts()
    statuses = ", ".join(f"{ends[end]} {end}" for end in ends.index)
    values = ", ".join(map(as_typed, comparison.values))
    text = [
        f"Experiment {question.experiment}: {count_text(len(runs), 'run')} ({statuses}) on "
        f"{', '.join(comparison.datasets)}; {question.compare}: {values}; "
        f"{count_text(runs['seed'].nunique(), 'seed')}."
    ]
    if comparison.nuisances:
        text.append(
            f"Also varied: {varied_text(comparison)}. For every data set and "
            f"{comparison.one_of_them} the setting with the best smoothed mean validation curve "
            "was chosen, without the test set."
        )
    commands = [command for command in question.commands if is_whole(command)]
    others = ", including those that `where` leaves out" if question.where else ""
    if len(commands) < len(question.commands):
        text.append("Some of the commands that trained these runs were not stored in full.")
    if commands and len(question.commands) == 1:
        text.append(
            f"This command trained the runs{others}; with resume=false it trains them again:"
        )
    elif commands:
        text.append(
            f"The runs come from several sweeps{others}. These commands trained them; with "
            "resume=false they train them again:"
        )
    fixed = pd.DataFrame(
        {
            "key": list(comparison.fixed),
            "value": [setting_text(value) for value in comparison.fixed.values()],
        }
    )
    table = Table("fixed", ["Key", "Value"], fixed.to_numpy().tolist(), fixed, folded=True)
    return Section(
        "asked",
        "What was asked",
        text,
        commands=commands,
        tables=[table] if len(fixed) else [],
        page="provenance",
    )
