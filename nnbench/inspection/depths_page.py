"""The page that puts the decision regions of runs of several depths side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from nnbench.assembly.predictor import Trained
from nnbench.data.dataset import Dataset
from nnbench.data.split import split
from nnbench.inspection.examination import predictions
from nnbench.inspection.sections.decision_regions import figure_of, plane
from nnbench.inspection.sections.predictions import POINTS, Predictions
from nnbench.pages import Page, Section
from nnbench.pages.formatting import metric_text
from nnbench.pages.section import Table


@dataclass(frozen=True)
class DepthRun:
    """A trained run of one depth."""

    run_id: str
    trained: Trained
    test_accuracy: float

    @property
    def depth(self) -> int:
        """Number of its hidden layers."""
        return self.trained.config.depth


def depths_page(runs: Sequence[DepthRun], data: Dataset, experiment: str, command: str) -> Page:
    """Decision regions of a run of each depth, with the accuracies, for data of two features."""
    config = runs[0].trained.config
    parts = split(data, config.seed, config.validation_size, config.test_size)
    sides, grid = plane(data.x)
    panels = [
        Predictions(
            f"depth {run.depth} ({metric_text('accuracy', run.test_accuracy)})",
            predictions(run.trained, grid),
        )
        for run in runs
    ]
    caption = (
        "Classes predicted on a grid of inputs by the network of each depth, with its test "
        "accuracy."
    )
    figure = figure_of(panels, data, parts.train[:POINTS], sides, caption)
    best = max(runs, key=lambda run: run.test_accuracy)
    accuracy = metric_text("accuracy", best.test_accuracy)
    sentence = f"Of {len(runs)} depths, depth {best.depth} has the highest test accuracy: "
    return Page(
        title=f"Decision regions by depth, on {data.name}",
        subject=f"seed {config.seed} of experiment {experiment}",
        sentences=[f"{sentence}{accuracy}, with seed {config.seed} alone."],
        sections=[Section("regions", "Decision regions", tables=[table(runs)], figures=[figure])],
        origin=f"Written by nnbench from {len(runs)} runs of experiment {experiment}.",
        command=command,
    )


def table(runs: Sequence[DepthRun]) -> Table:
    """The run of each depth, and its test accuracy."""
    rows = [
        (str(run.depth), metric_text("accuracy", run.test_accuracy), run.run_id) for run in runs
    ]
    columns = ("depth", "test accuracy", "run")
    return Table("runs", columns, rows, pd.DataFrame(rows, columns=list(columns)))
