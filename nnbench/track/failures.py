"""Errors that stores raise, and what they mean."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from nnbench.safety.error_text import first_line
from nnbench.safety.redaction import redacted

STRANGE = (LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""Errors besides those that values raise which no run has."""

UNFIT = (DataError, IntegrityError, ValueError, *STRANGE)
"""Errors of one run that say nothing of others."""


def failures(*others: type[Exception]) -> tuple[type[Exception], ...]:
    """Errors of a store, or of the way to it, and others.

    A server that has gone is an OSError too, and a text that a driver can't encode a ValueError.
    """
    return of_mlflow(SQLAlchemyError, sqlite3.Error, OSError, ValueError, *others)


def of_mlflow(*others: type[Exception]) -> tuple[type[Exception], ...]:
    """MLflow's errors, which nothing raises before MLflow is imported, and others."""
    error = getattr(sys.modules.get("mlflow.exceptions"), "MlflowException", None)
    return others if error is None else (error, *others)


@contextmanager
def failures_suppressed() -> Iterator[None]:
    """Leave a store that fails alone."""
    try:
        yield
    except failures():
        pass


def is_lasting(error: Exception) -> bool:
    """True if an error in logging one run will recur for others."""
    if isinstance(error, of_mlflow()):
        return getattr(error, "error_code", "") != "INVALID_PARAMETER_VALUE"
    return not isinstance(error, UNFIT)


def in_a_line(error: Exception) -> str:
    """The message of a store's failure, in one line."""
    if "Max retries exceeded" in str(error):
        return "the MLflow server doesn't answer any more"
    return redacted(first_line(error))[:300]


def refusal(message: str, code: str) -> Exception:
    """An error as MLflow's client raises it."""
    from mlflow.exceptions import MlflowException
    from mlflow.protos.databricks_pb2 import ErrorCode

    return MlflowException(message, ErrorCode.Value(code))
