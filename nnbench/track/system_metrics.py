"""MLflow's own metrics of the machine, such as its memory, on a sweep's parent run."""

from collections.abc import Iterator
from contextlib import contextmanager

from mlflow.system_metrics.system_metrics_monitor import SystemMetricsMonitor

from nnbench.track.store import Store


@contextmanager
def monitored(store: Store, run_id: str) -> Iterator[None]:
    """Log the machine's metrics with a run for as long as this lasts."""
    monitor = SystemMetricsMonitor(run_id, tracking_uri=store.uri)  # type: ignore[no-untyped-call]
    monitor.start()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        monitor.finish()  # type: ignore[no-untyped-call]
