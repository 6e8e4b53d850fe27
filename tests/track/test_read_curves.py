import nnbench
from nnbench.assembly import build
from nnbench.sweep.plan import run_key
from nnbench.track.read_runs import LEFT_OUT
from nnbench.track.tracker import track_sweep


def test_row_for_each_run_epoch_and_metric(store):
    configs = nnbench.compose_all(["dataset=iris", "epochs=3", "width=4", "depth=1", "seeds=2"])
    results = nnbench.train_stack(configs)
    data = build.dataset(configs[0].dataset)
    with track_sweep(store, "trial", {}, "") as tracker:
        ids = [
            tracker.log(result, run_key(result.config, data.fingerprint), data)
            for result in results
        ]

    curves = nnbench.load_curves("trial")

    assert list(curves.columns) == ["run_id", "epoch", "metric", "value"]
    assert not curves.duplicated(["run_id", "epoch", "metric"]).any()
    assert set(curves["run_id"]) == set(ids) == set(nnbench.load_runs("trial")["run_id"])
    for run_id, result in zip(ids, results, strict=True):
        for metric, curve in result.history.curves.items():
            rows = curves[(curves["run_id"] == run_id) & (curves["metric"] == metric)]
            assert rows["epoch"].tolist() == [0, 1, 2, 3]
            assert rows["value"].tolist() == [float(value) for value in curve]
    assert len(curves) == 2 * 4 * len(results[0].history.curves)
    assert curves.attrs[LEFT_OUT] == {}


def test_runs_without_curves_have_no_rows(store):
    (config,) = nnbench.compose_all(["dataset=iris", "epochs=1", "seeds=1"])
    failed = nnbench.train(config).__class__(config, "failed", reason="broken")
    with track_sweep(store, "trial", {}, "") as tracker:
        tracker.log(failed, "a", build.dataset(config.dataset))

    curves = nnbench.load_curves("trial")

    assert len(curves) == 0
    assert [str(kind) for kind in curves.dtypes[["epoch", "value"]]] == ["int64", "float64"]
