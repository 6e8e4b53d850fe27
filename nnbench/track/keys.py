"""Which runs are tracked already, by their keys."""

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from nnbench.track.store import Store, connect_file

TRACKED = """
SELECT runs.rowid, tags.value FROM runs CROSS JOIN tags ON tags.run_uuid = runs.run_uuid
WHERE runs.rowid > ? AND +runs.experiment_id = ? AND tags.key = 'nnbench.key'
AND runs.status = 'FINISHED' AND runs.lifecycle_stage = 'active'
"""
"""Keys straight from an SQLite store: MLflow's search loads all metrics and parameters with them,
which takes half a minute for 10,000 runs instead of a tenth of a second. CROSS and + make SQLite go
by the row number, so that a look at what is new is quick."""


@dataclass
class TrackedKeys:
    """The keys of the runs of an experiment that have finished or diverged, whoever logs them."""

    store: Store
    experiment_id: str
    seen: set[str] = field(default_factory=set)
    newest: int = 0
    """Number of the last row that was read, so that later only new ones are."""

    def __contains__(self, key: object) -> bool:
        if self.store.file is None:
            return bool(search(self.store, self.experiment_id, f"tags.`nnbench.key` = '{key}'"))
        return key in self.all()

    def all(self) -> set[str]:
        """Every key."""
        if self.store.file is None:
            return search(self.store, self.experiment_id, "tags.`nnbench.key` != ''")
        rows = select(self.store.file, TRACKED, self.newest, int(self.experiment_id))
        self.newest = max([self.newest, *(row for row, _ in rows)])
        self.seen.update(key for _, key in rows)
        return self.seen


def finished_keys(store: Store, experiment: str) -> set[str]:
    """Keys of the runs of an experiment that need not be trained again.

    Those are the finished and the diverged ones: a failed run is worth another try.
    """
    found = store.client.get_experiment_by_name(experiment)
    if found is None or found.lifecycle_stage != "active":
        return set()
    return TrackedKeys(store, found.experiment_id).all()


def select(file: Path, query: str, *values: object) -> list[tuple[int, str]]:
    """The rows that a query on an SQLite file finds."""
    with closing(connect_file(file)) as database:
        return database.execute(query, values).fetchall()


def search(store: Store, experiment_id: str, condition: str) -> set[str]:
    """Keys of the finished runs that fulfil a condition, page by page."""
    keys: set[str] = set()
    token = None
    while token != "":
        page = store.client.search_runs(
            [experiment_id], f"attributes.status = 'FINISHED' and {condition}", page_token=token
        )
        keys |= {run.data.tags["nnbench.key"] for run in page}
        token = page.token or ""
    return keys
