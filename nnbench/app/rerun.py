"""A tracked run by its id, and the differences when it is trained again."""

from collections.abc import Iterator

import numpy as np

from nnbench import api
from nnbench.app.phases import going_on
from nnbench.app.terminal import CONSOLE, say
from nnbench.assembly import build
from nnbench.assembly.sizing import refuse_too_deep
from nnbench.data.dataset import Dataset
from nnbench.engine.arrays import Array
from nnbench.options.components import refuse_untrusted_run, what_was_raised
from nnbench.run.config import RunConfig
from nnbench.run.errors import ConfigError
from nnbench.run.result import History, RunResult
from nnbench.sweep.estimate import needs, speed
from nnbench.sweep.plan import run_key
from nnbench.system.limits import AMOUNTS, LimitError, amount_text, count_text, require_memory
from nnbench.track.read_run import TrackedRun, recall
from nnbench.track.store import Store, open_store, readable


def find(uri: str | None, run_id: str) -> tuple[Store, TrackedRun]:
    """The store at `tracking.uri`, and one of its runs.

    Raises ConfigError if there is no such run, or it names a target that isn't trusted.
    """
    store = open_store(uri)
    with readable(store):
        tracked = recall(store, run_id)
    refuse_untrusted_run(tracked.config)
    return store, tracked


def replay(uri: str | None, run_id: str) -> int:
    """Train a run again and print the differences; returns the exit code, 1 if there are any."""
    _, tracked = find(uri, run_id)
    data = build.dataset(tracked.config.dataset)
    if tracked.key != run_key(tracked.config, data.fingerprint):
        CONSOLE.print("The data or the engine have changed since, so values may differ.")
    try:
        refuse_excess(tracked.config, data)
        with going_on("Training the run again"):
            result = api.train(tracked.config)
    except Exception as error:  # Any class may have failed then, including a user's.
        say(f"Training failed: {what_was_raised(error)}")
        return 1
    differing = list(differences(tracked, result))
    for name, difference in differing:
        say(f"{name}: {difference}")
    if not differing:
        CONSOLE.print("Every value is identical, bit for bit.")
    return 1 if differing else 0


def refuse_excess(config: RunConfig, data: Dataset) -> None:
    """Raise ConfigError for a run that would take more memory than is free."""
    api.check_values(config)
    try:
        refuse_too_deep(config, data)
        estimate = needs(config, data, build.network(config, data), 1, speed())
        sizes = ("depth", "width", "epochs")
        require_memory(estimate.memory, {key: getattr(config, key) for key in sizes})
    except LimitError as error:
        key, value, limit, much, has, _ = error.parts
        amounts = AMOUNTS[limit].format(needs=amount_text(much), has=amount_text(has))
        raise ConfigError(key, value, amounts) from error


def differences(tracked: TrackedRun, result: RunResult) -> Iterator[tuple[str, str]]:
    """Name of every value or curve that differs, and its stored and new value in words."""
    for name, new in result.final.items():
        stored = tracked.metrics.get(name)
        if stored != new and not (stored is None and np.isnan(new)):
            yield name, value_difference(stored, new)
    if tracked.history is None or result.history is None:
        if tracked.history is not result.history:
            present = "only in the stored run" if tracked.history else "only in the new run"
            yield "curves", present
        return
    stored_curves, new_curves = (by_name(history) for history in (tracked.history, result.history))
    for name, curve in new_curves.items():
        stored_curve = stored_curves.get(name)
        if stored_curve is None or not np.array_equal(stored_curve, curve, equal_nan=True):
            yield f"curve {name}", curve_difference(stored_curve, curve)


def value_difference(stored: float | None, new: float) -> str:
    """Stored and new value, to six digits; their difference if these are equal."""
    if stored is None:
        return f"not stored, {new:.6g} now"
    if f"{stored:.6g}" == f"{new:.6g}":
        return f"{stored:.6g}, differs by {abs(new - stored):.1g}"
    return f"{stored:.6g} stored, {new:.6g} now"


def curve_difference(stored: Array | None, new: Array) -> str:
    """Lengths of two curves, (epochs, …), if unequal; else their first different epoch."""
    if stored is None:
        return "not stored"
    if len(stored) != len(new):
        return f"{count_text(len(stored), 'epoch')} stored, {len(new):,} now"
    if stored.shape != new.shape:
        return f"shape {stored.shape} stored, {new.shape} now"
    unequal = ~((stored == new) | (np.isnan(stored) & np.isnan(new)))
    positions = np.flatnonzero(unequal.reshape(len(new), -1).any(axis=1))
    number = count_text(len(positions), "position")
    return f"differs at {number} of {len(new):,}, first at position {positions[0]:,}"


def by_name(history: History) -> dict[str, Array]:
    """Curves and layer statistics of a run by name."""
    layers = {f"{name} by layer": values for name, values in history.layer_statistics.items()}
    return {**history.curves, **layers}
