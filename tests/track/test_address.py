import pytest

from nnbench.track.address import is_loopback, page_of_runs, store_uri, ui_address


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("sqlite:////data/mlflow.db", "http://127.0.0.1:5000"),
        ("postgresql://me:secret@host/db", "http://127.0.0.1:5000"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("https://me:secret@mlflow.example/path", "https://mlflow.example/path"),
        ("https://me:s@cret@mlflow.example/path", "https://mlflow.example/path"),
        ("https://me@mlflow.example", "https://mlflow.example"),
        ("https://mlflow.example/?token=secret", "https://mlflow.example"),
    ],
)
def test_ui_is_the_servers_or_local_without_logins(uri, address):
    assert ui_address(uri, 5000) == address


def test_runs_have_pages_where_others_reach_them():
    page = "https://mlflow.example/path/#/experiments/7/runs/{run_id}?workflowType=machine_learning"
    assert page_of_runs("https://me:secret@mlflow.example/path", "7") == page
    local = ("http://localhost:8080", "http://127.0.0.1:5000/", "http://me@[::1]:5000", "http:///a")
    for uri in ("sqlite:////data/mlflow.db", "postgresql://me:secret@host/db", *local):
        assert page_of_runs(uri, "7") == ""


def test_loopback_has_many_names():
    for host in ("localhost", "db.localhost.", "127.9.9.9", "::1", "0.0.0.0", ""):
        assert is_loopback(host), host
    for host in ("mlflow.example", "localhost.example", "10.0.0.1", "1.2.3.4", "::2"):
        assert not is_loopback(host), host


@pytest.mark.parametrize(
    ("uri", "meant"),
    [
        ("postgresql://me:pa@s3cret@h:1/db", "postgresql://me:pa%40s3cret@h:1/db"),
        ("postgresql://me:pa%40s3cret@h:1/db", "postgresql://me:pa%40s3cret@h:1/db"),
        ("postgresql://me@corp:a:b@h/db", "postgresql://me%40corp:a%3Ab@h/db"),
        ("postgresql://me:a/b@h/db", "postgresql://me:a%2Fb@h/db"),
        ("postgresql://me:a@b/c@h/db?x=a@b", "postgresql://me:a%40b%2Fc@h/db?x=a@b"),
        ("postgresql://me:a@h/db?user=a@b", "postgresql://me:a@h/db?user=a@b"),
        ("postgresql://h:5432/db?user=a@b", "postgresql://h:5432/db?user=a@b"),
        ("postgresql:///db?user=a@b", "postgresql:///db?user=a@b"),
        ("postgresql://me@h", "postgresql://me@h"),
        ("postgresql://me:s3c@ret#PW@h:1/db", "postgresql://me:s3c%40ret%23PW@h:1/db"),
        ("postgresql://me:s3c@ret?PW@h/db?x=1", "postgresql://me:s3c%40ret%3FPW@h/db?x=1"),
        ("http://me:a@b#c@h:5000/x", "http://me:a%40b%23c@h:5000/x"),
        ("http://me:a@b@h:5000/x", "http://me:a%40b@h:5000/x"),
        ("./mlruns", "./mlruns"),
    ],
)
def test_a_password_ends_at_the_last_sign(uri, meant):
    assert store_uri(uri) == meant
