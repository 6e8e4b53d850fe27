"""Log the runs that were saved locally while the store was unreachable."""

from nnbench.app.phases import going_on
from nnbench.app.terminal import say
from nnbench.composition import jobs
from nnbench.run.errors import ConfigError, RunsWaitingError
from nnbench.system.limits import count_text
from nnbench.track.address import store_uri


def run(words: list[str]) -> int:
    """Log what waits in the outbox of the store in use; nothing is trained."""
    tracking = jobs.compose_job(words).sweep.tracking
    if tracking.name == "none":
        raise ConfigError("tracking", "none", "there is no store to log to")
    uri = tracking.option("uri")
    # MLflow takes seconds to load, which a mistyped key need not wait for.
    with going_on("Logging saved runs"):
        from nnbench.track.outbox import outbox_of
        from nnbench.track.sync import sync

        report = sync(uri)
    say(f"{count_text(report.logged, 'run')} logged, {report.unlogged} left", highlight=False)
    if report.unlogged:
        directory = outbox_of(store_uri(uri)).directory
        say(f"Still saved in {directory}: {report.reason}", highlight=False)
    return RunsWaitingError.exit_code if report.unlogged else 0
