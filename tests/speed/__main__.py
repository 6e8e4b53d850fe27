"""`python -m tests.speed [COMPARISON …]` prints how fast training is, as ratios to its peers.

`--smoke` runs every comparison (or those named) once, in its smallest size, to see that it works.
`--avx2` lets no library use AVX-512, which tells how fast each is on the other kind of processor.
`--compiled` has nnbench's compiled loops, which are left out otherwise, whether Numba is installed
or not.

Everything runs on one pinned core with one thread, in turns: each round measures every contestant
once, and the ratios are of medians over rounds, so that a machine that slows down slows all. Steps
are timed by the processor's clock, which counts nobody else on the core.
"""

import importlib
import os
import pkgutil
import sys

import tests.speed
from tests.speed._kind import AVX2, chosen_loops, kind

if __name__ == "__main__":
    # Before any of the libraries counts the cores.
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = "1"
    simulated = "--avx2" in sys.argv
    os.environ |= AVX2 if simulated else {}
    comparisons = [m.name for m in pkgutil.iter_modules(tests.speed.__path__) if m.name[0] != "_"]
    smoke = "--smoke" in sys.argv
    names = [word for word in sys.argv[1:] if word not in ("--smoke", "--avx2", "--compiled")]
    if unknown := sorted(set(names) - set(comparisons)):
        sys.exit(f"no such comparison: {unknown[0]}; there are {', '.join(comparisons)}")
    print(kind(simulated=simulated), flush=True)
    print(chosen_loops("--compiled" in sys.argv), flush=True)
    for name in names or (comparisons if smoke else ["engine"]):
        if smoke:
            print(f"\n-- {name}", flush=True)
        importlib.import_module(f"tests.speed.{name}").main(smoke)
