import pytest

from nnbench.track.address import store_uri, ui_address


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
