"""Caveats on optimizers that lose to one that they include."""

from collections.abc import Iterator

from nnbench.pages.formatting import count_text
from nnbench.report.analysis.contrasts import Outcome
from nnbench.report.analysis.inclusion import checks, included, name_of
from nnbench.report.compare.comparison import Comparison
from nnbench.report.question import Question
from nnbench.report.text.commands import more_search
from nnbench.report.text.numbers import p_text, paired_text


def under_tuned(comparison: Comparison, question: Question) -> Iterator[tuple[str, str]]:
    """Caveats on optimizers that are worse than one that they include, and what would help."""
    for check in checks(comparison, question.equivalence):
        if check.outcome is not Outcome.WORSE:
            continue
        general, special = check.group, check.reference
        how = included(name_of(comparison, general))[name_of(comparison, special)]
        size = f"{count_text(check.lost, 'run')} diverged or failed" if check.lost else (
            f"{paired_text(general.measure, check.difference)}{general.measure.unit}"
        )  # fmt: skip
        widen = (
            " Its epsilon is not among what a search looks through: "
            "+optimizer.search.epsilon=[1e-8,1] adds it, for this optimizer alone."
            if "epsilon" in how and "optimizer.epsilon" not in {**general.along, **general.chosen}
            else ""
        )
        yield (
            f"{comparison.named(general.value)} is worse than {comparison.named(special.value)} on "
            f"{general.dataset} ({size}, Holm-corrected p {p_text(check.p_holm)}), which it can be "
            f"itself, with {how}. So {count_text(general.settings, 'setting')} did not tune it "
            f"enough, and this is no evidence against it.{widen}",
            more_search(question, general),
        )
