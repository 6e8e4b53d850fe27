import numpy as np
import pytest

from nnbench.run.result import MACHINE
from nnbench.system import machine as room
from nnbench.system.machine import machine, processor

NUMPYS = f"{np.__file__.rpartition('/')[0]}.libs/libscipy_openblas64_.so"


@pytest.fixture
def libraries(monkeypatch):
    """Have other libraries be loaded than those that are."""
    loaded = []
    monkeypatch.setattr(room, "threadpool_info", lambda: loaded)
    machine.cache_clear()
    yield loaded
    machine.cache_clear()


def library(path, **values):
    return {"user_api": "blas", "internal_api": "openblas", "filepath": path, **values}


def test_this_machine_is_known():
    assert set(machine()) <= set(MACHINE)
    assert machine()["processor"]


def test_blas_is_that_of_numpy(libraries):
    libraries += [
        {"user_api": "openmp", "internal_api": "openmp", "filepath": NUMPYS, "version": "5"},
        library("/scipy.libs/a.so", version="0.3.30", architecture="Haswell"),
        library(NUMPYS, version="0.3.31", architecture="SkylakeX"),
    ]

    assert machine() == {
        "processor": processor(), "blas": "OpenBLAS 0.3.31", "blas_kernel": "SkylakeX"
    }  # fmt: skip


def test_what_is_unknown_is_left_out(libraries):
    assert machine() == {"processor": processor()}
    machine.cache_clear()
    libraries.append({**library("/mkl.so", version=None), "internal_api": "mkl"})
    assert machine() == {"processor": processor(), "blas": "MKL"}


def test_processor_is_named_by_its_model(tmp_path, monkeypatch):
    file = tmp_path / "cpuinfo"
    monkeypatch.setattr(room, "PROCESSORS", file)
    assert processor()
    file.write_text("processor\t: 0\nmodel name\t: AMD EPYC 7B13 \nmodel name\t: another\n")
    assert processor() == "AMD EPYC 7B13"
    file.write_text("CPU part : 0xd0c\n")
    assert "EPYC" not in processor()
