"""A run as MLflow stores it: its curves as metrics, its settings as parameters, and its tags."""

import numpy as np

from nnbench.data.opening import stem
from nnbench.run.result import RunResult
from nnbench.track.context import context_tags
from nnbench.track.entities import Metric, Tag, as_metrics
from nnbench.track.process import process_tags
from nnbench.track.run_entry import Entry
from nnbench.track.settings import SETTING, setting_of
from nnbench.track.stored_text import storable

POINTS = 21
"""Points of a curve that are logged as metrics; the full curve is an artifact."""


def beginning_tags(entry: Entry) -> dict[str, str]:
    """Tags by which a run is known from its beginning."""
    digest = entry.data.digest if entry.data else ""
    return {
        # First, since MLflow's UI offers tags to group by in this order.
        SETTING: storable(setting_of(entry.result.config, digest)),
        "mlflow.runName": storable(run_name(entry.result), 250),
        "mlflow.parentRunId": entry.sweep_id,
        "nnbench.sweep": entry.sweep_id,
        "nnbench.key": entry.key,
        "nnbench.token": entry.token,
        **context_tags(),
        **process_tags(),
    }


def ending_tags(result: RunResult) -> list[Tag]:
    """Tags of how a run ended, why, and on what machine; empty ones are left out."""
    tags = {
        "nnbench.status": result.status,
        "nnbench.reason": storable(result.reason),
        "nnbench.trouble": result.trouble,
        "nnbench.layer": storable(result.layer),
        **{f"nnbench.{name}": storable(text) for name, text in result.machine.items()},
    }
    return [Tag(name, value) for name, value in tags.items() if value]


def run_name(result: RunResult) -> str:
    """The name of a run, which comes first in MLflow's table of runs."""
    config = result.config
    path = config.dataset.option("path")
    data = config.dataset.name if path is None else stem(path)
    return f"depth={config.depth} seed={config.seed} {data} {config.optimizer.name}"[:250]


def final_metrics(result: RunResult, time_ms: int) -> list[Metric]:
    """The metrics that a run has once; first the scores, which MLflow then shows first."""
    final = {**result.final, "seconds": result.seconds, "stack_runs": result.stack_runs}
    scores = [name for name in final if name.startswith(("test_", "best_validation_"))]
    final = {name: final[name] for name in dict.fromkeys([*scores, *final])}
    return as_metrics([(name, value, 0) for name, value in final.items()], time_ms)


def curve_metrics(entry: Entry, logged_until: tuple[int, int] | None = None) -> list[Metric]:
    """Curves of loss and score by epoch, thinned; only finite points.

    Of a run that is shown already, with its last epoch and the moment at which it was logged, only
    later ones. The moment of an epoch lies in proportion between that moment, or the beginning, and
    now. MLflow stores an infinity as a number, and its UI breaks on NaN.
    """
    history = entry.result.history
    if history is None:
        return []
    # Those of the planned length, so that what was shown of a run fits to what is logged of it.
    last = len(history.epochs) - 1
    steps = {step for step in thinned(entry.result.config.epochs + 1) if step <= last}
    if entry.result.status != "running":
        steps.add(last)
    after, since = logged_until or (-1, entry.started)
    begun = max(after, 0)
    pace = (entry.ended - since) / max(last - begun, 1)
    return [
        point
        for step in sorted(steps)
        if step > after
        for point in as_metrics(
            [(name, curve[step], step) for name, curve in history.curves.items() if plotted(name)],
            since + round(pace * (step - begun)),
        )
    ]


def plotted(name: str) -> bool:
    """True for a curve that is a metric; the others, and every layer's, are in the artifact."""
    return name.startswith(("train_", "validation_"))


def thinned(count: int) -> list[int]:
    """Positions of at most POINTS of `count` points, closer at the beginning.

    That is where a curve moves fastest. The first and the last are among them.
    """
    if count <= POINTS:
        return list(range(count))
    return sorted({0, *np.unique(np.geomspace(1, count - 1, POINTS - 1).round().astype(int))})
