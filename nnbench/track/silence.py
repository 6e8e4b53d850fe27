"""An end to the silence of a database whose server is there, but never answers."""

import time
from collections.abc import Generator
from functools import cache
from typing import Any

SECONDS = 30
"""Seconds for which a database may be silent while it is asked something.

No limit of PostgreSQL's own ends it: those of statements are the server's, and the system
acknowledges what a process that has been stopped never reads. A server that works on a slow query
is just as silent and counts as stopped; ours take a few seconds at most. psycopg2, the driver of
postgresql:// addresses, waits inside C code, where only a host that no longer answers ends it.
"""


@cache
def limit_silence() -> None:
    """Give every connection of psycopg, MLflow's too, an end to its patience; once a process."""
    from sqlalchemy import Engine, event

    event.listen(Engine, "do_connect", connect)


def connect(dialect: Any, record: Any, words: Any, settings: Any) -> Any:
    """A connection whose patience has an end; None has SQLAlchemy make its own."""
    if dialect.driver != "psycopg":
        return None
    return patient_connection().connect(*words, **settings)


@cache
def patient_connection() -> Any:
    """The class of such connections; psycopg need not be installed for other stores."""
    from psycopg import Connection

    class PatientConnection(Connection):
        """A connection of which every wait for the server is ended after `SECONDS`."""

        def wait(self, gen: Any, *limits: Any, **named: Any) -> Any:
            return super().wait(bounded(gen, self.pgconn), *limits, **named)

    return PatientConnection


def bounded(steps: Generator[Any, Any, Any], connection: Any) -> Generator[Any, Any, Any]:
    """The steps of a conversation; raises OperationalError in the first silence that is too long.

    psycopg sends 0 whenever nothing has come for a tenth of a second.
    """
    from psycopg import OperationalError

    heard = time.monotonic()
    try:
        state = next(steps)
        while True:
            ready = yield state
            now = time.monotonic()
            if ready:
                heard = now
            elif now - heard > SECONDS:
                # What comes later would be taken for the answer to another question.
                connection.finish()
                raise OperationalError(f"no answer within {SECONDS:g} seconds")
            state = steps.send(ready)
    except StopIteration as end:
        return end.value
