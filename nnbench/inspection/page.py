"""The page on one run: a summary in words, then the sections behind it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nnbench.inspection.examination import Inspection, LayerInspection
from nnbench.inspection.outputs import title_of
from nnbench.inspection.sections import (
    decision_regions,
    filters,
    fitted_function,
    method,
    probes,
    similarity,
)
from nnbench.pages import Page, Section
from nnbench.pages.formatting import metric_text


@dataclass(frozen=True)
class Subject:
    """Identity of the run on a page."""

    run_id: str
    experiment: str
    command: str
    """The command that writes the page again."""
    weights: str
    """Origin of the weights, and whether they are those of the run, as a sentence."""


def make_page(inspection: Inspection, subject: Subject) -> Page:
    """Everything that can be shown of a run."""
    config = inspection.trained.config
    title = f"Inside {config.model.name}, depth {config.depth}, on {inspection.data.name}"
    return Page(
        title=title,
        subject=subject.run_id,
        sentences=[*sentences(inspection), subject.weights],
        sections=list(make_sections(inspection)),
        origin=f"Written by nnbench from run {subject.run_id} of experiment {subject.experiment}.",
        command=subject.command,
    )


def make_sections(inspection: Inspection) -> Iterator[Section]:
    """All sections in the order of reading, charts of the inputs only if these have the shape."""
    shape, task = inspection.trained.in_shape, inspection.trained.task
    yield probes.make(inspection)
    yield similarity.make(inspection)
    if shape == (2,) and task == "classification":
        yield decision_regions.make(inspection)
    if shape == (1,) and task == "regression":
        yield fitted_function.make(inspection)
    if len(shape) == 3 and (section := filters.make(inspection)):
        yield section
    yield method.make(inspection)


def sentences(inspection: Inspection) -> list[str]:
    """The summary: only what the numbers show."""
    summary = [reading(inspection)]
    if inspection.hidden:
        first, last = inspection.hidden[0], inspection.hidden[-1]
        named_layers = dict.fromkeys((inspection.layers[0], first, last))
        ranks = [f"{x.effective_rank:.1f} of {x.numbers:,} in {x.title}" for x in named_layers]
        summary.append(f"The effective rank is {', '.join(ranks)}.")
        steps = np.diagonal(inspection.similarity, 1)
        if np.isfinite(steps).any():
            step = int(np.nanargmin(steps))
            before, after = (title_of(inspection.names[step + i]) for i in (0, 1))
            summary.append(
                f"The representation changes most between {before} and {after}: linear CKA "
                f"{steps[step]:.2f}, where 1 is the same."
            )
    return summary


def reading(inspection: Inspection) -> str:
    """The accuracy, or R², of a linear model from the input to the last hidden layer."""
    metric = inspection.metric
    raw, *hidden = inspection.layers

    def scored(layer: LayerInspection) -> str:
        return metric_text(metric, layer.validation_score)

    targets = "" if metric == "accuracy" else "the targets with an R² of "
    right = " of classes right" if metric == "accuracy" else ""
    start = f"A linear model reads {targets}{scored(raw)}{right} from the input"
    best = max(hidden, key=lambda layer: layer.validation_score, default=None)
    parts = []
    if hidden:
        chosen = {layer.name: layer for layer in (hidden[0], best, hidden[-1]) if layer}
        ordered = sorted(chosen.values(), key=lambda layer: int(layer.name))
        parts = [f"{scored(layer)} from {layer.title}" for layer in ordered]
    own = f"the network reaches {metric_text(metric, inspection.own_score)}"
    return ", ".join([start, *parts]) + f"; {own} (validation set)."
