"""Parameters that all runs of a sweep share: they stand on its parent run, and are read there."""

from collections.abc import Iterable, Sequence

from nnbench.system.archive import DamagedError
from nnbench.track.failures import of_mlflow
from nnbench.track.files import files_of
from nnbench.track.run_files import CONFIG, read_config
from nnbench.track.run_records import RunRecord
from nnbench.track.settings import SETTING, is_of_runs
from nnbench.track.store import Store


def add_shared(store: Store, records: Sequence[RunRecord], runs: Iterable[RunRecord]) -> list[str]:
    """Add to each run what its sweep's parent run, among the records, says of all of its runs.

    If the parent was deleted, it is read from the run's own file. Runs of earlier versions have it
    all. Returns the ids of the runs whose settings are lost.
    """
    sweeps = {
        record.run_id: {key: value for key, value in record.params.items() if is_of_runs(key)}
        for record in records
        if "nnbench.key" not in record.tags
    }
    lost = []
    for record in runs:
        shared = sweeps.get(record.tags.get("nnbench.sweep", ""))
        if shared is None and SETTING in record.tags:
            shared = in_file(store, record)
            if not shared:
                lost.append(record.run_id)
        record.params = {**(shared or {}), **record.params}
    return lost


def in_file(store: Store, record: RunRecord) -> dict[str, str]:
    """The settings of a run as its file has them; none if it is unreadable."""
    try:
        with files_of(store, record.artifact_uri).fetched(CONFIG) as file:
            flat = read_config(file).flat()
    except of_mlflow(DamagedError, OSError, TypeError):
        return {}
    return {key: str(value) for key, value in flat.items() if value is not None}
