"""The loops of loops.py, compiled by Numba where it is installed (`pip install nnbench[fast]`).

Training steps are 1.34 times as fast with AVX2, and 1.36 (one run) and 1.48 times (a stack of 8)
with AVX-512, for the same bits (digits, width 64, depth 3, ReLU, Adam); at width 512 it is 1.12 and
1.23 times.
"""

from importlib.util import find_spec
from inspect import getmembers, isfunction
from types import SimpleNamespace
from typing import Any

from nnbench.engine import loops

PAYS_AFTER = 5.0
"""Seconds of training after which a process loads them.

Loading takes 0.5 s of processor time, with what an earlier process compiled, and saves about a
fifth of what follows. So a sweep of 30 small runs takes as long as without, and a long one loses
little of the gain.
"""

LOADED_BYTES = 140e6 if find_spec("numba") else 0.0
"""Memory that they take, most of it Numba's own."""

twins: Any = None
"""The compiled loops, by name, or None: not loaded, or no Numba. NumPy's passes stand in."""

trained = 0.0
"""Seconds that this process has trained without them."""


def load() -> None:
    """Compile the loops, or take what an earlier process compiled from Python's cache of bytecode.

    Without a compiler that works, everything stays as it is.
    """
    global twins
    try:
        from numba import njit

        # Divisions by zero give infinities, as NumPy's; without `fastmath` nothing is contracted or
        # reordered.
        compiled = njit(cache=True, error_model="numpy")
        twins = SimpleNamespace(
            **{name: compiled(loop) for name, loop in getmembers(loops, isfunction)}
        )
    except (ImportError, RuntimeError):
        # Not installed, too old for this NumPy, or with no place to keep what it compiles.
        return


def account(seconds: float) -> None:
    """Count seconds of training, and load the loops as soon as that pays."""
    global trained
    before, trained = trained, trained + seconds
    if before < PAYS_AFTER <= trained:
        load()
