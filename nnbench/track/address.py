"""The address of a store: what `tracking.uri` says, or what is meant where it says nothing."""

import os
import re
from pathlib import Path

HOST = "127.0.0.1"
"""Where `nnbench ui` serves: on this machine only."""


def store_uri(uri: str | None) -> str:
    """The store to use: `tracking.uri`, else MLFLOW_TRACKING_URI, else mlflow.db right here."""
    chosen = str(uri or "") or os.environ.get("MLFLOW_TRACKING_URI") or "sqlite:///mlflow.db"
    path = sqlite_file(chosen)
    # Always absolute, so that every process and the UI mean the same file.
    return f"sqlite:///{path}" if path else chosen


VIEW = "?workflowType=machine_learning"
"""With which MLflow's UI shows what it has for training rather than for language models."""


def is_server(uri: str) -> bool:
    """Whether a store is an MLflow server, rather than a database."""
    return uri.startswith(("http://", "https://"))


def ui_address(uri: str, port: int) -> str:
    """Where the UI of a store is: a server has its own, of anything else `nnbench ui` serves one.

    What a person logs in with is left out.
    """
    if is_server(uri):
        return re.sub(r"://[^/@]*@", "://", uri.rstrip("/"))
    return f"http://{HOST}:{port}"


def without_password(text: str) -> str:
    """The text with the passwords of addresses, as in postgresql://me:secret@host, as stars."""
    return re.sub(r"(://[^:/@\s]*:)[^@\s]+@", r"\1***@", text)


def sqlite_file(uri: str) -> Path | None:
    """The absolute path of an SQLite store, without links; None for any other."""
    prefix = "sqlite:///"
    return Path(uri.removeprefix(prefix)).resolve() if uri.startswith(prefix) else None
