import pytest

from nnbench.track.address import ui_address


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("sqlite:////data/mlflow.db", "http://127.0.0.1:5000"),
        ("postgresql://me:secret@host/db", "http://127.0.0.1:5000"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("https://me:secret@mlflow.example/path", "https://mlflow.example/path"),
        ("https://me@mlflow.example", "https://mlflow.example"),
    ],
)
def test_the_ui_is_the_servers_own_or_served_here_and_nobody_is_named(uri, address):
    assert ui_address(uri, 5000) == address
