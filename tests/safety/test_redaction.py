"""Passwords, which no text has that leaves the program."""

import json
import re
import shlex
import string
import sys
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from nnbench.run.errors import ConfigError
from nnbench.safety import redaction
from nnbench.safety.redaction import print_redacted, redacted, remember
from nnbench.safety.shell import command_line


@pytest.fixture(autouse=True)
def _forgotten(monkeypatch):
    monkeypatch.setattr(redaction, "IN_USE", set())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://me:pa@s3cret@127.0.0.1:1/db", "postgresql://me:***@127.0.0.1:1/db"),
        ("postgresql://me@corp:pa/s?s#x@h:5432/db", "postgresql://me@corp:***@h:5432/db"),
        ("postgresql+psycopg2://me:12/34@h/db?x=1", "postgresql+psycopg2://me:***@h/db?x=1"),
        ("postgresql://me:12345@h/db", "postgresql://me:***@h/db"),
        ("postgresql://me:my own@h/db", "postgresql://me:***@h/db"),
        ("mysql://:pw@h", "mysql://:***@h"),
        ("uri=pg:///d?password=abc: invalid", "uri=pg:///d?password=***: invalid"),
        ("http://me:pw@h:5000/x", "http://me:***@h:5000/x"),
        ("https://token@h/x", "https://***@h/x"),
        ("postgresql:///db?user=me&password=a%40b&x=1", "postgresql:///db?user=me&password=***&x=1"),
        ("postgresql:///db?p%61ssword=abc", "postgresql:///db?p%61ssword=***"),
        ("postgresql:///db?passwd=a#b&sslpassword=c'd", "postgresql:///db?passwd=***&sslpassword=***"),
        ("x 'tracking.uri=pg:///d?token=abc' y", "x 'tracking.uri=pg:///d?token=***' y"),
        ("postgresql:///db?options=-cpassword%3Dx", "postgresql:///db?options=***"),
        ("mssql:///?odbc_connect=PWD%3Dx%3B", "mssql:///?odbc_connect=***"),
        ("DSN: host=h user=me password='a \\' b' x=1", "DSN: host=h user=me password=*** x=1"),
        ("DRIVER=x;UID=me;PWD=abc;y=1", "DRIVER=x;UID=me;PWD=***;y=1"),
        ("{'user': 'me', 'password': 'a b'}", "{'user': 'me', 'password': ***}"),
        ("Authorization: Basic bWU6cHc=", "Authorization: Basic ***"),
        ("MLFLOW_TRACKING_TOKEN=abc x", "MLFLOW_TRACKING_TOKEN=*** x"),
    ],
)  # fmt: skip
def test_a_password_is_taken_out_of(text, shown):
    assert redacted(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "http://127.0.0.1:5000/#/experiments/1/runs/ab?workflowType=machine_learning",
        "python -m nnbench report experiment=depth where='{depth: [1, 3]}' # me@example.org",
        "see http://host:5000/a@b and sqlite:////tmp/a:b@c/mlflow.db",
        "fe_sendauth: no password supplied",
        'password authentication failed for user "me"',
        "depth=3 optimizer=adam dataset.path=a/b@c.csv",
    ],
)
def test_other_texts_stay_as_they_are(text):
    assert redacted(text) == text


SECRETS = st.text(string.ascii_letters + string.digits + "@:/?#&%+ '\"\\{}=;,.", min_size=8)


def texts(secret):
    """Texts in which a secret stands as users, drivers and libraries write it."""
    if not re.match(r"\d{1,5}[^\w@]", secret):  # Which is a port to all who read it.
        plain = f"postgresql://me:{secret}@host:5432/db"
        yield plain
        for in_shell in (shlex.join, command_line):
            yield in_shell(["python", "-m", "nnbench", f"tracking.uri={plain}", "depth=1"])
            yield in_shell(["python", "-m", "nnbench", f"tracking.uri='{plain}'", "depth=1"])
        yield f"http://me:{secret}@host:5000"
    yield f"postgresql://me:{quote(secret, safe='')}@host/db"
    yield f"https://{quote(secret, safe='')}@host"
    for key in ("password", "passwd", "sslpassword", "token", "options"):
        yield f"postgresql:///db?user=me&{key}={quote_plus(secret)}&x=1"
        yield f"postgresql:///db?{urlencode({key: secret})}"
    yield f"host=h password={secret!r} user=me"
    yield "password='{}'".format(secret.replace("\\", "\\\\").replace("'", "\\'"))
    yield json.dumps({"password": secret})


@example(secret="@000000 ", before="", after="")
@example(secret="p@ @ w='x", before="", after="")
@given(secret=SECRETS, before=st.text(max_size=20), after=st.text(max_size=20))
def test_no_secret_survives(secret, before, after):
    for text in texts(secret):
        shown = redacted(f"{before} {text} {after}")
        others = before + after + "".join(texts(""))
        for form in (secret, quote(secret, safe=""), quote_plus(secret), repr(secret)[1:-1]):
            if form not in others:
                assert form not in shown, text


@given(secret=SECRETS)
def test_secrets_in_use_are_recognised_in_any_text(secret):
    assume(not secret.islower())
    assume(not secret.startswith(" ") and not secret.endswith(" "))
    monkey = set()
    original, redaction.IN_USE = redaction.IN_USE, monkey
    try:
        remember(f"postgresql://me:{quote(secret, safe='')}@host/db")
        text = f'could not translate host name "{secret}" to address'
        assert secret not in redacted(text)
    finally:
        redaction.IN_USE = original


def test_secrets_of_the_environment_are_known(monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "me")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "Hunter-22")
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "abc.DEF.123")
    assert redacted("a Hunter-22, a abc.DEF.123, a bWU6SHVudGVyLTIy") == "a ***, a ***, a ***"


def test_errors_have_none(capsys):
    error = ConfigError("tracking.uri", "postgresql://me:Hunter-22@host/db", "password=Hunter-22")
    assert str(error) == "tracking.uri=postgresql://me:***@host/db: password=***"
    try:
        raise OSError("http://me:Hunter-22@host/ has gone")
    except OSError:
        print_redacted(*sys.exc_info())
    output = capsys.readouterr().err
    assert output.endswith("OSError: http://me:***@host/ has gone\n")
    assert "Hunter" not in output.splitlines()[-1]
