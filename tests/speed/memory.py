"""Peak memory of a sweep's processes while it trains 10,000 small runs, as the system counts it."""

import os
import subprocess
import sys
import tempfile
import time

import numpy as np
import psutil

RATES = 100
SEEDS = 50
DEPTHS = (1, 2)
SETTINGS = ["dataset=iris", "epochs=2", "width=4"]
LOOK_SECONDS = 0.2


def main(smoke: bool) -> None:
    """Print the peaks of the parent and of its largest worker, and again when nothing is left."""
    n_rates, seeds = (2, 2) if smoke else (RATES, SEEDS)
    rates = ",".join(f"{rate:.6g}" for rate in np.geomspace(1e-4, 1e-1, n_rates))
    words = ["-m", f"depth={','.join(map(str, DEPTHS))}", f"lr={rates}", f"seeds={seeds}"]
    print(f"{len(DEPTHS) * n_rates * seeds:,} runs of 2 epochs on iris")
    with tempfile.TemporaryDirectory() as directory:
        for title in ("trained", "all finished before"):
            seconds, parent, worker = watched([*words, *SETTINGS], directory)
            print(
                f"  {title:20} {seconds:7.1f} s   parent {parent:5.0f} MB   "
                f"largest worker {worker:5.0f} MB",
                flush=True,
            )


def watched(words: list[str], directory: str) -> tuple[float, float, float]:
    """Seconds that a command takes, and the peaks in MB of its process and the largest below it."""
    cores = set(range(os.cpu_count() or 1))
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "nnbench", *words],
        cwd=directory, env=environment, stdout=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )  # fmt: skip
    parent = psutil.Process(process.pid)
    own, worker = 0, 0
    while process.poll() is None:
        try:
            own = max(own, parent.memory_info().rss)
            worker = max([worker, *(child.memory_info().rss for child in parent.children())])
        except psutil.NoSuchProcess:
            continue
        time.sleep(LOOK_SECONDS)
    if process.returncode:
        raise RuntimeError(f"the sweep ended with {process.returncode}")
    return time.perf_counter() - started, own / 1024**2, worker / 1024**2
