"""Log the runs that were kept in a file while the store could not be reached."""

from nnbench.composition import jobs
from nnbench.run.config import ConfigError, RunsWaitingError
from nnbench.safety.sanitize import in_line
from nnbench.track.address import store_uri
from nnbench.track.outbox import outbox_of
from nnbench.track.sync import sync


def run(words: list[str]) -> int:
    """Log what waits in the outbox of the store in use; nothing is trained."""
    tracking = jobs.compose_job(words).sweep.tracking
    if tracking.name == "none":
        raise ConfigError("tracking", "none", "has no store to log to")
    uri = tracking.option("uri")
    report = sync(uri)
    runs = "1 run" if report.logged == 1 else f"{report.logged} runs"
    print(in_line(f"{runs} logged, {report.left} left"))  # noqa: T201
    if report.left:
        directory = outbox_of(store_uri(uri)).directory
        print(in_line(f"Those left are safe in {directory}: {report.reason}"))  # noqa: T201
    return RunsWaitingError.exit_code if report.left else 0
