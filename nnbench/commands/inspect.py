"""Write a page on what a run's layers have learnt: inspect RUN_ID, or experiment=NAME seed=0."""

from nnbench.allowed import whole
from nnbench.app.phases import phase
from nnbench.composition.flags import run_named
from nnbench.composition.jobs import compose_job
from nnbench.run.errors import ConfigError
from nnbench.track.store import probe

SEED = whole(0)


def run(words: list[str]) -> int:
    """Write the page of the run that is named, or of a run of each depth of an experiment."""
    if not any("=" not in word for word in words) and any(map(is_experiment, words)):
        return run_depths(words)
    run_id, settings = run_named("inspect", words)
    for word in filter(is_experiment, settings):
        key, _, value = word.partition("=")
        raise ConfigError(key, value, "has no effect with the id of a run")
    uri = compose_job(settings).sweep.tracking.option("uri")
    probe(uri, create=False)
    # MLflow and the charts take seconds to load, which a mistyped key need not wait for.
    with phase("Reading the run"):
        from nnbench.app.inspecting import inspect

    inspect(uri, run_id, words)
    return 0


def is_experiment(word: str) -> bool:
    """True for a word that chooses runs of an experiment."""
    return word.startswith(("experiment=", "seed="))


def run_depths(words: list[str]) -> int:
    """Write the page with the decision regions of all depths of an experiment, for one seed."""
    seed = "0"
    for word in words:
        if word.startswith("seed="):
            seed = word.removeprefix("seed=")
    if not (seed.isascii() and seed.isdigit()):
        raise ConfigError("seed", seed, f"must be {SEED}")
    sweep = compose_job([word for word in words if not word.startswith("seed=")]).sweep
    uri = sweep.tracking.option("uri")
    probe(uri, create=False)
    with phase(f"Reading experiment {sweep.experiment}"):
        from nnbench.app.inspecting_depths import inspect_depths

    inspect_depths(uri, sweep.experiment, int(seed), words)
    return 0
