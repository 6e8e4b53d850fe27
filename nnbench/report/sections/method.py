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
    "Settings, such as the learning rate, are chosen by the validation curve, averaged over seeds "
    "and then over a tenth of the epochs. A value's score in a comparison is averaged over "
    "settings, each weighted by how often resamples of the seeds choose it.",
    "A difference is claimed if the exact Wilcoxon signed-rank test, corrected for all "
    "comparisons of its data set (Holm 1979), gives p of at most 0.05 and its interval, for which "
    "settings are chosen again in each resample of the seeds, excludes zero. The trend along "
    "numbers is tested before them, with a 90% interval; where it is claimed, so are the values "
    "along it, from the one farthest from the reference to the first that is not claimed (fixed "
    "sequence: Maurer, Hothorn and Lehmacher 1995). A difference isn't claimed if the best "
    "setting of the worse value may lie beyond what was tried (over a fiftieth of the "
    "resamples choose an end of a range, and it is better than the mean of the other settings, or "
    "scores rise towards it over all settings, beyond noise), "
    "or if it was still improving: "
    "then the two are not comparable. Errors are at most 5% a data set; counts over data sets are "
    "counts. Intervals of single values are 95% bootstrap intervals over seeds (Efron 1979); all "
    "need six seeds.",
    "A run diverged if a value was no longer a finite number or its training loss reached a "
    "thousand times its first value. The divergence diagnosis names the step and the layer where "
    "numbers first stopped being finite. Such a run counts at chance level in comparisons, and as "
    "the worst in those of times to a target and of generalization gaps. A run finished without "
    "learning if its training loss never fell by 1%, or if hardly any gradient "
    "ever reached one of its layers; its scores count as they are.",
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
    return Section("method", "How to read this", METHOD, GLOSSARY, page="provenance")
