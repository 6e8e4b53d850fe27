"""A run as MLflow stores it: its curves as metrics, its settings as parameters, and its tags."""

from collections.abc import Iterable, Mapping

import numpy as np
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag

from nnbench.data.opening import stem
from nnbench.run.config import Scalar
from nnbench.run.result import RunResult
from nnbench.safety.redaction import redacted
from nnbench.track.context import context_tags
from nnbench.track.process import process_tags
from nnbench.track.run_entry import Entry, Source
from nnbench.track.settings import SETTING, setting_of

POINTS = 51
"""Points of a curve that are logged as metrics: 50 epochs and what was before; the full curve is an
artifact."""

LONGEST = 5000
"""Characters of a text that are kept; no database of MLflow's takes 8,000."""


def beginning_tags(entry: Entry) -> dict[str, str]:
    """Tags by which a run is known from its beginning."""
    return {
        "mlflow.runName": storable(run_name(entry.result), 250),
        "mlflow.parentRunId": entry.sweep_id,
        "nnbench.sweep": entry.sweep_id,
        "nnbench.key": entry.key,
        "nnbench.token": entry.token,
        SETTING: storable(setting_of(entry.result.config, entry.data.digest if entry.data else "")),
        **context_tags(),
        **process_tags(),
    }


def ending_tags(result: RunResult) -> list[RunTag]:
    """Tags of how a run ended, why, and on what machine; empty ones are left out."""
    tags = {
        "nnbench.status": result.status,
        "nnbench.reason": storable(result.reason),
        "nnbench.trouble": result.trouble,
        "nnbench.layer": storable(result.layer),
        **{f"nnbench.{name}": storable(text) for name, text in result.machine.items()},
    }
    return [RunTag(name, value) for name, value in tags.items() if value]


def storable(text: str, longest: int = LONGEST, mark: str = "") -> str:
    """A text as any database takes it: not too long, without NUL and halves of characters.

    Passwords are left out of it. With a mark at its end if it was cut off.
    """
    whole = redacted(text).replace("\0", "").encode(errors="replace").decode()
    return whole if len(whole) <= longest else whole[: longest - len(mark)] + mark


def run_name(result: RunResult) -> str:
    """The name of a run, which comes first in MLflow's table of runs."""
    config = result.config
    path = config.dataset.option("path")
    data = config.dataset.name if path is None else stem(path)
    return f"depth={config.depth} seed={config.seed} {data} {config.optimizer.name}"[:250]


def params(values: Mapping[str, Scalar]) -> list[Param]:
    """Parameters as MLflow has them: text, with null where there is no value."""
    return [
        Param(name, "null" if value is None else storable(str(value)))
        for name, value in values.items()
    ]


def final_metrics(result: RunResult, time_ms: int) -> list[Metric]:
    """The metrics that a run has once."""
    final = {**result.final, "seconds": result.seconds, "stack_runs": result.stack_runs}
    return as_metrics([(name, value, 0) for name, value in final.items()], time_ms)


def curve_metrics(entry: Entry, after: int = -1) -> list[Metric]:
    """Curves by epoch, thinned, from the first epoch `after` one; only finite points.

    MLflow stores an infinity as a number, and its UI breaks on NaN.
    """
    history = entry.result.history
    if history is None:
        return []
    # Those of the planned length, so that what was shown of a run fits to what is logged of it.
    last = len(history.epochs) - 1
    steps = {step for step in thinned(entry.result.config.epochs + 1) if step <= last}
    if entry.result.status != "running":
        steps.add(last)
    points = [
        (name, curve[step], step)
        for name, curve in history.curves.items()
        for step in sorted(steps)
        if step > after
    ]
    return as_metrics(points, entry.ended)


def layer_statistics_metrics(entry: Entry) -> list[Metric]:
    """Every layer statistic, at the first recorded epoch and the last."""
    history = entry.result.history
    if history is None:
        return []
    points = [
        (f"{name}/{layer}", value, int(history.moments[moment]))
        for name, values in history.layer_statistics.items()
        for moment in sorted({0, len(history.moments) - 1})
        for layer, value in zip(history.layers, values[moment], strict=True)
    ]
    return as_metrics(points, entry.ended)


def as_metrics(points: Iterable[tuple[str, float, int]], time_ms: int) -> list[Metric]:
    """Points (name, value, step) as MLflow has them; only the finite ones."""
    return [
        # SQLite would keep a number of NumPy's as bytes.
        Metric(name, float(value), time_ms, int(step))
        for name, value, step in points
        if np.isfinite(value)
    ]


def thinned(count: int) -> list[int]:
    """Positions of at most POINTS of `count` points, closer at the beginning.

    That is where a curve moves fastest. The first and the last are among them.
    """
    if count <= POINTS:
        return list(range(count))
    return sorted({0, *np.unique(np.geomspace(1, count - 1, POINTS - 1).round().astype(int))})


def inputs(data: Source | None) -> list[DatasetInput]:
    """The data of a run, as MLflow shows it."""
    if data is None:
        return []
    tracked = Dataset(
        name=storable(data.name, 500),
        digest=data.digest,
        source_type="nnbench",
        source=storable(data.source),
        profile=data.profile,
    )
    return [DatasetInput(tracked, [InputTag("mlflow.data.context", "training")])]
