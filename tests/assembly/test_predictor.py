import json

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

import nnbench
from nnbench.assembly import build, predictor
from nnbench.data.split import split
from nnbench.run.metrics import OBJECTIVE
from tests.build_small import run, stacked


def trained_run(**settings):
    result = nnbench.train(run(**settings), weights=True)
    data = build.dataset(result.config.dataset)
    return result, data, predictor.from_weights(result.config, data, result.weights)


@pytest.mark.parametrize(
    "settings",
    [
        {"norm": "batch", "residual": True, "depth": 2},
        {"dataset": "linnerud", "dtype": "float32"},
        {"dataset": "digits", "epochs": 1, "dtype": "float32", "depth": 2, "dropout": 0.2},
        {"optimizer": "schedule_free_sgd"},
        {"average": "ema"},
    ],
)
def test_weights_are_those_of_the_best_epoch(settings, tmp_path):
    result, data, network = trained_run(**settings)
    network.save(tmp_path)
    config = result.config
    parts = split(data, config.seed, config.validation_size, config.test_size)

    for rows, prefix in ((parts.validation, "best_validation"), (parts.test, "test")):
        predictions = predictor.load(tmp_path).predict(data.x[rows])
        name = f"{prefix}_{OBJECTIVE[data.task]}"
        if data.task == "classification":
            score = np.mean(predictions["class"] == data.y[rows])
        else:
            scores = np.column_stack(list(predictions.values()))
            y = data.y[rows]
            score = np.mean(1 - ((scores - y) ** 2).sum(0) / ((y - y.mean(0)) ** 2).sum(0))
        assert score == pytest.approx(result.final[name], abs=1e-6)


@pytest.mark.parametrize("settings", [{}, {"dataset": "digits", "dtype": "float32", "epochs": 1}])
def test_inputs_are_scaled_as_in_training_to_bit(settings):
    config = run(**settings)
    stack, data = stacked([config]), build.dataset(config.dataset)
    rows = stack.batches.train[:, :20]
    seen = np.empty((1, 20, *data.x.shape[1:]), config.dtype)
    stack.batches.gather(rows, seen, np.empty((1, 20, data.outputs), config.dtype))

    assert np.array_equal(stack.batches.scaling(0).inputs(data.x[rows[0]], config.dtype), seen[0])


def test_files_hold_all_of_it(tmp_path):
    _, data, network = trained_run()
    network.save(tmp_path)
    again = predictor.load(tmp_path)

    assert again.config == network.config
    assert np.array_equal(again.answers(data.x), network.answers(data.x))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.json", "weights.npz"]


@pytest.mark.parametrize(
    ("loss", "kind", "total"),
    [("cross_entropy", "probability", 1), ("focal", "probability", 1), ("hinge", "score", None)],
)
def test_probabilities_are_where_the_loss_has_them(loss, kind, total):
    _, data, network = trained_run(loss=loss)
    predictions = network.predict(data.x[:5])

    numbers = np.column_stack([predictions[f"{kind}_{i}"] for i in range(3)])
    assert np.array_equal(numbers.argmax(1), predictions["class"])
    assert total is None or np.allclose(numbers.sum(1), total)


def test_weights_are_handed_out_only_when_asked_for():
    assert nnbench.train(run()).weights is None
    lost = nnbench.train(run(optimizer="sgd", lr=1e9), weights=True)
    assert lost.status == "diverged"
    assert lost.weights is None


def test_each_run_of_a_stack_gets_its_own():
    configs = [run(seed=seed) for seed in (0, 1)]
    together = nnbench.train_stack(configs, weights=True)
    for config, result in zip(configs, together, strict=True):
        assert np.array_equal(result.weights, nnbench.train(config, weights=True).weights)


def test_layers_are_watched_without_rows_that_fill_batch():
    _, data, network = trained_run()
    seen = {}
    network.answers(data.x[:5], lambda at, y: seen.setdefault(at, y.copy()))
    assert [len(y) for y in seen.values()] == [5] * len(network.network().layers)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("depth", 10**18, "depth=1000000000000000000: needs more memory than is free"),
        ("depth", 4, r"values has shape \(\d+,\), its network \d+ numbers"),
        ("width", 10**18, r"values has shape \(\d+,\), its network \d{19,} numbers"),
    ],
)
def test_sizes_other_than_those_of_weights_are_refused(key, value, message, tmp_path):
    """Before anything of that size is made."""
    _, _, network = trained_run(depth=2)
    network.save(tmp_path)
    file = tmp_path / "run.json"
    text = json.loads(file.read_text())
    text["config"][key] = value
    file.write_text(json.dumps(text))

    with pytest.raises(ValueError, match=f"^{message}$"):
        predictor.load(tmp_path)


def test_prediction_has_one_thread_whatever_the_process_has():
    _, data, network = trained_run()
    seen = set()

    def watch(position, y):
        seen.update(library["num_threads"] for library in threadpool_info())

    with threadpool_limits(2):
        network.answers(data.x, watch)
    assert seen == {1}
