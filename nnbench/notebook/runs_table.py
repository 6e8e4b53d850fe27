"""A table of tracked runs, which a notebook shows with the columns that tell runs apart."""

from dataclasses import fields
from typing import Any

import pandas as pd

from nnbench.run.config import RunConfig
from nnbench.run.metrics import OBJECTIVE
from nnbench.run.varied import telling_keys
from nnbench.safety.sanitize import in_lines

MOST_COLUMNS = 20
"""Columns that are shown as they are; a wider table is shown by what tells its runs apart."""

ID_CHARACTERS = 8
"""Characters shown of a run's id, which is found by its first characters."""

ALWAYS = ("dataset", "model", "depth", "width", "optimizer", "lr", "seed")
"""Settings that are shown of every run."""

RESULTS = (
    "status",
    "best_epoch",
    *(f"{of_set}_{name}" for name in OBJECTIVE.values() for of_set in ("best_validation", "test")),
    "reason",
)
"""Columns of results that are shown, if runs have them."""

SETTINGS = {field.name for field in fields(RunConfig)}


class RunsTable(pd.DataFrame):
    """A pandas table with a row for each run; what is selected from it is another."""

    @property
    def _constructor(self) -> Any:
        return RunsTable

    def _repr_html_(self) -> str | None:
        columns = self.shown_columns()
        # Pandas escapes markup.
        frame = pd.DataFrame(self)[columns]
        if len(columns) < self.shape[1] and "run_id" in columns:
            frame = frame.assign(run_id=frame["run_id"].str[:ID_CHARACTERS])
        html: str | None = frame._repr_html_()  # type: ignore[operator]
        if html is None or len(columns) == self.shape[1]:
            return html and in_lines(html)
        note = (
            f"<p>{len(columns)} of {self.shape[1]} columns: settings that differ, and results. "
            "<code>list(runs)</code> names all.</p>"
        )
        return in_lines(html) + note

    def shown_columns(self) -> list[str]:
        """The columns that are shown: all of a narrow table; else settings, then results."""
        if self.shape[1] <= MOST_COLUMNS or not self.columns.is_unique:
            return list(self.columns)
        columns = list(map(str, self.columns))
        settings = [name for name in columns if name.partition(".")[0] in SETTINGS]
        rows: Any = self[settings].to_dict("records")
        telling = telling_keys(settings, rows)
        chosen = [name for name in settings if name in ALWAYS or name in telling]
        results = [name for name in RESULTS if name in self and self[name].ne("").any()
                   and self[name].notna().any()]  # fmt: skip
        return [*(["run_id"] if "run_id" in self else []), *chosen, *results]
