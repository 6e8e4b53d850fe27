import sys
from types import ModuleType, SimpleNamespace

import pytest

import nnbench

CONFIG = ["dataset=iris", "epochs=6"]


class Bar:
    """Stands in for IPython's, and keeps what it was set to."""

    bars: list["Bar"] = []  # noqa: RUF012

    def __init__(self, total):
        self.total, self.displayed, self.steps = total, 0, []
        self.bars.append(self)

    def display(self):
        self.displayed += 1

    def __setattr__(self, name, value):
        if name == "progress":
            self.steps.append(value)
        super().__setattr__(name, value)


@pytest.fixture
def shell(monkeypatch):
    """Pretends that a shell of IPython runs the test."""
    Bar.bars.clear()

    def pretend(shell):
        ipython, display = ModuleType("IPython"), ModuleType("IPython.display")
        ipython.get_ipython, display.ProgressBar = lambda: shell, Bar
        monkeypatch.setitem(sys.modules, "IPython", ipython)
        monkeypatch.setitem(sys.modules, "IPython.display", display)

    return pretend


def test_training_in_a_notebook_fills_one_bar(shell, monkeypatch, capfd):
    monkeypatch.setattr("nnbench.notebook.progress.EVERY_SECONDS", 0.0)
    shell(SimpleNamespace(kernel=object()))

    nnbench.train(nnbench.compose(CONFIG))

    (bar,) = Bar.bars
    assert bar.displayed == 1
    assert bar.steps == sorted(bar.steps)
    assert set(bar.steps) == set(range(7))
    assert bar.total == bar.steps[-1] == 6
    assert capfd.readouterr() == ("", "")


def test_bar_of_a_stopped_run_is_filled(shell):
    shell(SimpleNamespace(kernel=object()))

    nnbench.train(nnbench.compose([*CONFIG, "lr=1e30", "optimizer=sgd"]))

    assert Bar.bars[0].steps[-1] == 6


@pytest.mark.parametrize("terminal", [None, SimpleNamespace()])
def test_nothing_is_shown_outside_a_notebook(shell, terminal, capfd):
    shell(terminal)

    nnbench.train(nnbench.compose(CONFIG))

    assert Bar.bars == []
    assert capfd.readouterr() == ("", "")
