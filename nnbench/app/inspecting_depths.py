"""Decision regions of an experiment's depths: one run of each, on one page."""

import pandas as pd

from nnbench.app.inspecting import DIRECTORY, trained_network, usable_data
from nnbench.app.phases import phase
from nnbench.app.terminal import say
from nnbench.inspection.depths_page import DepthRun, depths_page
from nnbench.options.components import refuse_untrusted_run
from nnbench.pages import write_page
from nnbench.run.errors import ConfigError
from nnbench.safety.redaction import redacted
from nnbench.safety.shell import command_line
from nnbench.track.read_run import recall
from nnbench.track.read_runs import read_runs
from nnbench.track.store import open_store, readable

SCORE = "best_validation_accuracy"
"""Column by which one of several runs of a depth is chosen."""


def inspect_depths(uri: str | None, experiment: str, seed: int, words: list[str]) -> None:
    """Write the page with the decision regions of every depth that ran with a seed.

    Of several runs of a depth it is the one with the best validation accuracy. Raises ConfigError
    if there are none, or their data are not of one set with two features and classes.
    """
    store = open_store(uri)
    with phase("Analysing the runs"):
        with readable(store):
            rows = chosen_runs(read_runs(store, experiment), experiment, seed)
            tracked_runs = [recall(store, run_id) for run_id in rows["run_id"]]
        for tracked in tracked_runs:
            refuse_untrusted_run(tracked.config)
        data = usable_data(tracked_runs[0])
        if data.x.shape[1:] != (2,) or data.task != "classification":
            shape = "×".join(map(str, data.x.shape[1:]))
            allowed = f"needs classes and 2 features; {data.name} has {data.task} of {shape}"
            raise ConfigError("experiment", experiment, allowed)
        runs = [
            DepthRun(
                tracked.run_id,
                trained_network(store, tracked, data)[0],
                tracked.metrics["test_accuracy"],
            )
            for tracked in tracked_runs
        ]
        command = redacted(command_line(["python", "-m", "nnbench", "inspect", *words]))
        page = depths_page(runs, data, experiment, command)
        directory = DIRECTORY / f"{experiment}_seed_{seed}"
        try:
            file, _ = write_page(page, directory)
        except OSError as error:
            raise ConfigError("inspect", directory, f"writing failed: {error.strerror}") from error
    for sentence in page.sentences:
        say(sentence)
    say(f"Page: {file.absolute().as_uri()}", highlight=False)


def chosen_runs(runs: pd.DataFrame, experiment: str, seed: int) -> pd.DataFrame:
    """A finished run of each depth with a seed, in the order of depths."""
    finished = runs[runs["status"] == "finished"]
    with_seed = finished[finished["seed"] == seed]
    if with_seed.empty:
        seeds = ", ".join(map(str, sorted(set(finished["seed"]))[:20])) or "none"
        allowed = f"no finished run of experiment {experiment} has it; there are: {seeds}"
        raise ConfigError("seed", seed, allowed)
    data = sorted(set(with_seed["dataset"]))
    if len(data) > 1:
        allowed = f"has runs on several data sets ({', '.join(data)}); must be one"
        raise ConfigError("experiment", experiment, allowed)
    if SCORE in with_seed:
        with_seed = with_seed.sort_values(SCORE, ascending=False, kind="stable")
    return with_seed.drop_duplicates("depth").sort_values("depth")
