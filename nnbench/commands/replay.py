"""Train a tracked run again and check that every value is identical: replay RUN_ID."""

from nnbench.app.phases import going_on
from nnbench.composition.flags import run_named
from nnbench.composition.jobs import compose_job
from nnbench.track.store import probe


def run(words: list[str]) -> int:
    """Compare bit for bit; the exit code is 1 if anything differs."""
    run_id, settings = run_named("replay", words)
    uri = compose_job(settings).sweep.tracking.option("uri")
    probe(uri, create=False)
    # MLflow takes seconds to load, which a mistyped key need not wait for.
    with going_on("Reading the run"):
        from nnbench.app.rerun import replay

    return replay(uri, run_id)
