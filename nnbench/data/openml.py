"""Data sets of openml.org, by name or number."""

import re
import warnings
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.error import HTTPError

import pandas as pd
from sklearn.datasets import fetch_openml, get_data_home
from sklearn.utils import Bunch

from nnbench.data import table
from nnbench.data.dataset import Dataset
from nnbench.run.metrics import Task


def load(
    name: str,
    *,
    data_name: str | None = None,
    data_id: int | None = None,
    version: int | str = 1,
    target: str | None = None,
    task: Task | None = None,
    drop: Sequence[str] = (),
) -> Dataset:
    """The data set of OpenML called `data_name`, in a `version`, or numbered `data_id`.

    It is kept in scikit-learn's `data_home`, and read from there the next time. Source: Vanschoren
    et al., OpenML: networked science in machine learning (2014). Raises ValueError, as
    `option=value: what is allowed`, for missing data or no connection.
    """
    if (data_name is None) == (data_id is None):
        id_text = "null" if data_id is None else data_id
        raise ValueError(f"data_id={id_text}: must be a number, or null and data_name a name")
    setting = f"data_name={data_name}" if data_id is None else f"data_id={data_id}"
    if data_name is not None and not re.fullmatch(r"[^/\\?#%\s]+", str(data_name)):
        # It becomes part of an address, and of where scikit-learn keeps what it gets from there.
        raise ValueError(f"{setting}: must be a name without spaces and / \\ ? # %")
    which = {"name": data_name, "version": version} if data_id is None else {"data_id": data_id}
    bunch = fetch(which, target, setting)
    targets = bunch.target_names
    if len(targets) != 1:
        raise ValueError(
            f"target={target}: must be one column, it has {', '.join(targets) or 'no'}"
        )
    details, frame = bunch.details, bunch.frame
    reading = table.Reading(targets[0], task, drop=drop)
    table.check_columns([str(column).strip() for column in frame.columns], reading)
    return table.dataset(
        str(details.get("name", data_name or name)),
        [frame],
        reading,
        f"https://www.openml.org/d/{details.get('id', data_id)}",
        licence=str(details.get("licence", "")),
        # Nominal, whatever their values look like.
        declared={str(c).strip() for c in frame if isinstance(frame[c].dtype, pd.CategoricalDtype)},
    )


def fetch(which: Mapping[str, Any], target: str | None, setting: str) -> Bunch:
    """A data set of OpenML as scikit-learn reads it.

    Raises ValueError, which begins with the `setting` that chose it, if the data are unavailable.
    """
    try:
        with warnings.catch_warnings():
            # The error below tells it in one line.
            warnings.filterwarnings("ignore", "A network error occurred")
            return fetch_openml(
                **which,
                as_frame=True,
                n_retries=1,
                **({} if target is None else {"target_column": target}),
            )
    except HTTPError as error:
        raise ValueError(f"{setting}: not found on openml.org: {error}") from error
    except OSError as error:
        allowed = f"is not in {get_data_home()}, and there is no connection to openml.org: {error}"
        raise ValueError(f"{setting}: {allowed}") from error
    except KeyError as error:
        raise ValueError(f"target={target}: no such column") from error
    except ValueError as error:
        raise ValueError(f"{setting}: {error}") from error
