"""Limits to what this process takes of the machine, and the error of exceeding one."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from math import ceil, log10
from pathlib import Path

import psutil

from nnbench.run.errors import ConfigError

GB = 1e9

CGROUPS = Path("/sys/fs/cgroup")
OWN_CGROUP = Path("/proc/self/cgroup")

CGROUP_FILES = (
    ("", "memory.max", "memory.current", "inactive_file"),
    ("memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
)
"""Folder, limit, usage, and what of it can be given back: of versions 2 and 1."""

AMOUNTS = {
    "runs": "makes {needs} runs, and the limit is {has}",
    "hours": "takes about {needs} h, and the limit is {has} h",
    "memory": "takes about {needs} GB of memory, {has} GB available",
    "disk": "takes about {needs} GB of disk, {has} GB available",
}
"""Limit → the message about an amount that exceeds it."""

ALLOWED_MEMORY: ContextVar[float | None] = ContextVar("ALLOWED_MEMORY", default=None)
"""Bytes that are allowed; None for what is free."""


class LimitError(ConfigError):
    """More than a limit allows; names the key that allows it."""

    def __init__(
        self, key: str, value: object, limit: str, needs: float, has: float, reason: str = ""
    ) -> None:
        """`needs` and `has` are in the unit of the limit; `reason` takes the place of both."""
        needs = min(needs, 1e300)  # A whole number of Python may be larger than any float.
        self.parts = (key, value, limit, needs, has, reason)
        amounts = reason or AMOUNTS[limit].format(needs=amount_text(needs), has=amount_text(has))
        super().__init__(key, value, f"{amounts}; limits.{limit}={rounded_up(needs)} allows it")

    def of(self, group: str) -> "LimitError":
        """The same of an option of a group."""
        return self.named(f"{group}.{self.parts[0]}", self.parts[1])

    def named(self, key: str, value: object) -> "LimitError":
        """The same of another key and value."""
        return LimitError(key, value, *self.parts[2:])


def count_text(count: int, noun: str) -> str:
    """A number of things."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def amount_text(number: float) -> str:
    """An amount in a sentence."""
    return f"{number:.2g}" if number < 10 or number >= 1e15 else f"{number:,.0f}"


def rounded_up(number: float) -> str:
    """An amount that is enough, in two digits; a whole number."""
    step = max(1.0, 10.0 ** (ceil(log10(max(number, 1))) - 2))
    enough = max(1.0, ceil(number / step) * step)
    return f"{enough:.0f}" if enough < 1e15 else f"{enough:.1e}"


def usable_cores() -> int:
    """Number of cores that this process may use, by affinity and cgroups."""
    # It takes a while to load, and only sweeps ask.
    from loky import cpu_count

    return int(cpu_count())


def free_memory() -> float:
    """Bytes still available, on the machine and within every cgroup."""
    return float(min([psutil.virtual_memory().available, *free_in_cgroups()]))


def free_in_cgroups() -> Iterator[int]:
    """Bytes that are left within each limited cgroup that this process is in."""
    try:
        own = [line.split(":", 2)[2].strip("/") for line in OWN_CGROUP.read_text().splitlines()]
    except (OSError, IndexError):
        return
    for folder, limit, usage, given_back in CGROUP_FILES:
        # In a container its own group may be seen as the root.
        for group in {parent for path in own for parent in (Path(path), *Path(path).parents)}:
            directory = CGROUPS / folder / group
            try:
                most = int((directory / limit).read_text())
                used = int((directory / usage).read_text())
                lines = (directory / "memory.stat").read_text().splitlines()
            except (OSError, ValueError):  # There is none, or it is "max".
                continue
            stat = dict(line.split(maxsplit=1) for line in lines)
            yield max(0, most - used + int(stat.get(given_back, 0)))


def free_disk(directory: Path) -> float:
    """Bytes that are free where a directory is, or will be."""
    there = next(path for path in (directory, *directory.absolute().parents) if path.exists())
    return float(psutil.disk_usage(str(there)).free)


@contextmanager
def allowing(memory: float | None) -> Iterator[None]:
    """Let `require_memory` go by so many GB instead of by what is free."""
    token = ALLOWED_MEMORY.set(None if memory is None else memory * GB)
    try:
        yield
    finally:
        ALLOWED_MEMORY.reset(token)


def allowed_memory() -> float | None:
    """Bytes that may be taken; None for what is free."""
    return ALLOWED_MEMORY.get()


def require_memory(needs: float, options: Mapping[str, object]) -> None:
    """Raise LimitError unless so many bytes may be taken; it names the largest of the options."""
    has = allowed_memory() or free_memory()
    if needs > has:
        sizes = {key: value for key, value in options.items() if isinstance(value, int | float)}
        key = max(sizes, key=lambda key: sizes[key]) if sizes else next(iter(options))
        raise LimitError(key, options[key], "memory", needs / GB, has / GB)


def require_runs(runs: int, most: float, key: str, value: object) -> None:
    """Raise LimitError for more runs than are allowed."""
    if runs > most:
        raise LimitError(key, value, "runs", runs, most)
