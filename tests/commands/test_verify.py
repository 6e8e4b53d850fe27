"""The table of checks, and its exit code."""

import sys

import pytest

from nnbench.__main__ import main


@pytest.fixture
def verified(monkeypatch, capsys):
    def run(*words):
        monkeypatch.setattr(sys, "argv", ["nnbench", "verify", *words])
        code = main()
        return code, capsys.readouterr()

    return run


def test_a_row_for_every_component_that_is_named(verified):
    code, said = verified("optimizer=sgd,momentum", "epochs=2")
    assert code == 0
    assert "sgd" in said.out
    assert "momentum" in said.out
    assert "All checks passed." in said.out


def test_a_class_of_the_users_own_is_checked_too(verified):
    code, said = verified("optimizer._target_=tests.verification.test_verify.Talker", "lr=0.1")
    assert code == 1
    assert "Talker" in said.out
    assert "2 of 6 checks failed." in said.out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "must name a component"),
        (["depth=3"], "must name a component"),
        (["optimizer=nope"], "optimizer=nope: must be one of"),
        (["optimizer=adam", "optimizer.beta1=2"], "beta1=2"),
        (["loss=cross_entropy", "dataset=diabetes"], "is for classification"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(verified, words, expected):
    code, said = verified(*words)
    assert code == 1
    assert expected in said.err
    assert said.err.count("\n") == 1
