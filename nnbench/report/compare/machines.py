"""The machines that trained the runs of a report."""

from collections import Counter

import pandas as pd

from nnbench.run.result import MACHINE


def machines(runs: pd.DataFrame) -> Counter[tuple[str, ...]]:
    """Values of MACHINE → number of runs, of the runs for which any was kept."""
    if not set(MACHINE) <= set(runs):
        return Counter()
    rows = runs[list(MACHINE)].fillna("").astype(str).itertuples(index=False, name=None)
    return Counter(row for row in rows if any(row))
