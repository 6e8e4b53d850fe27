"""The parent run of a sweep: opened by its first launch, ended by the process that started it."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from nnbench.run.config import Scalar
from nnbench.track.context import context_tags
from nnbench.track.entities import as_metrics, now, params
from nnbench.track.experiments import experiment_id, get_or_create_experiment
from nnbench.track.process import close_dead_runs, versions
from nnbench.track.read_runs import VERSIONS
from nnbench.track.run_records import search_all
from nnbench.track.settings import VARIED, SweepSettings
from nnbench.track.skipped import TAG as SKIPPED
from nnbench.track.skipped import skipped_tags
from nnbench.track.store import Store
from nnbench.track.stored_text import as_mapping, storable

JOINT = "nnbench.joint"
"""Tag of the parent run of a sweep of several launches, which find it by this."""


def open_parent(
    store: Store,
    experiment: str,
    settings: Mapping[str, Scalar],
    of_runs: SweepSettings,
    name: str,
    tags: Mapping[str, str],
) -> tuple[str, str]:
    """Open the parent run of a sweep, and close what dead processes left open.

    Returns the id of the experiment and that of the run, which an earlier launch may have opened.
    """
    close_dead_runs(store, experiment)
    tags = {
        "mlflow.runName": storable(name),
        **({VARIED: storable(", ".join(of_runs.varied))} if of_runs.varied else {}),
        VERSIONS: json.dumps(versions()),
        **tags,
        **context_tags(),
    }
    # No other launch of a joint sweep may look for its parent run before that is there.
    with store.lock():
        identity = get_or_create_experiment(store, experiment)
        sweep_id = joint_sweep(store, identity, tags[JOINT]) if JOINT in tags else None
        if sweep_id is None:
            run = store.client.create_run(identity, start_time=now(), tags=tags)
            sweep_id = str(run.info.run_id)
            values = {key: v for key, v in {**of_runs.shared, **settings}.items() if v is not None}
            store.writer.amend(sweep_id, params=params(values))
        else:
            add_skipped(store, sweep_id, as_mapping(tags.get(SKIPPED), int))
    return identity, sweep_id


def joint_sweep(store: Store, experiment_id: str, token: str) -> str | None:
    """The id of the parent run of a sweep of several launches; None if none has opened it."""
    runs = search_all(store, experiment_id, f"tags.`{JOINT}` = '{token}'")
    return next((str(run.info.run_id) for run in runs), None)


def add_skipped(store: Store, sweep_id: str, skipped: Mapping[str, int]) -> dict[str, int]:
    """Add the runs that a launch has skipped to those of a sweep's earlier launches.

    Returns the reasons and numbers of all launches.
    """
    earlier = as_mapping(store.client.get_run(sweep_id).data.tags.get(SKIPPED), int)
    counts = dict(Counter(earlier) + Counter(skipped))
    for name, text in skipped_tags(counts if skipped else {}).items():
        store.client.set_tag(sweep_id, name, text)
    return counts


def describe_joint_sweep(
    store: Store, sweep_id: str, varied: Sequence[str], skipped: Mapping[str, int]
) -> dict[str, int]:
    """Name what the runs of all launches differ in, and count what else was skipped.

    Returns the reasons for which runs were skipped, and how many.
    """
    if varied:
        store.client.set_tag(sweep_id, VARIED, storable(", ".join(varied)))
    return add_skipped(store, sweep_id, skipped)


def close_joint_sweep(store: Store, experiment: str, token: str, status: str) -> tuple[str, int]:
    """End the parent run of a sweep of several launches, with its runs counted by status.

    Returns its id (empty if nothing was logged) and the number of runs that failed.
    """
    identity = experiment_id(store, experiment)
    sweep_id = joint_sweep(store, identity, token)
    if sweep_id is None:
        return "", 0
    runs = search_all(store, identity, f"tags.`nnbench.sweep` = '{sweep_id}'")
    counts = Counter(run.data.tags.get("nnbench.status", "") for run in runs)
    metrics = [(f"runs_{name}", float(n), 0) for name, n in counts.items() if name]
    store.writer.amend(sweep_id, metrics=as_metrics(metrics, now()))
    failed = counts["failed"]
    ended = "FAILED" if status == "FINISHED" and failed else status
    store.client.set_terminated(sweep_id, ended, now())
    return sweep_id, failed
