"""A tracked run, found by its id, and what differs when it is trained once more."""

from collections.abc import Iterator, Sequence

import numpy as np

from nnbench import api
from nnbench.assembly import build
from nnbench.composition import jobs
from nnbench.data.dataset import Dataset
from nnbench.engine.arrays import Array
from nnbench.options.components import refuse_untrusted_run
from nnbench.run.config import ConfigError, RunConfig
from nnbench.run.result import History, RunResult
from nnbench.sweep.estimate import needs, refuse_too_deep, speed
from nnbench.system.limits import AMOUNTS, LimitError, amount_text, require_memory
from nnbench.track.recall import TrackedRun, recall
from nnbench.track.store import Store, open_store, readable


def find(command: str, words: Sequence[str]) -> tuple[Store, TrackedRun]:
    """The store and the run that the words of a command name: COMMAND RUN_ID [key=value …].

    Raises ConfigError if there is no such run, or it names a target that isn't trusted.
    """
    ids = [word for word in words if "=" not in word]
    if len(ids) != 1:
        raise ConfigError("run", " ".join(ids), f"must be the id of one run: {command} RUN_ID")
    settings = [word for word in words if "=" in word]
    store = open_store(jobs.compose_job(settings).sweep.tracking.option("uri"))
    with readable(store):
        tracked = recall(store, ids[0])
    refuse_untrusted_run(tracked.config)
    return store, tracked


def refuse_excess(config: RunConfig, data: Dataset) -> None:
    """Raise ConfigError for a run that would take more memory than is free, whoever stored it."""
    api.check_values(config)
    try:
        refuse_too_deep(config, data)
        needed = needs(config, data, build.network(config, data), 1, speed())
        sizes = ("depth", "width", "epochs")
        require_memory(needed.memory, {key: getattr(config, key) for key in sizes})
    except LimitError as error:
        key, value, limit, much, has, _ = error.parts
        amounts = AMOUNTS[limit].format(needs=amount_text(much), has=amount_text(has))
        raise ConfigError(key, value, amounts) from error


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
