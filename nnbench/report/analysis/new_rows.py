"""Differences on new rows from the same source, beside those on these rows split anew."""

import numpy as np
import pandas as pd

from nnbench.report.analysis.contrasts import Contrast
from nnbench.report.analysis.costs import test_rows, training_rows
from nnbench.report.statistics import new_rows_interval

FRESH = "dataset.fresh"


def interval_for_new_rows(contrast: Contrast) -> tuple[float, float] | None:
    """95% interval of value − reference on new rows (Nadeau & Bengio 2003).

    None where each seed draws rows of its own, so that every interval is of new rows, and where the
    sizes of the sets are not known. NaN for too few seeds.
    """
    runs = contrast.group.runs
    if draws_rows(runs):
        return None
    sizes = [float(rows(runs).min()) for rows in (test_rows, training_rows)]
    if not all(size > 0 for size in sizes):
        return None
    ends = new_rows_interval(contrast.effect.per_seed, round(sizes[0]), round(sizes[1]))
    return contrast.group.measure.in_own_direction(*ends)


def draws_rows(runs: pd.DataFrame) -> bool:
    """True if each seed of some runs draws rows of its own from a pool."""
    return FRESH in runs and bool((runs[FRESH].astype(str) == "True").all())


def is_shown(contrast: Contrast) -> bool:
    """True unless the interval for new rows includes zero, or is not known."""
    ends = interval_for_new_rows(contrast)
    return ends is None or bool(np.isnan(ends[0]) or not ends[0] <= 0 <= ends[1])
