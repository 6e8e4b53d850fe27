"""Checks of remote stores, with an answer within seconds."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

from nnbench.run.errors import ConfigError
from nnbench.safety.error_text import first_line
from nnbench.track.address import patient
from nnbench.track.import_mlflow import imported

Answer = TypeVar("Answer")

SECONDS = 10
"""Seconds that a store may take to answer, whatever it does meanwhile."""
SILENT_SECONDS = 5
"""Seconds for which a store may be silent."""

QUESTION = "/api/2.0/mlflow/experiments/search"
LOGINS = (
    "http://USER:PASSWORD@…, MLFLOW_TRACKING_USERNAME with MLFLOW_TRACKING_PASSWORD, "
    "or MLFLOW_TRACKING_TOKEN"
)


def probe_server(key: str, uri: str) -> None:
    """Raise ConfigError unless an MLflow server answers, and lets us in.

    The request is that of MLflow's client: with the same login, certificates and proxies.
    """
    imported()
    from mlflow.utils.credentials import get_default_host_creds
    from mlflow.utils.rest_utils import http_request

    def ask() -> tuple[int, str, object]:
        response = http_request(  # type: ignore[no-untyped-call]
            get_default_host_creds(uri),  # type: ignore[no-untyped-call]
            QUESTION,
            "GET",
            params={"max_results": 1},
            max_retries=0,
            timeout=SILENT_SECONDS,
            raise_on_status=False,
        )
        is_json = response.headers.get("Content-Type", "").startswith("application/json")
        answer = response.json() if response.ok and is_json else None
        return response.status_code, str(response.reason), answer

    try:
        status, reason, answer = within(SECONDS, ask)
    except Exception as error:  # Of requests, urllib3, sockets, certificates or MLflow itself.
        raise ConfigError(key, uri, f"no MLflow server answers there: {cause(error)}") from None
    if status in (401, 403):
        refused = f"the server refuses the login ({status} {reason}); it is given by {LOGINS}"
        raise ConfigError(key, uri, refused)
    if not isinstance(answer, dict):
        allowed = f"no MLflow server answers there: {status} {reason}"
        raise ConfigError(key, uri, allowed)


def probe_database(key: str, uri: str) -> None:
    """Raise ConfigError unless a database lets us in."""
    from sqlalchemy import NullPool, create_engine

    def ask() -> None:
        with create_engine(patient(uri), poolclass=NullPool).connect():
            pass

    try:
        within(SECONDS, ask)
    except ModuleNotFoundError as error:
        needed = f'needs {error.name}; for PostgreSQL: pip install "nnbench[postgres]"'
        raise ConfigError(key, uri, needed) from None
    except Exception as error:  # Drivers of all kinds, each with errors of its own.
        reason = f"connecting to the database failed: {first_line(error)}"
        raise ConfigError(key, uri, reason) from None


def within(seconds: float, work: Callable[[], Answer]) -> Answer:
    """The return value of a function. Raises its errors, or TimeoutError if it takes longer.

    Drivers have limits for some of what they do, and none for looking up names, several addresses
    of a host or a server that says a little now and then.
    """
    answers: SimpleQueue[tuple[Answer | None, Exception | None]] = SimpleQueue()

    def run() -> None:
        try:
            answers.put((work(), None))
        except Exception as error:
            answers.put((None, error))

    Thread(target=run, daemon=True).start()
    try:
        answer, error = answers.get(timeout=seconds)
    except Empty:
        raise TimeoutError(f"no answer within {seconds:g} seconds") from None
    if error is not None:
        raise error
    return answer  # type: ignore[return-value]


def cause(error: BaseException) -> str:
    """The first cause of an error, in one line."""
    while error.__cause__ or (error.__context__ and not error.__suppress_context__):
        error = error.__cause__ or error.__context__ or error
    return str(getattr(error, "strerror", None) or first_line(error))
