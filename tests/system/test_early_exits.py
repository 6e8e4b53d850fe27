"""Code of the user's that ends the program is never a success."""

import os
import signal
import sys
from dataclasses import replace

import pytest

import nnbench
from nnbench.__main__ import main
from nnbench.assembly import build, settle
from nnbench.options import components
from nnbench.run.config import Component
from nnbench.run.errors import ConfigError, ProgramEndedError
from nnbench.sweep.execute import Work, begin, execute
from nnbench.sweep.pool import LocalPool
from nnbench.system.early_exits import contained, without_sudden_end
from nnbench.system.interrupt import EndedError, signals_raise
from tests.build_small import run
from tests.phase_lines import without_phases

OWN = "tests.endings"
SMALL = ["dataset=iris", "epochs=2", "width=4", "seeds=1", "jobs=1", "lr=0.1"]


@pytest.fixture
def command(monkeypatch, capsys):
    """Run a command line in this process; returns exit code, output and errors."""

    def entered(*words):
        monkeypatch.setattr(sys, "argv", ["nnbench", *words])
        try:
            code = main()
        except SystemExit as error:  # As Hydra's way ends.
            code = error.code
        return code, *capsys.readouterr()

    return entered


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (f"{OWN}.MadeExit", "ends the program with the exit code 0: it raises SystemExit"),
        (f"{OWN}.MadeHard", "ends the program with the exit code 0: it calls os._exit"),
        (f"{OWN}.MadeInterrupt", "ends the program: it raises KeyboardInterrupt"),
        ("builtins.exit", "ends the program with the exit code 0: it raises SystemExit"),
        ("sys.exit", "ends the program with the exit code 0: it raises SystemExit"),
    ],
)
@pytest.mark.parametrize("way", ["verify", "train"])
def test_class_that_cannot_be_made_is_one_line(way, name, message, command, here):
    words = [f"optimizer._target_={name}", *SMALL, "tracking=none"]
    code, out, err = command(*(["verify"] * (way == "verify")), *words)
    assert (code, without_phases(out)) == (1, "")
    assert err == f"nnbench: optimizer={name}: {message}\n"


@pytest.mark.parametrize("name", ["StepExit", "StepHard", "StepInterrupt", "StepGenerator"])
def test_verify_never_says_that_all_passed(name, command):
    code, out, err = command("verify", f"optimizer._target_={OWN}.{name}", "lr=0.1", "epochs=1")
    assert (code, err) == (1, "")
    assert f"{name}: descends, stack 32" in out
    assert "ends the program" in out
    assert "(endings.py:" in out
    assert "All checks passed" not in out


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("StepExit", "ends the program with the exit code 0: it raises SystemExit (endings.py:"),
        ("StepInterrupt", "ends the program: it raises KeyboardInterrupt (endings.py:"),
        ("StepHard", "the worker process was killed or ended itself twice"),
    ],
)
def test_worker_that_is_ended_fails_its_runs_alone(name, message):
    data = build.dataset(run().dataset)
    own = Component(name, f"{OWN}.{name}", {})
    configs = [settle.settle_loss(run(optimizer="sgd"), data.task)]
    configs.append(settle.settle_loss(run(), data.task))
    configs[1] = replace(configs[1], optimizer=own)
    work = [Work([config], data) for config in configs]
    results = {
        r.config.optimizer.name: r
        for finished in execute(begin(work, LocalPool(1)))
        for r in finished
    }
    assert results["sgd"].status == "finished"
    assert results[name].status == "failed"
    assert results[name].reason.startswith(message)


@pytest.mark.parametrize("name", ["section_exit", "section_hard"])
def test_section_that_ends_the_program_is_one_line(name, command, here):
    assert command(*SMALL, "report=false")[0] in (0, None)
    code, out, err = command(
        "report", "experiment=nnbench", f"+sections.mine._target_={OWN}.{name}"
    )
    assert (code, without_phases(out)) == (1, "")
    assert err.startswith(f"nnbench: sections.mine={OWN}.{name}: ends the program with the exit c")
    assert err.count("\n") == 1


def test_training_in_a_program_does_not_end_it():
    own = nnbench.compose([f"optimizer._target_={OWN}.StepExit", *SMALL])
    with pytest.raises(ProgramEndedError, match="raises SystemExit"):
        nnbench.train(own)


@pytest.mark.parametrize("text", ["import sys; sys.exit(0)", "1 / 0", "raise KeyError(3)", "def"])
def test_failing_import_is_one_line(text, tmp_path, monkeypatch):
    (tmp_path / "falls.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ConfigError, match=r"^loss._target_=falls.Over: import failed: .*\w"):
        components.locate("loss", Component("own", "falls.Over"))


def test_signals_are_no_errors_of_code():
    with pytest.raises(EndedError), signals_raise(), contained():
        signal.raise_signal(signal.SIGTERM)
    # As Python has it; workers that run tests ignore this signal.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt), contained():
            raise KeyboardInterrupt
    finally:
        signal.signal(signal.SIGINT, before)
    with signals_raise(), pytest.raises(ProgramEndedError), contained():
        raise KeyboardInterrupt


def test_forked_processes_end_as_ever():
    end = os._exit
    with without_sudden_end():
        child = os.fork()
        if not child:
            os._exit(7)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        with pytest.raises(ProgramEndedError):
            os._exit(0)
    assert os._exit is end
