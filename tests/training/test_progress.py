import numpy as np

import nnbench
from nnbench.assembly import build
from nnbench.training import progress, train
from nnbench.training.loop import Loop
from nnbench.training.progress import Progress, unpack


def test_progress_tells_each_runs_share():
    words = ["dataset=iris", "epochs=4", "width=4", "loss=mse", "optimizer=sgd"]
    configs = nnbench.compose_all([*words, "seeds=2"])
    configs.append(nnbench.compose([*words, "seed=5", "lr=1e9"]))
    messages = []
    stack = build.stack(configs, build.dataset(configs[0].dataset))
    results = train(
        stack, progress=Progress("name", lambda *message: messages.append(message), 0.0)
    )
    # After each of an epoch's four steps, and at its end.
    assert [name for name, _ in messages] == ["name"] * 20
    for number, (_, message) in enumerate(messages):
        epoch = (number + 1) // 5
        done = number // 5 + min(number % 5 + 1, 4) / 4
        for partial, result in zip(unpack(message, configs), results, strict=True):
            last = min(epoch, int(result.history.epochs[-1]))
            assert (partial.config, partial.status) == (result.config, "running")
            assert partial.share == done / 4
            assert partial.history.epochs.tolist() == list(range(last + 1))
            for name, curve in result.history.curves.items():
                np.testing.assert_array_equal(partial.history.curves[name], curve[: last + 1])
    assert results[2].status == "diverged"


def test_short_training_reports_nothing():
    config = nnbench.compose(["dataset=iris", "epochs=2", "width=4", "loss=mse"])
    stack = build.stack([config], build.dataset(config.dataset))

    def fail(name, message):
        raise OSError("no room")

    alone = train(stack)[0]
    assert train(stack, progress=Progress("name", lambda *_: 1 / 0))[0].final == alone.final
    assert train(stack, progress=Progress("name", fail, 0.0))[0].final == alone.final


def test_time_before_the_first_step_does_not_count(monkeypatch):
    clock = [0.0]

    def record_slowly(loop, epoch):
        clock[0] += 100.0 * (epoch == 0)
        record(loop, epoch)

    record = Loop.record
    monkeypatch.setattr(progress, "monotonic", lambda: clock[0])
    monkeypatch.setattr(Loop, "record", record_slowly)
    config = nnbench.compose(["dataset=iris", "epochs=2", "width=4", "loss=mse"])
    messages = []
    sender = Progress("name", lambda *message: messages.append(message))
    train(build.stack([config], build.dataset(config.dataset)), progress=sender)

    assert clock == [100.0]
    assert messages == []
