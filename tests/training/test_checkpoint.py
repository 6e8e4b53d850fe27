"""A stack that was cut off goes on bit for bit as if it had never stopped."""

from dataclasses import replace

import numpy as np
import pytest

from nnbench.system import archive, leftovers
from nnbench.training import train
from nnbench.training.checkpoint import Checkpoint, find_checkpoints, remove_needless
from nnbench.training.state import Training
from tests.build_small import component, options, repeats, run, stacked

KEYS = ["a", "b", "c"]


class CutError(Exception):
    """Stands for the end of the process."""


def cut_off(configs, file, epoch, monkeypatch):
    """Train until the checkpoint of an epoch has been written, and no further."""
    keep = Checkpoint.keep

    def keep_and_die(self, training, now):
        keep(self, training, now)
        if now == epoch:
            raise CutError

    with monkeypatch.context() as patch:
        patch.setattr(Checkpoint, "keep", keep_and_die)
        with pytest.raises(CutError):
            train(stacked(configs), Checkpoint(file, KEYS, 0))


def assert_same(results, others):
    for first, other in zip(results, others, strict=True):
        assert (first.config, first.status, first.reason) == (
            other.config,
            other.status,
            other.reason,
        )
        assert first.final == other.final
        np.testing.assert_equal(first.history.layer_statistics, other.history.layer_statistics)
        assert first.history.curves.keys() == other.history.curves.keys()
        for name, curve in first.history.curves.items():
            np.testing.assert_array_equal(curve, other.history.curves[name])


@pytest.mark.parametrize("optimizer", options("optimizer"))
@pytest.mark.parametrize("epoch", [1, 4, 5])
def test_goes_on_as_if_never_stopped(optimizer, epoch, tmp_path, monkeypatch):
    configs = repeats(run(optimizer=optimizer, epochs=5, schedule="cosine"), range(3))
    file = tmp_path / "x.npz"
    cut_off(configs, file, epoch, monkeypatch)

    resumed = train(stacked(configs), Checkpoint(file, KEYS, 1e9))

    assert_same(resumed, train(stacked(configs)))


@pytest.mark.parametrize("epoch", [1, 4, 5])
def test_goes_on_with_rates_that_follow_the_loss(epoch, tmp_path, monkeypatch):
    schedule = {"factor": 0.5, "patience": 1, "threshold": 0.1}
    configs = [
        run(epochs=9, schedule="plateau", changes={"schedule": schedule}, lr=lr, seed=seed)
        for seed, lr in enumerate([1e-4, 0.01, 0.1])
    ]
    file = tmp_path / "x.npz"
    cut_off(configs, file, epoch, monkeypatch)

    resumed = train(stacked([configs[2], configs[0]]), Checkpoint(file, ["c", "a"], 1e9))

    whole = train(stacked(configs))
    assert_same(resumed, [whole[2], whole[0]])
    plain = train(stacked([replace(c, schedule=run().schedule) for c in configs]))
    assert resumed[1].final != plain[0].final


def test_restart_continues_with_stopped_and_diverged_runs(tmp_path, monkeypatch):
    configs = [
        run(epochs=6, optimizer="sgd", lr=0.1, weight_decay=0.01),
        run(epochs=6, optimizer="sgd", lr=1e6, seed=1, weight_decay=0.02),
        run(epochs=6, optimizer="sgd", lr=1e-9, seed=2, weight_decay=0.03, patience=1),
    ]
    file = tmp_path / "x.npz"
    cut_off(configs, file, 4, monkeypatch)
    alone = train(stacked(configs))
    assert [result.status for result in alone] == ["finished", "diverged", "finished"]

    assert_same(train(stacked(configs), Checkpoint(file, KEYS, 1e9)), alone)


@pytest.mark.parametrize("epoch", [1, 4])
@pytest.mark.parametrize(
    "settings",
    [
        {"norm": "batch", "average": "ema"},
        {"norm": "batch", "wrapper": "sam", "average": "swa"},
        {"norm": "layer", "dropout": 0.3, "residual": True, "depth": 2},
        {"norm": "batch", "dropout": 0.3, "wrapper": "sam", "optimizer": "adamw"},
        {"wrapper": "lookahead", "average": "ema", "optimizer": "momentum"},
        {"wrapper": "sam", "optimizer": "schedule_free_adamw", "average": "swa"},
        {"norm": "batch", "wrapper": "lookahead", "optimizer": "schedule_free_sgd"},
    ],
    ids=str,
)
def test_goes_on_with_all_that_stands_around(settings, epoch, tmp_path, monkeypatch):
    """After one run has left, for the others in another order, each with its own numbers."""
    own = {
        "wrapper": {"rho": (0.01, 0.1, 1.0), "period": (2, 5, 7), "share": (0.3, 0.5, 1.0)},
        "average": {"decay": (0.5, 0.9, 0.99), "start": (0.0, 0.3, 0.5)},
    }
    configs = []
    for number in range(3):
        changes = {
            group: {
                key: values[number]
                for key, values in numbers.items()
                if key in (component(group, settings[group]).options or {})
            }
            for group, numbers in own.items()
            if group in settings
        }
        config = run(
            epochs=6, seed=number, lr=0.01 * (number + 1), l1=0.001 * (number + 1),
            clip_norm=1.0 + number, clip_value=0.5 + number, changes=changes, **settings,
        )  # fmt: skip
        configs.append(replace(config, lr=1e-9, patience=1) if number == 1 else config)
    file = tmp_path / "x.npz"
    cut_off(configs, file, epoch, monkeypatch)

    resumed = train(stacked([configs[2], configs[0]]), Checkpoint(file, ["c", "a"], 1e9))

    whole = train(stacked(configs))
    assert_same(resumed, [whole[2], whole[0]])
    assert_same(resumed, [train(stacked([configs[number]]))[0] for number in (2, 0)])
    assert len(whole[1].history.epochs) < 7


def test_some_of_runs_go_on_in_any_order(tmp_path, monkeypatch):
    configs = [run(epochs=5, lr=0.01 * (1 + s), seed=s) for s in range(3)]
    file = tmp_path / "x.npz"
    cut_off(configs, file, 3, monkeypatch)

    some = [configs[2], configs[0]]
    resumed = train(stacked(some), Checkpoint(file, ["c", "a"], 1e9))

    assert_same(resumed, train(stacked(some)))


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 damaged", b"not a zip file"])
def test_what_is_no_checkpoint_is_no_beginning(content, tmp_path):
    file = tmp_path / f"{'a' * 24}.npz"
    if content is not None:
        file.write_bytes(content)
    configs = repeats(run(epochs=2), range(3))

    assert_same(train(stacked(configs), Checkpoint(file, KEYS, 1e9)), train(stacked(configs)))
    damaged = [] if content is None else [(file, [], "is damaged")]
    assert list(find_checkpoints(tmp_path)) == damaged


def test_a_changed_checkpoint_is_noticed_and_no_beginning(tmp_path, monkeypatch):
    """Even where every array has the right form: with other weights it would train to others."""
    configs = repeats(run(epochs=5), range(3))
    file = tmp_path / f"{'a' * 24}.npz"
    cut_off(configs, file, 3, monkeypatch)
    assert list(find_checkpoints(tmp_path)) == [(file, KEYS, "")]
    with np.load(file) as stored:
        arrays = dict(stored)
    arrays["params"][0, 0] += 1
    np.savez(file, **arrays)

    assert list(find_checkpoints(tmp_path)) == [(file, [], "was changed")]
    assert_same(train(stacked(configs), Checkpoint(file, KEYS, 1e9)), train(stacked(configs)))
    whole = tmp_path / f"{'b' * 24}.npz"
    cut_off(configs, whole, 3, monkeypatch)
    file.write_bytes(whole.read_bytes()[:-900])
    whole.write_bytes(b"")
    assert [reason for *_, reason in find_checkpoints(tmp_path)] == ["is damaged"] * 2


def test_needless_checkpoints_are_removed_except_for_the_living(tmp_path, monkeypatch):
    configs = repeats(run(epochs=2), range(3))
    names = {letter: tmp_path / f"{letter * 24}.npz" for letter in "abcd"}
    for letter in "abc":
        cut_off(configs, names[letter], 1, monkeypatch)
    names["d"].write_text("damaged")
    unfinished = tmp_path / f"{'a' * 24}-abcdefgh.part"
    mine = [tmp_path / "mine.npz", tmp_path / "mine.part", tmp_path / f"{'A' * 24}.npz"]
    for file in (unfinished, *mine):
        file.touch()
    alive = Checkpoint(names["b"], KEYS, 1e9)
    alive.begin(Training(stacked(configs)))
    writing = tmp_path / f"{'e' * 24}-abcdefgh.part"
    with writing.open("wb") as stream:
        leftovers.lock(stream.fileno())
        remove_needless(tmp_path, {*KEYS[:2]})
        assert set(tmp_path.iterdir()) == {*names.values(), *mine, writing} - {names["d"]}
        remove_needless(tmp_path, {*KEYS, "more"})
        assert set(tmp_path.iterdir()) == {names["b"], *mine, writing}
    alive.release()
    for file in mine:
        file.unlink()
    remove_needless(tmp_path, KEYS)
    assert not tmp_path.exists()


def test_checkpoint_is_written_in_time_and_removed(tmp_path):
    configs = repeats(run(epochs=2), range(3))
    rare = Checkpoint(tmp_path / "in" / f"{'a' * 24}.npz", KEYS, 1e9)
    train(stacked(configs), rare)
    assert not rare.file.exists()

    often = Checkpoint(tmp_path / "in" / f"{'b' * 24}.npz", KEYS, 0)
    train(stacked(configs), often)
    assert list(find_checkpoints(often.file.parent)) == [(often.file, KEYS, "")]
    assert list(often.file.parent.iterdir()) == [often.file]

    often.remove()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_stops_no_training(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    (result,) = train(stacked([run(epochs=2)]), Checkpoint(tmp_path / "x.npz", ["a"], 0))

    assert result.status == "finished"
    assert list(tmp_path.iterdir()) == []


def test_no_pickle_is_loaded(tmp_path):
    file = tmp_path / f"{'a' * 24}.npz"
    np.savez(file, keys=np.array([{"evil": 1}], dtype=object), epoch=3)

    assert list(find_checkpoints(tmp_path)) == [(file, [], "is damaged")]
    training = Training(stacked([run()]))
    assert Checkpoint(file, ["a"], 1e9).begin(training) == 0


@pytest.mark.parametrize(
    "spoilt", ["state/0", "recorder/best_values", "streams/order", "streams/dropout", "curves"]
)
def test_a_checkpoint_of_another_make_changes_nothing(spoilt, tmp_path, monkeypatch):
    """As one is that an optimizer with another state has left."""
    configs = repeats(run(epochs=5), range(3))
    file = tmp_path / "x.npz"
    cut_off(configs, file, 3, monkeypatch)
    with np.load(file) as stored:
        arrays = dict(stored)
    if spoilt == "curves":
        arrays = {name: array for name, array in arrays.items() if "curves/" not in name}
    elif spoilt == "state/0":
        arrays[spoilt] = arrays[spoilt][:, :-1]
    else:
        del arrays[spoilt]
    del arrays["digest"]
    archive.write(file, arrays).close()

    resumed = train(stacked(configs), Checkpoint(file, KEYS, 1e9))

    assert_same(resumed, train(stacked(configs)))
