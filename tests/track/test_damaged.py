"""Files of runs that were damaged: the run is named, and everything else goes on."""

import shutil
import zipfile

import numpy as np
import pytest

from nnbench.run.errors import ConfigError
from nnbench.system.archive import DamagedError
from nnbench.track.files import local_path
from nnbench.track.read_run import recall
from nnbench.track.read_runs import Histories, read_runs
from nnbench.track.run_files import CONFIG, CURVES, as_table, columns, read_curve, read_curves
from nnbench.track.tracker import track_sweep
from tests.track.made import DATA, made_result, write_as_before


def with_arrays(**changes):
    """Function that changes arrays of a file of curves, by name; None removes one."""

    def change(file):
        with np.load(file) as arrays:
            content = {**arrays, **changes}
        np.savez(file, **{k: v for k, v in content.items() if v is not None})

    return change


def with_columns(table="curves", **changes):
    """As `with_arrays`, for columns of a table."""

    def change(file):
        with np.load(file) as arrays:
            content = {**columns(arrays[table]), **changes}
        content = {k: v for k, v in content.items() if v is not None}
        shapes = [np.shape(values) for values in content.values()]
        with_arrays(**{table: as_table(content, min(shapes, key=len))})(file)

    return change


def as_before(change):
    """As a change of a file, of one that has an array for each curve."""

    def write_and_change(file):
        write_as_before(file)
        change(file)

    return write_and_change


def bomb(file):
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("curves/bomb.npy", bytes(300 * 2**20))


def without_endings(file):
    """Entries that NumPy gives as bytes, since they aren't called as arrays are."""
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("epochs", "layers", "moments"):
            archive.writestr(name, b"abc")


DAMAGE = {
    "bytes": without_endings,
    "empty": lambda file: file.write_bytes(b""),
    "truncated": lambda file: file.write_bytes(file.read_bytes()[:-99]),
    "text": lambda file: file.write_text("curves"),
    "other arrays": lambda file: np.savez(file, x=np.zeros(3)),
    "an array": lambda file: np.save(file.open("wb"), np.zeros(3)),
    "pickled": with_arrays(layers=np.array([{"evil": 1}], dtype=object)),
    "bomb": bomb,
    "no epochs": with_columns(epoch=None),
    "epochs that jump": with_columns(epoch=np.array([0, 1, 2**40])),
    "texts": with_columns(train_loss=np.array(["a", "b", "c"])),
    "no columns": with_arrays(curves=np.zeros((3, 2))),
    "a row": with_arrays(curves=np.zeros((), [("epoch", int), ("train_loss", float)])),
    "two axes": with_arrays(curves=np.zeros((3, 2), [("epoch", int), ("train_loss", float)])),
    "columns in a column": with_arrays(
        curves=np.zeros(3, [("epoch", int), ("train_loss", [("a", float)])])
    ),
    "no layer statistics": with_arrays(layer_statistics=None),
    "layer statistics without columns": with_arrays(layer_statistics=np.zeros((2, 2))),
    "earlier, no epochs": as_before(with_arrays(epochs=None)),
    "earlier, other epochs": as_before(with_arrays(epochs=np.arange(99))),
    "earlier, a number": as_before(with_arrays(epochs=np.array(3))),
    "earlier, texts": as_before(with_arrays(**{"curves/train_loss": np.array(["a", "b", "c"])})),
    "earlier, two axes": as_before(with_arrays(**{"curves/train_loss": np.zeros((3, 2))})),
    "layers that are none": with_arrays(layers=np.array("output")),
    "other layers": with_arrays(layers=np.array(["output"])),
    "moments that never were": with_arrays(moments=np.array([0, 9])),
}


@pytest.fixture
def logged(store):
    """A store with two runs, and the directories of their files by their keys."""
    with track_sweep(store, "trial", {}, "") as tracker:
        for number in range(2):
            tracker.log(made_result(number), f"key {number}", DATA)
    runs = read_runs(store, "trial").set_index("key")
    return store, runs, local_path(runs.loc["key 0", "artifacts"])


@pytest.mark.filterwarnings("ignore:unclosed file")
@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_curves_are_named_and_left_out(logged, damage):
    store, runs, directory = logged
    DAMAGE[damage](directory / CURVES)
    histories = Histories(store, runs.reset_index())
    broken, whole = runs.loc["key 0", "run_id"], runs.loc["key 1", "run_id"]
    assert histories.get(broken) is None
    assert len(histories[whole].epochs) == 3
    assert histories.damaged.keys() == {broken}
    with pytest.raises(DamagedError, match=histories.damaged[broken]):
        read_curves(directory / CURVES)
    with pytest.raises(ConfigError, match=f"^run={broken}: its files are damaged: ") as caught:
        recall(store, broken)
    assert "\n" not in str(caught.value)


def test_curves_of_earlier_versions_read_the_same(logged):
    _, _, directory = logged
    history = read_curves(directory / CURVES)
    write_as_before(directory / CURVES)
    earlier = read_curves(directory / CURVES)
    assert (earlier.layers, list(earlier.curves)) == (history.layers, list(history.curves))
    assert list(earlier.layer_statistics) == list(history.layer_statistics)
    for name, curve in history.curves.items():
        np.testing.assert_array_equal(read_curve(directory / CURVES, name), curve)
    with pytest.raises(KeyError):
        read_curve(directory / CURVES, "epoch")


def test_curves_longer_than_their_run_are_damaged(logged):
    store, runs, directory = logged
    broken, whole = runs.loc[["key 0", "key 1"], "run_id"]
    longer = {"epoch": np.arange(4), "train_loss": np.zeros(4), "validation_loss": np.zeros(4)}
    with_arrays(curves=as_table(longer, (4,)))(directory / CURVES)
    for read in (lambda histories: histories[broken],
                 lambda histories: histories.curve(broken, "train_loss")):  # fmt: skip
        histories = Histories(store, runs.reset_index())
        with pytest.raises(KeyError):
            read(histories)
        assert histories.damaged == {broken: "has more epochs than its run"}
        assert len(histories.curve(whole, "train_loss")) == 3


def test_curves_that_are_not_there_are_not_damaged(logged):
    store, runs, directory = logged
    (directory / CURVES).unlink()
    histories = Histories(store, runs.reset_index())
    assert histories.get(runs.loc["key 0", "run_id"]) is None
    assert histories.damaged == {}


GARBAGE = [
    b"",
    b"\x00\xff",
    b"depth: [1,",
    b"- 1\n- 2",
    b"depth: 3",
    b"{dataset: {name: iris}, optimizer: {name: adam}, depth: deep}",
    b"{dataset: iris, optimizer: {name: adam}, depth: 3}",
    b"{dataset: {name: iris}, optimizer: {name: adam}, depth: 3, no_key: 3}",
    b"!!python/object:os.x {}",
    b"[" * 20000,
]


@pytest.mark.parametrize("content", GARBAGE)
def test_a_damaged_configuration_is_said_in_one_line(logged, content):
    store, runs, directory = logged
    (directory / CONFIG).write_bytes(content)
    with pytest.raises(ConfigError, match=r"^run=") as caught:
        recall(store, runs.loc["key 0", "run_id"])
    assert "\n" not in str(caught.value)


def test_run_without_files_is_said_in_one_line(logged):
    store, runs, directory = logged
    shutil.rmtree(directory)
    with pytest.raises(ConfigError, match="its files"):
        recall(store, runs.loc["key 0", "run_id"])


def test_one_curve_is_read_as_all_are(logged):
    store, runs, directory = logged
    histories = Histories(store, runs.reset_index())
    run_id = runs.loc["key 0", "run_id"]
    curves = histories[run_id].curves
    for name, curve in curves.items():
        np.testing.assert_array_equal(histories.curve(run_id, name), curve)
    with pytest.raises(KeyError):
        histories.curve(run_id, "validation_nothing")
    (directory / CURVES).write_bytes(b"PK")
    with pytest.raises(KeyError):
        histories.curve(run_id, next(iter(curves)))
    assert histories.damaged.keys() == {run_id}
