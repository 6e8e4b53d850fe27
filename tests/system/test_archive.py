"""Files of arrays, and what becomes of them elsewhere."""

import os
import zipfile

import numpy as np
import pytest

from nnbench.system import archive
from nnbench.system.archive import DamagedError
from nnbench.system.leftovers import remove_if_dead

ARRAYS = {
    "numbers": np.arange(2000, dtype=np.float32).reshape(2, -1),
    "texts": np.array(["ä", "longer"], np.str_),
    "none": np.empty((0, 3), int),
    "one": np.array(3),
}


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "x.npz"
    archive.write(file, ARRAYS).close()
    return file


@pytest.mark.parametrize("compressed", [False, True])
def test_arrays_come_out_as_they_went_in(compressed, tmp_path):
    file = tmp_path / "x.npz"
    with archive.write(file, ARRAYS, compressed=compressed):
        assert os.listdir(tmp_path) == ["x.npz"]
        # As long as it is open it is in use.
        assert not remove_if_dead(file)
    back = archive.read(file)
    assert back.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert (back[name].dtype, back[name].shape) == (array.dtype, array.shape)
        np.testing.assert_array_equal(back[name], array)


@pytest.mark.parametrize(
    "change",
    [
        {"one": np.array(4)},
        {"one": np.array(3.0)},
        {"numbers": ARRAYS["numbers"].reshape(-1, 2)},
        {"more": np.array(3)},
        {"texts": np.array(["ä", "longes"], np.str_)},
        {"digest": np.array("0" * 64)},
    ],
    ids=str,
)
def test_any_change_is_noticed(change, file):
    with np.load(file) as stored:
        np.savez(file, **{**stored, **change})
    with pytest.raises(DamagedError, match=r"^was changed$"):
        archive.read(file)


def test_any_damage_is_noticed_wherever_it_is(file):
    whole = file.read_bytes()
    for place in range(0, len(whole), 37):
        flipped = bytearray(whole)
        flipped[place] ^= 0x55
        file.write_bytes(flipped)
        try:
            back = archive.read(file)
        except DamagedError:
            continue
        # In what a zip file says twice, or what interests no reader, such as its dates.
        np.testing.assert_equal(back, ARRAYS)
    for length in range(0, len(whole), 331):
        file.write_bytes(whole[:length])
        with pytest.raises(DamagedError, match=r"^is damaged$"):
            archive.read(file)


def test_content_beyond_free_memory_is_refused(tmp_path):
    file = tmp_path / "x.npz"
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb,
        bomb.open("zeros.npy", "w", force_zip64=True) as stream,
    ):
        for _ in range(300):
            stream.write(bytes(2**20))
    assert file.stat().st_size < 400_000
    with pytest.raises(DamagedError, match=r"^would unpack to 314,572,800 bytes$"):
        archive.load(file)


@pytest.mark.parametrize(
    ("shape", "damaged"),
    [("(0,)", False), ("(10**18,)", True), *((f"({10**n},)", True) for n in (9, 11, 18, 30))],
)
def test_claim_beyond_the_file_size_is_damage(shape, damaged, tmp_path):
    file = tmp_path / "x.npz"
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    with zipfile.ZipFile(file, "w") as liar:
        liar.writestr("zeros.npy", b"\x93NUMPY\x01\x00v\x00" + header.encode())
    if damaged:
        with pytest.raises(DamagedError, match=r"^is damaged$"):
            archive.load(file)
    else:
        assert archive.load(file)["zeros"].shape == (0,)


def test_what_is_written_is_never_taken_for_bomb(tmp_path, monkeypatch):
    """Weights that are all zero compress to a thousandth."""
    monkeypatch.setattr(archive, "MOST_BYTES", 100_000)
    file = tmp_path / "x.npz"
    sizes = []
    for count in (8_000, 13_000):
        archive.write(file, {"zeros": np.zeros(count)}, compressed=True).close()
        assert archive.read(file)["zeros"].shape == (count,)
        sizes.append(file.stat().st_size)
    assert sizes[0] < 2000
    assert sizes[1] > 100_000


def test_no_pickle_is_loaded(tmp_path):
    file = tmp_path / "x.npz"
    np.savez(file, evil=np.array([{"evil": 1}], dtype=object))
    with pytest.raises(DamagedError):
        archive.load(file)


def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        archive.write(tmp_path / "x.npz", ARRAYS)
    assert os.listdir(tmp_path) == []
