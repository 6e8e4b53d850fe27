"""Passwords, taken out of every text that leaves the program."""

import json
import os
import re
import shlex
import sys
from base64 import b64encode
from functools import lru_cache
from traceback import format_exception
from types import TracebackType
from urllib.parse import parse_qsl, quote, quote_plus, unquote

STARS = "***"

VARIABLES = ("MLFLOW_TRACKING_PASSWORD", "MLFLOW_TRACKING_TOKEN", "PGPASSWORD")
"""Environment variables that are secrets themselves."""

NAME = r"\w*(?:passw(?:or)?d|passphrase|pwd|secret|token)"
"""The name of a setting whose value is a secret."""
IN_A_QUERY = re.compile(rf"(?i){NAME}|options|odbc_connect")
"""The same in an address, with those whose values may hold secrets."""
QUOTED = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""

LOGINS = (
    # Up to the last @ before another address: a password may have spaces and such signs itself.
    re.compile(r"(\w[\w+.-]*://[^\s:/?#]*:)(?!\d{1,5}(?:[^\w@]|$))(?:(?!\w://)[^\n])*@"),
    # It may begin like a port, too.
    re.compile(r"((?<!http)(?<!https)://[^\s:/?#]*:)\d+\S*@"),
    re.compile(r"(https?://[^\s:/?#]*:)\d+[^\w\s@/?#]\S*@", re.IGNORECASE),
    # A token stands alone.
    re.compile(r"(https?://)[^\s:/?#]+@", re.IGNORECASE),
)
QUERY = re.compile(r"""([?&;])([^\s=&?;]{1,99})=([^\s&]*?)(?=['"]?[:,.)]?(?:[\s&]|$))""")
SETTINGS = (
    re.compile(rf"(?i)\b({NAME}\s*=\s*)(?!\*\*\*)(?:{QUOTED}|[^\s,;&)'\"]+)"),
    re.compile(rf"(?i)(['\"]{NAME}['\"]\s*:\s*)(?:{QUOTED}|[^\s,}}]+)"),
    re.compile(r"(?i)(authorization['\"]?\s*[:=]\s*['\"]?(?:basic |bearer )?)[^\s'\"]+"),
)

LONG = 6
"""Characters from which on a secret is replaced wherever it stands, if it is no mere word."""

IN_USE: set[str] = set()
"""Secrets of the addresses in use."""


def redacted(text: str) -> str:
    """The text with every password and token in it as stars.

    Those are in addresses (me:secret@host, ?password=secret), in settings as drivers repeat them
    (password=secret), and those in use, wherever they stand.
    """
    secrets = tuple(os.environ.get(name, "") for name in ("MLFLOW_TRACKING_USERNAME", *VARIABLES))
    for secret in secrets_of(secrets, frozenset(IN_USE)):
        text = text.replace(secret, STARS)
    for pattern in LOGINS if "@" in text else ():
        text = pattern.sub(rf"\1{STARS}@", text)
    text = QUERY.sub(without_value, text) if "=" in text else text
    for pattern in SETTINGS if set(text) & set("=:") else ():
        text = pattern.sub(rf"\1{STARS}", text)
    return text


def print_redacted(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Print an uncaught exception, as Python does, without secrets."""
    sys.stderr.write(redacted("".join(format_exception(kind, error, trace))))


def without_value(match: re.Match[str]) -> str:
    """A setting in the query of an address, without its value if that is a secret."""
    start, name, _ = match.groups()
    return f"{start}{name}={STARS}" if IN_A_QUERY.fullmatch(unquote(name)) else match.group()


def remember(address: str) -> None:
    """Know the secrets of an address that is in use, which drivers may repeat in pieces."""
    login = address.partition("://")[2].rpartition("@")[0]
    query = parse_qsl(address.partition("?")[2])
    secrets = [login.partition(":")[2]] if "/" not in login.partition(":")[0] else []
    secrets += [value for name, value in query if IN_A_QUERY.fullmatch(name)]
    for secret in secrets:
        IN_USE.update({secret, unquote(secret), *re.split("[@/?#]", secret)})
    if secrets:
        IN_USE.add(basic(unquote(login)))


@lru_cache
def secrets_of(typed: tuple[str, ...], in_use: frozenset[str]) -> tuple[str, ...]:
    """The secrets in use in every way they may be written, the longest first.

    `typed` are the user and the secrets that the environment names.
    """
    user, *secrets = typed
    forms = {basic(f"{user}:{secrets[0]}")} if user and secrets[0] else set()
    for secret in (*secrets, *in_use):
        forms |= {secret, quote(secret), quote(secret, ""), quote_plus(secret)}
        forms |= {repr(secret)[1:-1], json.dumps(secret)[1:-1], shlex.quote(secret)}
    # A mere word is one in other texts, too.
    telling = (form for form in forms if len(form) >= LONG and not re.fullmatch("[a-z'*]+", form))
    return tuple(sorted(telling, key=len, reverse=True))


def basic(login: str) -> str:
    """A login as it is sent to a server."""
    return b64encode(login.encode()).decode()
