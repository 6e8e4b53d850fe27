"""Curves of tracked runs as one tidy table."""

import numpy as np
import pandas as pd

from nnbench.track.read_runs import LEFT_OUT, Histories
from nnbench.track.store import Store

COLUMNS = ("run_id", "epoch", "metric", "value")


def curves_table(store: Store, runs: pd.DataFrame) -> pd.DataFrame:
    """A row for each run, epoch and metric, in the order of the runs.

    Its attribute LEFT_OUT has the id of each run with damaged curves, and why.
    """
    histories = Histories(store, runs)
    tables = [pd.DataFrame({name: [] for name in COLUMNS})]
    for run_id in histories.with_curves:
        try:
            history = histories[run_id]
        except KeyError:
            continue
        rows = len(history.epochs)
        for metric, curve in history.curves.items():
            columns = ([run_id] * rows, history.epochs.astype(int), [metric] * rows, curve)
            tables.append(pd.DataFrame(dict(zip(COLUMNS, columns, strict=True))))
    # A first table without rows has no say in the kinds of columns.
    table = pd.concat(tables[1:] or tables, ignore_index=True)
    table.attrs[LEFT_OUT] = histories.damaged
    return table.astype({"epoch": int, "value": np.float64})
