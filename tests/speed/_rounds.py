"""Contestants measured in turns."""

import statistics
import time
from collections.abc import Callable

ROUNDS = 15


def seconds_per_call(contestants: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median time of a call of each; every round calls each once, after one call to warm up."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for call in contestants.values():
        call()
    for _ in range(ROUNDS):
        for name, call in contestants.items():
            started = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - started)
    return {name: statistics.median(measured) for name, measured in times.items()}
