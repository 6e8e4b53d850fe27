"""MLflow itself, imported so that it keeps still and never waits for long."""

import logging
import os
import warnings

QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    # Or it prints two lines for every run on a server.
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    # By default seven retries, two minutes each, wait for a server that has gone.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "6",
}
"""Settings that hold unless the environment says otherwise."""


def imported() -> None:
    """Import MLflow. Whatever it reports as an error it raises as well."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import mlflow  # noqa: F401
    for noisy in ("alembic", "mlflow", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
