import os
import time

import numpy as np

from nnbench.sweep.pool import LocalPool

KEPT = []


def keep(size):
    """Keep so many bytes for as long as this process lives; returns its number."""
    KEPT.append(np.ones(size // 8))
    # Loky looks at most once a second.
    time.sleep(1.1)
    return os.getpid()


def test_growing_worker_is_no_leak():
    pool = LocalPool(1)
    try:
        futures = [pool.submit(keep, size) for size in (8, 400_000_000, 8)]
        assert len({future.result() for future in futures}) == 1
    finally:
        pool.close()
