"""Tables in Parquet, whose columns become numbers or words."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import types

from nnbench.data.numerals import days

MAGIC = b"PAR1"
"""The first bytes of a Parquet file."""


def header(file: Path) -> list[str]:
    """Names of the columns, but for those that pandas keeps its index in."""
    schema = pq.ParquetFile(file).schema_arrow
    index = (schema.pandas_metadata or {}).get("index_columns", [])
    return [name for name in schema.names if name not in index]


def categories(file: Path) -> set[str]:
    """The columns that are declared categories."""
    schema = pq.ParquetFile(file).schema_arrow
    return {column.name.strip() for column in schema if types.is_dictionary(column.type)}


def pieces(
    file: Path, columns: Collection[str], as_text: Collection[str], target: str, rows: int
) -> list[pd.DataFrame]:
    """Some of the columns, so many rows at a time; words are categories.

    Columns that are to be read `as_text` are words, and so is a target, unless it is floats, which
    have been rounded before. Raises ValueError for columns of what is neither number nor word.
    """
    parquet = pq.ParquetFile(file)
    refuse_nested([column for column in parquet.schema_arrow if column.name in columns])
    text = {
        column.name
        for column in parquet.schema_arrow
        if column.name in as_text or (column.name == target and not types.is_floating(column.type))
    }
    return [
        pd.DataFrame(
            {
                name: series(pa.chunked_array([values]), name in text)
                for name, values in zip(batch.schema.names, batch.columns, strict=True)
            }
        )
        for batch in parquet.iter_batches(batch_size=rows, columns=list(columns))
    ]


def refuse_nested(columns: Sequence[Any]) -> None:
    """Raise ValueError if a cell of some column holds several values."""
    nested = [column for column in columns if types.is_nested(stored(column.type))]
    if nested:
        described = ", ".join(f"{column.name!r} ({column.type})" for column in nested)
        drop = ",".join(column.name for column in nested)
        raise ValueError(
            f"cells of {described} hold several values; flatten them to columns of "
            f"numbers or words, or leave them out: dataset.drop=[{drop}]"
        )


def series(values: Any, as_text: bool) -> Any:
    """A column as pandas has it; without a unit, days for dates and times."""
    kind = stored(values.type)
    if kind != values.type:
        values = pa.chunked_array([chunk.storage for chunk in values.chunks], kind)
    if types.is_dictionary(kind) and not as_text:
        return values.to_pandas().astype("category")
    if types.is_dictionary(kind):
        kind = kind.value_type
        values = values.cast(kind)
    if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
        # What older programs write for text.
        kind, values = pa.string(), values.cast(pa.binary()).cast(pa.string())
    if is_text(kind) or as_text:
        return values.cast(pa.string()).to_pandas().astype("category")
    if types.is_decimal(kind):
        return values.cast(pa.float64()).to_pandas()
    if types.is_boolean(kind):
        return values.cast(pa.uint8()).to_pandas()
    if types.is_time(kind):
        return values.cast(pa.time64("ns")).cast(pa.int64()).to_pandas() / 86_400e9
    if types.is_date(kind):
        values = values.cast(pa.timestamp("ms"))
    column = values.to_pandas()
    return days(column) if types.is_temporal(kind) else column


def stored(kind: Any) -> Any:
    """The storage type of an extension of Arrow's types, or the type itself."""
    return kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind


def is_text(kind: Any) -> bool:
    """True if cells are text."""
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))
