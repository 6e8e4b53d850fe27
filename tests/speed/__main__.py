"""`python -m tests.speed [COMPARISON …]` prints how fast training is, as ratios to its peers.

`--smoke` runs every comparison (or those named) once, in its smallest size, to see that it works.

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
    smoke = "--smoke" in sys.argv
    names = [word for word in sys.argv[1:] if word != "--smoke"]
    if unknown := sorted(set(names) - set(comparisons)):
        sys.exit(f"no such comparison: {unknown[0]}; there are {', '.join(comparisons)}")
    for name in names or (comparisons if smoke else ["engine"]):
        if smoke:
            print(f"\n-- {name}", flush=True)
        importlib.import_module(f"tests.speed.{name}").main(smoke)
