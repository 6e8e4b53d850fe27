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
    code, output = verified("optimizer=sgd,momentum", "epochs=2")
    assert code == 0
    assert "sgd" in output.out
    assert "momentum" in output.out
    assert "All checks passed." in output.out
    caption = "restart difference from the same run without interruption (0)"
    assert caption in " ".join(output.out.split())
    assert "hand-built" not in output.out


def test_class_of_the_users_own_is_checked_too(verified):
    code, message = verified("optimizer._target_=tests.verification.test_verify.Talker", "lr=0.1")
    assert code == 1
    assert "Talker" in message.out
    assert "2 of 7 checks failed." in message.out


def test_sweeps_flag_is_taken(verified):
    code, output = verified("-m", "schedule=cosine,step", "epochs=2")
    assert code == 0
    assert "cosine" in output.out
    assert "descends" not in output.out.partition("cosine")[0]


def test_a_bad_component_leaves_the_others_their_rows(verified):
    own = ("Stepless", "Unmade", "Late", "Still", "Climber")
    targets = ",".join(f"tests.verification.test_verify.{name}" for name in own)
    code, output = verified(f"optimizer._target_=nnbench.optim.sgd.SGD,{targets}", "lr=0.1")
    assert code == 1
    assert output.err == ""
    rows, reasons = {}, {}
    for line in output.out.splitlines():
        name, colon, reason = line.partition(": ")
        if colon:
            reasons[name] = reason
        elif line.split()[0] in ("SGD", *own):
            rows.setdefault(line.split()[0], line.split()[1:])
    #                     gradient, reference, descends, stack, restart, stack, restart, made
    assert rows["SGD"][:2] + rows["SGD"][3:] == ["-", "-", "0", "0", "0", "0", "-"]
    assert rows["Still"] == ["-", "-", "FAIL", "0", "0", "0", "0", "-"]
    assert rows["Climber"] == rows["Late"] == rows["Still"]
    assert rows["Stepless"] == ["-", "-", *["FAIL"] * 5, "-"]
    assert rows["Unmade"] == [*["-"] * 7, "FAIL"]
    assert max(len(line) for line in output.out.splitlines() if "FAIL" in line) <= 80
    assert reasons["Still"] == "descends: 1, must be at most 0.99"
    assert reasons["Late"].startswith("descends: RuntimeError: forty steps (test_verify.py:")
    assert reasons["Stepless"].startswith(
        "descends, stack 32, restart 32, stack 64, restart 64: AttributeError: "
    )
    assert reasons["Unmade"].startswith("made: optimizer=")
    assert "9 of 36 checks failed." in output.out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "must name a component"),
        (["depth=3"], "must name a component"),
        (["-m"], "must name a component"),
        (["optimizer=nope"], "optimizer=nope: must be one of"),
        (["optimizer=adam,nope"], "optimizer=nope: must be one of"),
        (["optimizer=adam", "optimizer.beta1=2"], "beta1=2"),
        (["loss=cross_entropy", "dataset=diabetes"], "is for classification"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(verified, words, expected):
    code, output = verified(*words)
    assert code == 1
    assert expected in output.err
    assert output.err.count("\n") == 1


@pytest.mark.parametrize(("name", "depth"), [("sawtooth", 4), ("parity", 3)])
def test_a_data_set_with_a_solution_is_solved(verified, name, depth):
    code, output = verified(f"dataset={name}", "dataset.noise=0.1")
    assert code == 0
    assert f"{name}: solved by depth {depth}, width 2" in output.out


def test_component_is_checked_on_the_given_data_set(verified):
    code, output = verified("activation=relu", "dataset=sawtooth")
    assert code == 0
    assert "relu" in output.out
    assert "sawtooth" not in output.out
