"""The method behind the scores, and a glossary."""

from nnbench.pages.section import Section
from nnbench.report.analysis.findings import Findings

METHOD = (
    "Every run splits the data by its own seed into training, validation and test set. The same "
    "seed means the same split and the same order of batches for every setting, so settings are "
    "compared in pairs, seed by seed.",
    "Each run is judged at its best epoch, the one with the best accuracy or R² on the validation "
    "set. No choice uses the test set.",
    "Differences are taken from one reference, which is fixed beforehand unless the command names "
    "one: the shallowest or narrowest network, or nnbench's default of any other key. It is the "
    "first row of its data set. Of two compared keys the second is compared for each value of the "
    "first, unless the command names one reference of both.",
    "Intervals are 95% bootstrap confidence intervals over seeds (Efron 1979), widened as a "
    "t-interval is wider than a normal one; they need six seeds. A difference is claimed if its "
    "interval excludes zero and the Wilcoxon signed-rank test, corrected for all comparisons of "
    "its table (Holm 1979), gives p of at most 0.05. Both must hold against every setting of the "
    "worse value whose validation score is not significantly below its best, so that no value is "
    "called worse because it was tuned badly.",
    "A run diverged if a value was no longer a finite number or its training loss reached a "
    "thousand times its first value. The divergence diagnosis names the step and the layer where "
    "numbers first stopped being finite. Such a run counts as the worst; means are never taken "
    "over successful runs only. A run finished without learning if its training loss never fell "
    "by 1%, or if hardly any gradient ever reached one of its layers; its scores count as they "
    "are.",
)
GLOSSARY = (
    ("depth: the number of hidden layers; 0 is a linear model.", ""),
    ("epoch: one pass over the training set.", ""),
    ("seed: the number that decides split, initial weights and order of batches.", ""),
    (
        "generalization gap: how much worse the test score is than the training score; a large one "
        "means that the network overfits.",
        "",
    ),
    ("R²: the share of the targets' variance that is explained; 1 is perfect, 0 is the mean.", ""),
    ("percentage point (pp): one hundredth of accuracy.", ""),
)


def make(findings: Findings) -> Section:
    """The same for every report."""
    return Section("method", "How to read this", METHOD, GLOSSARY)
