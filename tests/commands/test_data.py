"""The list of data sets, and the card and figure of one."""

import itertools
import re
import sys

import numpy as np
import pytest

from nnbench.__main__ import main
from nnbench.assembly import build
from nnbench.data.bundled import LICENCES, LOADERS
from nnbench.data.dataset import classification, regression
from nnbench.inspection import dataset_figure
from nnbench.options import catalogue
from tests.build_small import component


@pytest.fixture
def shown(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["nnbench", "data", *words])
        monkeypatch.setattr("nnbench.app.terminal.CONSOLE.width", 80)
        code = main()
        return code, capsys.readouterr()

    return run


def test_every_data_set_has_row_in_80_columns(shown):
    code, output = shown()

    assert code == 0
    rows = {line.split()[0]: line.rstrip() for line in output.out.splitlines() if line}
    assert set(catalogue.names("dataset")) <= set(rows)
    assert {name for name, row in rows.items() if "…" in row} == {"csv", "npz", "openml", "python"}
    assert max(map(len, output.out.splitlines())) <= 80
    assert re.search(r" 1,797 +8×8×1 +10 +CC BY 4.0$", rows["digits"])
    assert "regression" in rows["diabetes"]
    assert "not stated" in rows["diabetes"]
    assert rows["sawtooth"].endswith("generated")
    assert rows["moons"].endswith("generated")
    assert "unknown" not in output.out
    commands = output.out.partition("To describe and draw one:\n")[2].splitlines()
    assert commands[:2] == [
        "python -m nnbench data NAME", "python -m nnbench data csv path=… target=…",
    ]  # fmt: skip


def test_every_bundled_set_states_its_licence():
    assert set(LICENCES) == set(LOADERS)


def test_card_describes_a_file_and_names_its_figure(shown, tmp_path):
    path = tmp_path / "[red]pets.csv"
    path.write_text("a,b,[bold]kind\n" + "1,,<x>\n,2,<y>\n" * 9)

    code, output = shown("csv", f"path='{path}'", "target='[bold]kind'")

    assert code == 0
    assert "classification, 2 classes" in output.out
    assert "18 missing numbers: each run fills in the mean of its own training set" in output.out
    assert str(path) in output.out
    assert "reports/data/[red]pets.svg" in output.out
    figure = (tmp_path / "reports" / "data" / "[red]pets.svg").read_text()
    assert figure.startswith("<svg")
    assert "<x>" not in figure


def test_card_has_training_rows_and_chance_level(shown):
    code, output = shown("wine", "train_rows=40")

    assert code == 0
    assert "rows        178, 40 to train\n" in output.out
    assert "chance      accuracy 0.399 for a constant prediction\n" in output.out


def test_unknown_data_set_is_one_line(shown, tmp_path):
    code, output = shown("digit")

    assert (code, output.out) == (1, "")
    assert output.err.startswith("nnbench: data=digit: did you mean digits? there are adding")
    assert output.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def marks(data):
    panels = dataset_figure.dataset_figure(data)["concat"]
    return [panel["mark"]["type"] for panel in panels], panels


@pytest.mark.parametrize(
    ("name", "mark", "title"),
    [("moons", "circle", "first column"), ("wine", "circle", "first principal component")],
)
def test_tables_are_points(name, mark, title):
    kinds, panels = marks(build.dataset(component("dataset", name)))

    assert kinds == [mark]
    assert panels[0]["encoding"]["x"]["title"] == title


def test_images_keep_their_sides():
    kinds, panels = marks(classification("wide", np.zeros((6, 4, 8, 1)), np.arange(6) % 3, ""))

    assert set(kinds) == {"rect"}
    assert [panel["title"] for panel in panels[:3]] == ["class 0", "class 1", "class 2"]
    assert panels[0]["width"] == 2 * panels[0]["height"]


def test_signals_are_curves_of_every_channel():
    x = np.random.default_rng(0).normal(size=(9, 5, 3))

    kinds, _ = marks(classification("signals", x, np.arange(9) % 3, ""))

    assert kinds == ["line"] * 3


@pytest.mark.parametrize("classes", [2, 5, 14])
def test_signals_of_one_channel_lie_apart_by_class(classes):
    x = np.random.default_rng(0).normal(size=(70, 6, 1))
    data = classification("signals", x, np.arange(70) % classes, "")

    kinds, panels = marks(data)

    assert kinds == ["line"] * min(classes, 12)
    assert [panel["title"] for panel in panels[:2]] == ["class 0", "class 1"]
    figure = dataset_figure.dataset_figure(data)
    rows = next(iter(figure.get("datasets", {}).values()), None) or panels[0]["data"]["values"]
    by_signal = [[row["y"] for row in rows if row["signal"] == number] for number in (1, 2, 3)]
    assert all(max(below) < min(above) for above, below in itertools.pairwise(by_signal))


def test_functions_are_drawn_over_their_input():
    kinds, panels = marks(regression("sawtooth", np.linspace(0, 1, 9)[:, None], np.arange(9.0), ""))

    assert kinds == ["circle"]
    assert panels[0]["encoding"]["y"]["field"] == "value"


def test_classes_are_called_by_their_names(shown, tmp_path):
    (tmp_path / "pets.csv").write_text("a,b,kind\n" + "1,2,cat\n3,4,dog\n" * 9)

    _, output = shown("csv", "path=pets.csv", "target=kind")

    assert "data set    pets\n" in output.out
    assert "2 classes: cat, dog" in output.out
    drawn = dataset_figure.dataset_figure(build.dataset(component("dataset", "iris")))
    assert "versicolor" in str(drawn)
