"""What was asked, and how to ask it again."""

import pandas as pd

from nnbench.pages.section import Section, Table
from nnbench.pages.wording import count_text, setting_text
from nnbench.report.findings import Findings
from nnbench.report.order import as_typed


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
            f"Besides, {comparison.varied_text} varied: for every data set and "
            f"{question.compare} the setting with the best mean validation figure was chosen, "
            "without looking at the test part, and one half of the seeds chose for the other."
        )
    if len(question.commands) == 1:
        text.append("This command trains the runs again:")
    elif question.commands:
        text.append("They come from several sweeps, which these commands train again:")
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
        commands=question.commands,
        tables=[table] if len(fixed) else [],
    )
