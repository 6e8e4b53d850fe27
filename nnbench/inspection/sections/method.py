"""Method of an inspection."""

from nnbench.engine.arrays import Array
from nnbench.inspection.examination import Inspection
from nnbench.inspection.outputs import MOST
from nnbench.pages import Section
from nnbench.system.limits import count_text


def make(inspection: Inspection) -> Section:
    """The probes, the outputs, the effective rank and the similarity that are shown."""
    regression = inspection.metric == "r2"
    kind = "ridge regression" if regression else "logistic regression"
    score = "R² (the mean over targets)" if regression else "accuracy"
    fitted = rows_text(inspection.train, inspection.parts.train)
    scored = rows_text(inspection.validation, inspection.parts.validation)
    texts = (
        f"A probe is scikit-learn's {kind} with its default penalty, on standardised outputs of a "
        f"layer. It is fitted to {fitted} of the training set; its {score} is measured on {scored} "
        "of the validation set. The input is standardised, as the network gets it.",
        "A hidden layer's outputs are taken after its norm and activation and, in a residual "
        "network, after its input was added. For images and sequences all places count, before any "
        f"pooling; a layer with more than {MOST:,} numbers gives the mean of each channel.",
        "The effective rank is the exponential of the entropy of the normalised singular values of "
        "the centred outputs (Roy & Vetterli 2007), on the training rows of the probes: a layer "
        "that uses k directions equally has k.",
        "Linear CKA is centred kernel alignment (Kornblith et al. 2019), on the same rows.",
        "The best epoch was chosen on the validation set, too, so the network's own score is "
        "slightly optimistic. A probe with a higher score shows that a layer is easier to read "
        "linearly, not that the network uses what is read.",
    )
    return Section("method", "How this was measured", points=[(text, "") for text in texts])


def rows_text(taken: Array, rows: Array) -> str:
    """Number of rows of a set that were used."""
    if len(taken) == len(rows):
        return f"all {count_text(len(rows), 'example')}"
    return f"{len(taken):,} of {count_text(len(rows), 'example')}"
