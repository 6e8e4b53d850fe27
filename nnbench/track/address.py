"""The address of a store: what `tracking.uri` says, or what is meant where it says nothing."""

import os
import re
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from nnbench.safety.redaction import remember

KEY = "tracking.uri"
"""Key of a configuration that names the store."""

ARTIFACTS = "mlartifacts"
"""Directory beside an SQLite file, for the files of its runs."""

HOST = "127.0.0.1"
"""The host on which `nnbench ui` serves: this machine only."""


def store_uri(uri: str | None) -> str:
    """The store to use: `tracking.uri`, else MLFLOW_TRACKING_URI, else mlflow.db right here."""
    chosen = str(uri or "") or os.environ.get("MLFLOW_TRACKING_URI") or "sqlite:///mlflow.db"
    path = sqlite_file(chosen)
    if path is not None:
        # Always absolute, so that every process and the UI mean the same file.
        return f"sqlite:///{path}"
    remember(chosen)
    return with_login(chosen)


def with_login(uri: str) -> str:
    """The address of a server or database whose password is unambiguous.

    A password ends at the last @ of the authority, whatever signs it has, though libraries differ
    on where that is.
    """
    scheme, start, authority_on = uri.partition("://")
    if re.match(r"[^/?#@:]*(:\d*)?([/?#]|$)", authority_on):
        return uri  # A host, with or without a port.
    # A question mark without a setting behind it is part of a password, as # is.
    query = re.search(r"\?[\w.%-]+=", authority_on)
    authority = authority_on[: query.start() if query else len(authority_on)]
    # The name of a database has no such sign, rather than its password no slash.
    slash = authority.find("/") if is_server(uri) else -1
    if slash >= 0 and "@" in authority[:slash]:
        authority = authority[:slash]
    login, at, host = authority.rpartition("@")
    user, colon, password = login.partition(":")
    written = (quote(unquote(field), safe="") for field in (user, password))
    return f"{scheme}{start}{colon.join(written)}{at}{host}{authority_on[len(authority) :]}"


VIEW = "?workflowType=machine_learning"
"""Query with which MLflow's UI shows what it has for training rather than for language models."""


LIMITS = {
    "postgresql": {
        "connect_timeout": "5",
        "keepalives_idle": "5",
        "keepalives_interval": "2",
        "keepalives_count": "2",
        "tcp_user_timeout": "10000",
    },
    "mysql": {"connect_timeout": "5", "read_timeout": "30", "write_timeout": "30"},
    "mssql": {},
}
"""Databases → settings of their drivers, by which none waits for a host that has gone.

Seconds; tcp_user_timeout is in milliseconds.
"""

DRIVERS = ("", "psycopg", "psycopg2", "pymysql", "mysqldb")
"""Drivers that have these settings; the first is a database's usual one."""


def is_database(uri: str) -> bool:
    """True if a store is a database with a server of its own."""
    return uri.partition(":")[0].partition("+")[0] in LIMITS


def patient(uri: str) -> str:
    """The address with limits to how long its driver waits, unless it has its own."""
    kind, _, driver = uri.partition(":")[0].partition("+")
    if kind not in LIMITS or driver not in DRIVERS:
        return uri
    query = uri.partition("?")[2]
    more = [f"{key}={value}" for key, value in LIMITS[kind].items() if f"{key}=" not in query]
    return "?".join([uri.partition("?")[0], "&".join([*filter(None, [query]), *more])])


def is_server(uri: str) -> bool:
    """True if a store is an MLflow server, rather than a database."""
    return uri.startswith(("http://", "https://"))


def ui_address(uri: str, port: int) -> str:
    """The address of a store's UI: a server has its own, `nnbench ui` serves that of any other.

    What a person logs in with is left out.
    """
    if is_server(uri):
        address = urlsplit(uri)
        host = address.netloc.rpartition("@")[2]
        return f"{address.scheme}://{host}{address.path.rstrip('/')}"
    return f"http://{HOST}:{port}"


def page_of_runs(uri: str, experiment: str) -> str:
    """The address of any run of an experiment, with `{run_id}` for its id.

    Empty unless a server has it that other machines can reach too, since reports are shared.
    """
    if not is_server(uri) or is_loopback(urlsplit(uri).hostname or ""):
        return ""
    return f"{ui_address(uri, 0)}/#/experiments/{experiment}/runs/{{run_id}}{VIEW}"


def is_loopback(host: str) -> bool:
    """True for a host that means the machine itself, whichever that is."""
    try:
        address = ip_address(host)
    except ValueError:
        return host.rstrip(".").rpartition(".")[2] in ("localhost", "")
    return address.is_loopback or address.is_unspecified


def sqlite_file(uri: str) -> Path | None:
    """The absolute path of an SQLite store, without links; None for any other."""
    prefix = "sqlite:///"
    return Path(uri.removeprefix(prefix)).resolve() if uri.startswith(prefix) else None
