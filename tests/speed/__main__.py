"""`python -m tests.speed [COMPARISON …]` prints how fast training is, as ratios to its peers.

Everything runs on one pinned core with one thread, in turns: each round measures every contestant
once, and the ratios are of medians over rounds, so that a machine that slows down slows all.
"""

import importlib
import os
import pkgutil
import sys

import tests.speed

if __name__ == "__main__":
    # Before any of the libraries counts the cores.
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = "1"
    comparisons = [m.name for m in pkgutil.iter_modules(tests.speed.__path__) if m.name[0] != "_"]
    wanted = sys.argv[1:] or ["engine"]
    for name in wanted:
        if name not in comparisons:
            sys.exit(f"no such comparison: {name}; there are {', '.join(comparisons)}")
        importlib.import_module(f"tests.speed.{name}").main()
