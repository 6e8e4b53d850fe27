"""Intervals in captions: mentioned only where some are drawn."""

from collections.abc import Iterable

import numpy as np

from nnbench.report.statistics import Estimate


def with_intervals(estimates: Iterable[Estimate]) -> str:
    """`, with 95% confidence intervals` if any estimate has one, which takes six seeds; else ""."""
    drawn = any(np.isfinite(estimate.low) for estimate in estimates)
    return ", with 95% confidence intervals" if drawn else ""
