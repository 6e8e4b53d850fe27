"""Limits of a process, and their errors; memory and disk are simulated."""

import pytest

from nnbench.system import limits
from nnbench.system.limits import (
    LimitError,
    allowing,
    amount_text,
    free_memory,
    require_memory,
    require_runs,
    rounded_up,
)

GB = 10**9


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine with 50 GB free; returns what writes files of its cgroups."""
    memory = type("Memory", (), {"available": 50 * GB})
    monkeypatch.setattr(limits.psutil, "virtual_memory", lambda: memory)
    monkeypatch.setattr(limits, "CGROUPS", tmp_path / "groups")
    monkeypatch.setattr(limits, "OWN_CGROUP", tmp_path / "own")

    def write(own="", **files):
        (tmp_path / "own").write_text(own)
        for name, text in files.items():
            file = tmp_path / "groups" / name.replace("__", "/").replace("_dot_", ".")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    return write


def group(folder, most, used, cached, names=("memory_dot_max", "memory_dot_current")):
    """The files of a cgroup of version 2."""
    limit, usage = names
    stat = f"anon 1\ninactive_file {cached}\ntotal_inactive_file {cached}\n"
    return {
        f"{folder}{limit}": f"{most}\n",
        f"{folder}{usage}": f"{used}\n",
        f"{folder}memory_dot_stat": stat,
    }


def test_without_cgroups_what_the_machine_has_is_free(machine):
    assert free_memory() == 50 * GB


def test_every_enclosing_group_limits_memory(machine):
    machine("0::/outer/inner\n", **group("outer__inner__", "max", 9, 0))
    assert free_memory() == 50 * GB
    machine("0::/outer/inner\n", **group("outer__", 8 * GB, 5 * GB, 2 * GB))
    assert free_memory() == 5 * GB
    machine("0::/outer/inner\n", **group("outer__inner__", 3 * GB, 2 * GB, 0))
    assert free_memory() == GB


def test_container_with_a_root_group_is_limited(machine):
    machine("0::/docker/not/seen/here\n", **group("", 4 * GB, GB, 0))
    assert free_memory() == 3 * GB


def test_a_group_of_version_1_limits_memory(machine):
    names = ("memory_dot_limit_in_bytes", "memory_dot_usage_in_bytes")
    own = "4:memory:/job\n1:name=systemd:/job\n"
    machine(own, **group("memory__job__", 6 * GB, 2 * GB, GB, names))
    assert free_memory() == 5 * GB


def test_a_group_that_is_full_leaves_nothing(machine):
    machine("0::/\n", **group("", GB, 2 * GB, 0))
    assert free_memory() == 0


def test_memory_error_names_option_and_raising_key(machine):
    require_memory(50 * GB, {"samples": 5})
    with pytest.raises(LimitError) as refused:
        require_memory(51 * GB, {"samples": 5, "length": 10**9})
    assert str(refused.value) == (
        "length=1000000000: takes about 51 GB of memory, 50 GB available; "
        "limits.memory=51 allows it"
    )
    assert str(refused.value.of("dataset")).startswith("dataset.length=1000000000: takes")


def test_users_own_limit_replaces_free_memory(machine):
    with allowing(100):
        require_memory(99 * GB, {"samples": 1})
    with (
        allowing(1),
        pytest.raises(LimitError, match=r"takes about 1\.1 GB of memory, 1 GB available"),
    ):
        require_memory(1.1 * GB, {"samples": 1})
    require_memory(49 * GB, {"samples": 1})


@pytest.mark.parametrize(
    ("needs", "text"),
    [(0.123, "0.12"), (7, "7"), (1234567.8, "1,234,568"), (1.5e18, "1.5e+18")],
)
def test_amounts_are_short(needs, text):
    assert amount_text(needs) == text


@pytest.mark.parametrize("runs", [1_000_001, 10**9, 10**18, 10**30])
def test_number_of_runs_that_is_offered_is_enough(runs):
    require_runs(1_000_000, 1_000_000, "seeds", runs)
    with pytest.raises(LimitError) as refused:
        require_runs(runs, 1_000_000, "seeds", runs)
    word = str(refused.value).rpartition("; ")[2].split()[0]
    assert word.startswith("limits.runs=")
    require_runs(runs, float(word.partition("=")[2]), "seeds", runs)


def test_free_disk_is_that_of_an_existing_parent(tmp_path):
    assert limits.free_disk(tmp_path / "not" / "there") > 0


@pytest.mark.parametrize(
    ("needs", "enough"),
    [(0.2, "1"), (1.0, "1"), (2.1, "3"), (9.04, "10"), (24.3, "25"), (1234, "1300"),
     (1.21e15, "1.3e+15")],
)  # fmt: skip
def test_amount_that_is_offered_is_never_too_small(needs, enough):
    assert rounded_up(needs) == enough
    assert float(enough) >= needs
