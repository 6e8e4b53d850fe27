"""Records read from rows against those that MLflow's client gives."""

from nnbench.track import run_records
from nnbench.track.tracker import track_sweep
from tests.track.made import DATA, made_result


def test_rows_give_what_client_gives_page_by_page(store, monkeypatch):
    monkeypatch.setattr(run_records, "PAGE", 2)
    with track_sweep(store, "trial", {"seeds": 2}, "command") as tracker:
        for seed, status in enumerate(("finished", "diverged", "failed", "finished")):
            tracker.log(made_result(seed, status), f"key {seed}", DATA)
        deleted = tracker.log(made_result(7), "deleted", DATA)
        store.client.delete_run(deleted)
        tracker.show(made_result(8), "shown", DATA)
        by_rows = list(run_records.by_rows(store.engine, int(tracker.experiment_id)))
        requested = list(run_records.by_requests(store, tracker.experiment_id))

    def by_id(records):
        return sorted(records, key=lambda record: record.run_id)

    assert len(by_rows) == 6
    assert {record.digest for record in by_rows} == {"", DATA.fingerprint}
    assert by_id(by_rows) == by_id(requested)
    starts = [store.client.get_run(record.run_id).info.start_time for record in by_rows]
    assert starts == sorted(starts)
