"""The rules by which a run counts as diverged."""

from collections.abc import Iterator, Mapping

import numpy as np

from nnbench.engine.arrays import Array

EXPLODED = 1e3
"""A run has diverged if its training loss is this many times its initial value."""


def divergences(
    curves: Mapping[str, Array], epoch: int, active: Array
) -> Iterator[tuple[str, Array]]:
    """Reasons to diverge, each with a mask of the active runs that do at this epoch.

    `curves` are (runs, epochs + 1), `active` (active,) positions of runs. Validation metrics do
    not count.
    """
    for name, curve in curves.items():
        if not name.startswith("validation_"):
            is_finite = np.isfinite(curve[active, epoch])
            yield f"{name} was not a finite number at epoch {epoch}", ~is_finite
    loss = curves["train_loss"]
    reason = f"train_loss was over {EXPLODED:.0f} times its first value at epoch {epoch}"
    yield reason, loss[active, epoch] > EXPLODED * loss[active, 0]
