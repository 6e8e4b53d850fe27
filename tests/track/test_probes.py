"""Stores elsewhere, which answer within seconds or are said not to."""

import socket
import time
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec

import pytest

from nnbench import load_runs
from nnbench.run.errors import ConfigError
from nnbench.track import address, probes
from nnbench.track.probes import probe_database, probe_server, within
from nnbench.track.read_runs import Histories, read_runs
from nnbench.track.store import open_store
from nnbench.track.tracker import track_sweep
from tests.track.doors import basic, guarded, silent
from tests.track.made import DATA, made_result
from tests.track.servers import mlflow_server

HALF = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
SECONDS = 15
driver = pytest.mark.skipif(find_spec("psycopg") is None, reason="psycopg is not installed")


def answer(uri):
    """The error of a store; checks that it comes in time."""
    started = time.monotonic()
    with pytest.raises(ConfigError) as caught:
        load_runs("trial", uri)
    assert time.monotonic() - started < SECONDS
    message = str(caught.value)
    assert message.startswith("tracking.uri=")
    assert "\n" not in message
    assert "s3cret" not in message
    assert caught.value.__cause__ is None
    return message


@pytest.fixture
def unused_port():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        yield unused.getsockname()[1]


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        (
            "http://me:pa@s3cret@127.0.0.1:{port}",
            "no MLflow server answers there: Connection refused",
        ),
        ("postgresql://me:pa@s3cret@127.0.0.1:{port}/db", "postgresql://me:***@127.0.0.1"),
        pytest.param(
            "postgresql://127.0.0.1:{port}/db?user=me&password=s3cret",
            "connecting to the database failed: ",
            marks=driver,
        ),
        ("http://me:pa@s3cret@nowhere.invalid:1", "no MLflow server answers there: "),
        pytest.param(
            "postgresql://me:pa@s3cret@nowhere.invalid/db",
            "connecting to the database failed: ",
            marks=driver,
        ),
        ("postgresql+nodriver://me:pa@s3cret@127.0.0.1/db", "connecting to the database failed: "),
        ("postgresql://me:pa@s3cret@127.0.0.1:notaport/db", "connecting to the database failed: "),
    ],
)
def test_store_that_is_away_is_said_within_seconds(uri, message, unused_port):
    assert message in answer(uri.format(port=unused_port))


@pytest.fixture
def hasty(monkeypatch):
    """Patience for a second at most, once it is clear that there isn't much more otherwise."""
    limits = address.LIMITS["postgresql"]
    assert probes.SILENT_SECONDS <= int(limits["connect_timeout"]) <= probes.SECONDS < SECONDS
    monkeypatch.setattr(probes, "SILENT_SECONDS", 0.5)
    monkeypatch.setitem(limits, "connect_timeout", "1")


def test_server_that_never_answers_is_said_within_seconds():
    with silent() as port:
        assert "tracking.uri=" in answer(f"http://me:pa@s3cret@127.0.0.1:{port}/db")


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    ("scheme", "message"), [("http", [HALF]), ("postgresql", [HALF]), ("postgresql", [])]
)
def test_truncated_answer_is_reported_within_seconds(scheme, message):
    with silent(*message) as port:
        assert "tracking.uri=" in answer(f"{scheme}://me:pa@s3cret@127.0.0.1:{port}/db")


@pytest.mark.usefixtures("hasty")
def test_trickling_answer_is_reported_within_seconds(monkeypatch):
    monkeypatch.setattr(probes, "SECONDS", 1.5)
    with silent(b"HTTP/1.1 200 OK\r\n", drip=b"X: y\r\n") as port:
        assert "no answer within 1.5 seconds" in answer(f"http://127.0.0.1:{port}")


def test_what_is_no_mlflow_server_is_said():
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi"
    with silent(page) as port:
        assert "no MLflow server answers there: 200 OK" in answer(f"http://127.0.0.1:{port}")


@pytest.mark.slow
def test_server_that_falls_silent_is_reported_within_seconds(monkeypatch):
    monkeypatch.setattr("nnbench.track.store.probe_server", lambda *_: None)
    with silent() as port:
        output = answer(f"http://me:pa@s3cret@127.0.0.1:{port}")
    assert "reading failed: the MLflow server doesn't answer any more" in output


def test_work_within_a_limit_returns_or_raises():
    assert within(9, lambda: 3) == 3
    with pytest.raises(ZeroDivisionError):
        within(9, lambda: 1 / 0)


LOGINS = {
    "address": ("http://me:pa%40s3cret@{host}", {}),
    "address with signs": ("http://me:pa@s3cret@{host}", {}),
    "environment": (
        "http://{host}",
        {"MLFLOW_TRACKING_USERNAME": "me", "MLFLOW_TRACKING_PASSWORD": "pa@s3cret"},
    ),
    "token": ("http://{host}", {"MLFLOW_TRACKING_TOKEN": "s3cret-token"}),
}
ALLOWED = (basic("me", "pa@s3cret"), "Bearer s3cret-token")


@pytest.mark.slow
def test_logins_in_address_and_environment_work_to_end(tmp_path, monkeypatch, template_store):
    monkeypatch.chdir(tmp_path)
    database = tmp_path / "behind.db"
    database.write_bytes(template_store.read_bytes())
    with (
        mlflow_server(f"sqlite:///{database}", tmp_path) as server,
        guarded(server.uri, *ALLOWED) as port,
    ):
        host = f"127.0.0.1:{port}"
        refused = answer(f"http://{host}")
        assert "refuses the login (401 Unauthorized)" in refused
        assert "MLFLOW_TRACKING_PASSWORD" in refused
        assert "refuses the login" in answer(f"http://me:s3cret-wrong@{host}")
        for number, (uri, environment) in enumerate(LOGINS.values()):
            with monkeypatch.context() as patch:
                for name, value in environment.items():
                    patch.setenv(name, value)
                store = open_store(uri.format(host=host))
                with track_sweep(store, "trial", {}, "") as tracker:
                    run_id = tracker.log(made_result(number), f"key {number}", DATA)
                runs = read_runs(store, "trial")
                assert len(runs) == number + 1
                assert len(Histories(store, runs)[run_id].epochs) == 3
    written = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"s3cret" not in written


@pytest.fixture
def certificate(tmp_path):
    """A file with a key and a certificate of 127.0.0.1 that nobody has signed but itself."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    import ipaddress

    host = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    signed = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([host]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = tmp_path / "certificate.pem"
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    file.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + signed.public_bytes(pem)
    )
    return file


def test_certificates_are_looked_at_as_mlflow_does(certificate, monkeypatch):
    empty = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    with (
        silent(empty) as behind,
        guarded(f"http://127.0.0.1:{behind}", ALLOWED[0], certificate=certificate) as port,
    ):
        uri = f"https://me:pa%40s3cret@127.0.0.1:{port}"
        assert "self-signed certificate" in answer(uri)
        with monkeypatch.context() as patch:
            patch.setenv("MLFLOW_TRACKING_SERVER_CERT_PATH", str(certificate))
            probe_server("tracking.uri", uri)
        with monkeypatch.context() as patch:
            patch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
            probe_server("tracking.uri", uri)
        monkeypatch.setenv("MLFLOW_TRACKING_INSECURE_TLS", "true")
        with pytest.warns(match="Unverified HTTPS request"):
            probe_server("tracking.uri", uri)


@driver
def test_a_database_is_asked_only_for_a_moment(monkeypatch):
    monkeypatch.setattr("nnbench.track.probes.SECONDS", 0.2)
    with silent() as port, pytest.raises(ConfigError, match=r"no answer within 0\.2 seconds"):
        probe_database("tracking.uri", f"postgresql://me@127.0.0.1:{port}/db")
