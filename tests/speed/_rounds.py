"""Contestants measured in turns."""

import statistics
import time
from collections.abc import Callable, Mapping

ROUNDS = 15


def seconds_per_call(
    contestants: Mapping[str, Callable[[], object]],
    before: Callable[[], object] | None = None,
    calls: int = 1,
    clock: Callable[[], float] = time.perf_counter,
    rounds: int = ROUNDS,
) -> dict[str, float]:
    """Median time of a call of each; every round calls each in turn, after one call to warm up.

    A turn has a number of calls; `before`, which isn't timed, is called before each of them.
    """
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for call in contestants.values():
        call()
    for _ in range(rounds):
        for name, call in contestants.items():
            for _ in range(calls):
                if before:
                    before()
                started = clock()
                call()
                times[name].append(clock() - started)
    return {name: statistics.median(measured) for name, measured in times.items()}
