"""Keys of the runs that are tracked already."""

from dataclasses import dataclass, field

from sqlalchemy import bindparam, text

from nnbench.track.run_records import search_all
from nnbench.track.store import Store

TRACKED = """
SELECT runs.rowid, tags.value, runs.status
FROM runs CROSS JOIN tags ON tags.run_uuid = runs.run_uuid
WHERE (runs.rowid > :newest OR runs.rowid IN :running) AND +runs.experiment_id = :experiment
AND tags.key = 'nnbench.key' AND runs.lifecycle_stage = 'active'
"""
"""Keys straight from an SQLite store: MLflow's search loads all metrics and parameters with them,
which takes half a minute for 10,000 runs instead of a tenth of a second. CROSS and + make SQLite go
by the row number, so that finding new ones is quick."""


@dataclass
class TrackedKeys:
    """The keys of the runs of an experiment that have finished or diverged, from any process."""

    store: Store
    experiment_id: str
    finished: set[str] = field(default_factory=set)
    newest: int = 0
    """Number of the last row that was read, so that later only new ones are."""
    running: set[int] = field(default_factory=set)
    """Rows that had not ended when they were read: what is shown while it trains."""

    def __contains__(self, key: object) -> bool:
        if self.store.file is None or self.store.engine is None:
            return bool(search(self.store, self.experiment_id, f"tags.`nnbench.key` = '{key}'"))
        query = text(TRACKED).bindparams(bindparam("running", expanding=True))
        values = {
            "newest": self.newest,
            "running": sorted(self.running),
            "experiment": int(self.experiment_id),
        }
        with self.store.engine.connect() as connection:
            rows = connection.execute(query, values).all()
        self.finished.update(key for _, key, status in rows if status == "FINISHED")
        self.running = {row for row, _, status in rows if status == "RUNNING"}
        self.newest = max([self.newest, *(row for row, *_ in rows)])
        return key in self.finished


def search(store: Store, experiment_id: str, condition: str) -> set[str]:
    """Keys of the finished runs that fulfil a condition."""
    runs = search_all(store, experiment_id, f"attributes.status = 'FINISHED' and {condition}")
    return {run.data.tags["nnbench.key"] for run in runs}
