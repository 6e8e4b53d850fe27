"""Train a tracked run again and say whether every figure comes out the same: replay RUN_ID."""

from collections.abc import Iterator

import numpy as np

from nnbench import api, build, composition
from nnbench.config import ConfigError
from nnbench.engine.arrays import Array
from nnbench.record import History, RunResult
from nnbench.screen import CONSOLE
from nnbench.sweep.plan import run_key
from nnbench.track.recall import TrackedRun, recall
from nnbench.track.store import open_store


def run(words: list[str]) -> int:
    """Compare bit for bit; the exit code is 1 if anything differs."""
    ids = [word for word in words if "=" not in word]
    if len(ids) != 1:
        raise ConfigError("run", " ".join(ids), "must be the id of one run: replay RUN_ID")
    settings = [word for word in words if "=" in word]
    tracking = composition.compose_job(settings).sweep.tracking
    tracked = recall(open_store(tracking.option("uri")), ids[0])
    if tracked.key != run_key(tracked.config, build.dataset(tracked.config.dataset).fingerprint):
        CONSOLE.print("The data or nnbench's engine have changed since, so figures may differ.")
    try:
        result = api.train(tracked.config)
    except Exception as error:  # As it may have failed then, in anybody's class.
        CONSOLE.print(f"It fails: {type(error).__name__}: {error}", markup=False, soft_wrap=True)
        return 1
    found = list(differences(tracked, result))
    for name, then, now in found:
        CONSOLE.print(f"{name}: {then} then, {now} now", markup=False, soft_wrap=True)
    if not found:
        CONSOLE.print("Every figure is the same, bit for bit.")
    return 1 if found else 0


def differences(tracked: TrackedRun, result: RunResult) -> Iterator[tuple[str, object, object]]:
    """Name, former and present value of every figure that differs."""
    for name, now in result.final.items():
        then = tracked.figures.get(name)
        if then != now and not (then is None and np.isnan(now)):
            yield name, then, now
    if tracked.history is None or result.history is None:
        if tracked.history is not result.history:
            yield "curves", tracked.history and "some", result.history and "some"
        return
    then_curves, now_curves = (by_name(history) for history in (tracked.history, result.history))
    for name, curve in now_curves.items():
        former = then_curves.get(name)
        if former is None or not np.array_equal(former, curve, equal_nan=True):
            yield f"curve of {name}", "one", "another"


def by_name(history: History) -> dict[str, Array]:
    """Everything that a run has more than once."""
    layers = {f"{name} by layer": figures for name, figures in history.mechanism.items()}
    return {**history.curves, **layers}
