"""Write a page on what each layer of a tracked run has learnt: inspect RUN_ID."""

from nnbench.app.phases import phase
from nnbench.composition.flags import run_named
from nnbench.composition.jobs import compose_job
from nnbench.track.store import probe


def run(words: list[str]) -> int:
    """Write the page of the run that is named."""
    run_id, settings = run_named("inspect", words)
    uri = compose_job(settings).sweep.tracking.option("uri")
    probe(uri, create=False)
    # MLflow and the charts take seconds to load, which a mistyped key need not wait for.
    with phase("Reading the run"):
        from nnbench.app.inspecting import inspect

    inspect(uri, run_id, words)
    return 0
