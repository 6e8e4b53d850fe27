"""Errors that stores raise, and what they mean."""

import sqlite3

from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import INVALID_PARAMETER_VALUE, ErrorCode
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from nnbench.safety.error_text import first_line
from nnbench.safety.redaction import redacted

FAILURES = (MlflowException, SQLAlchemyError, sqlite3.Error, OSError, ValueError)
"""Errors of a store, or of the way to it; a server that has gone is an OSError too, and a text
that a driver can't encode a ValueError."""

STRANGE = (LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""Errors besides those that values raise which no run has."""

UNFIT = (DataError, IntegrityError, ValueError, *STRANGE)
"""Errors of one run that say nothing of others."""


def is_lasting(error: Exception) -> bool:
    """True if an error in logging one run will recur for others."""
    refused = ErrorCode.Name(INVALID_PARAMETER_VALUE)
    if isinstance(error, MlflowException):
        return bool(error.error_code != refused)
    return not isinstance(error, UNFIT)


def in_a_line(error: Exception) -> str:
    """The message of a store's failure, in one line."""
    if "Max retries exceeded" in str(error):
        return "the MLflow server doesn't answer any more"
    return redacted(first_line(error))[:300]
