"""The page on one run: what was found in words, then every figure behind it."""

from dataclasses import dataclass

import numpy as np

from nnbench.inspection.findings import Findings, LayerFindings
from nnbench.inspection.outputs import title_of
from nnbench.inspection.pictures import pictures
from nnbench.inspection.sections import layers, method, similarity
from nnbench.pages import Page
from nnbench.pages.wording import metric_text


@dataclass(frozen=True)
class Subject:
    """Which run it is."""

    run_id: str
    experiment: str
    command: str
    """What writes the page again."""
    weights: str
    """Where the weights came from, and whether they are those of the run, as a sentence."""


def make_page(findings: Findings, subject: Subject) -> Page:
    """Everything that can be shown of a run."""
    config = findings.trained.config
    sections = [layers(findings), similarity(findings), *pictures(findings), method(findings)]
    title = f"Inside {config.model.name}, depth {config.depth}, on {findings.data.name}"
    return Page(
        title=title,
        subject=subject.run_id,
        sentences=[*sentences(findings), subject.weights],
        sections=sections,
        origin=f"Written by nnbench from run {subject.run_id} of experiment {subject.experiment}.",
        command=subject.command,
    )


def sentences(findings: Findings) -> list[str]:
    """What was found, and nothing that the numbers don't say."""
    found = [reading(findings)]
    if findings.hidden:
        first, last = findings.hidden[0], findings.hidden[-1]
        shown = dict.fromkeys((findings.layers[0], first, last))
        ranks = [f"{x.effective_rank:.1f} of {x.numbers:,} in {x.title}" for x in shown]
        found.append(f"The effective rank is {', '.join(ranks)}.")
        steps = np.diagonal(findings.similarity, 1)
        if np.isfinite(steps).any():
            step = int(np.nanargmin(steps))
            before, after = (title_of(findings.names[step + i]) for i in (0, 1))
            found.append(
                f"The representation changes most between {before} and {after}: linear CKA "
                f"{steps[step]:.2f}, where 1 is the same."
            )
    return found


def reading(findings: Findings) -> str:
    """What a linear model reads, from the input to the last hidden layer."""
    metric = findings.metric
    raw, *hidden = findings.layers

    def scored(layer: LayerFindings) -> str:
        return metric_text(metric, layer.validation_score)

    what = "" if metric == "accuracy" else "the targets with an R² of "
    right = " of classes right" if metric == "accuracy" else ""
    start = f"A linear model reads {what}{scored(raw)}{right} from the input"
    best = max(hidden, key=lambda layer: layer.validation_score, default=None)
    parts = []
    if hidden:
        chosen = {layer.name: layer for layer in (hidden[0], best, hidden[-1]) if layer}
        ordered = sorted(chosen.values(), key=lambda layer: int(layer.name))
        parts = [f"{scored(layer)} from {layer.title}" for layer in ordered]
    own = f"the network itself has {metric_text(metric, findings.own_score)}"
    return ", ".join([start, *parts]) + f"; {own} (validation part)."
