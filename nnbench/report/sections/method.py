"""How the figures came about, and what the words mean."""

from nnbench.pages.section import Section
from nnbench.report.analysis.findings import Findings

METHOD = (
    "Every run splits the data by its own seed into training, validation and test part. The same "
    "seed means the same split and the same order of batches for every setting, so that settings "
    "are compared in pairs, seed by seed.",
    "Each run is judged at its best epoch, the one with the best accuracy or R² on the validation "
    "part. Wherever something was chosen, the test part was not looked at.",
    "Differences are taken to one reference, which is fixed beforehand unless one was asked for: "
    "the shallowest or narrowest network, and of anything else what nnbench takes by default. It "
    "is the first row of its data set. Of two compared keys the second is compared for each value "
    "of the first, unless one reference of both was asked for.",
    "Intervals are bootstrap intervals over seeds (Efron 1979), taken out as far as a t-interval "
    "is wider than a normal one. A difference is claimed where its interval leaves out zero and "
    "Wilcoxon's signed-rank test, corrected for all comparisons of its table (Holm 1979), has p "
    "at most 0.05, against every setting that the validation part can't tell from the best: a "
    "value must not lose for having been tuned badly.",
    "A run has diverged when a figure was no longer a finite number or its training loss was a "
    "thousand times its first value; its reason names the step and the layer where numbers first "
    "left the finite ones. Such a run counts as the worst, and where there are any no mean is "
    "given. One has stalled when its training loss never fell by 1%, or when hardly any gradient "
    "ever reached one of its layers; its figures count as they are.",
)
GLOSSARY = (
    ("depth: the number of hidden layers; 0 is a linear model.", ""),
    ("epoch: one pass over the training part.", ""),
    ("seed: the number that decides split, initial weights and order of batches.", ""),
    (
        "gap: how much worse the test figure is than the training figure; a large one means that "
        "the network has overfitted.",
        "",
    ),
    ("R²: the share of the targets' variance that is explained; 1 is perfect, 0 is the mean.", ""),
    ("point: one hundredth of accuracy.", ""),
)


def make(findings: Findings) -> Section:
    """The same for every report."""
    return Section("method", "How to read this", METHOD, GLOSSARY)
