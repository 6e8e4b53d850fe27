"""Every command and program of the manuals does something, or at least can be planned."""

import importlib.util
import pkgutil
import re
import shlex
import sys

import numpy as np
import pandas as pd
import pytest
import yaml

import tests.speed
from nnbench.commands.help import command_names
from nnbench.options.keys import KEYS
from tests.calibration.__main__ import PARTS
from tests.manuals import MANUALS, ROOT, blocks, prose


def lines():
    """Every command of every manual, with the manual it stands in."""
    for name, text in MANUALS.items():
        blocked = "\n".join(blocks(name, "sh")).splitlines()
        inline = re.findall(r"`((?:python -m|pip|pytest)\s[^`]*)`", prose(text))
        indented = re.findall(r"^    ((?:python -m|pip|pytest|ruff).*)$", prose(text), re.M)
        for line in (*blocked, *inline, *indented):
            for command in line.split("&&"):
                words = shlex.split(
                    " ".join(command.split()).replace("…", "nnbench"), comments=True
                )
                if words:
                    yield name, tuple(words)


COMMANDS = sorted({words for _, words in lines()})
OURS = [words[3:] for words in COMMANDS if words[:3] == ("python", "-m", "nnbench")]
TRAINING = [words for words in OURS if not words or "=" in words[0] or words[0][0] in "-+"]
OTHERS = [words for words in OURS if words not in TRAINING]
ALL = "optimizer=glob(*)"
SHORT = {"data", "verify"}
"""Commands that are run; of the others that their words are fine is enough."""


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A directory with the data and the package that manuals speak of."""
    rows = np.arange(40)
    pd.DataFrame({"size": rows, "price": rows * 1.5}).to_csv(tmp_path / "houses.csv")
    text = pd.DataFrame({"body": [f"word{row}" for row in rows], "spam": rows % 2})
    text.to_csv(tmp_path / "mail.csv.gz", index=False)
    german = pd.DataFrame({"fl": rows + 0.5, "preis": rows * 1.5})
    german.to_csv(tmp_path / "haus.csv", sep=";", decimal=",", index=False)
    signals = pd.DataFrame(np.random.default_rng(0).normal(size=(40, 187))).add_prefix("t")
    signals.assign(beat=rows % 2).to_csv(tmp_path / "ecg.csv", index=False)
    np.savez(
        tmp_path / "images.npz", x=np.random.default_rng(0).normal(size=(40, 8, 8, 1)), y=rows % 2
    )
    codes = blocks("nnbench/README.md", "python")
    own = "\n\n".join(code for code in codes if re.search("class MyOptimizer|def waves", code))
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mypackage.py").write_text(
        f"{own}\n\ndef make(findings):\n    return None\n"
    )
    monkeypatch.syspath_prepend(tmp_path / "own")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    yield tmp_path
    sys.modules.pop("mypackage", None)


@pytest.fixture
def answer(files, command):
    """Run a command line in this process and return its output; called with words."""

    def run(*words):
        code, out, err = command(*words)
        assert (code, err) == (0, ""), words
        return out

    return run


def smallest(word):
    """Words that sweep over the first value only of each key of a named question, of two rates."""
    file = ROOT / "sweeps" / f"{word.partition('=')[2]}.yaml"
    swept = yaml.safe_load(file.read_text(encoding="utf-8"))["hydra"]["sweeper"]["params"]
    for key, values in swept.items():
        if "." not in key:
            first = ",".join(str(values).split(",")[: 1 + (key == "lr")])
            yield f"hydra.sweeper.params.{key}='{first}'"


def parameters(commands):
    """Commands for a test; those about all optimizers are slow."""
    return [
        pytest.param(words, id=" ".join(words), marks=pytest.mark.slow if ALL in words else ())
        for words in commands
    ]


@pytest.mark.parametrize("words", parameters(TRAINING))
def test_commands_that_train_can_be_planned(words, answer, monkeypatch):
    if "dataset=openml" in words:
        pytest.skip("downloads")
    if "hydra/sweeper=optuna" in words:
        pytest.skip("cannot be planned; tests/app/test_joint.py trains it")
    # No cluster and no server is asked.
    words = [word for word in words if not word.startswith(("hydra/launcher=", "tracking.uri="))]
    words += [first for word in words if word.startswith("+sweeps=") for first in smallest(word)]
    assert "runs" in answer(*dict.fromkeys([*words, "quick=true", "plan=true"]))


@pytest.mark.parametrize("words", parameters(OTHERS))
def test_other_commands_are_understood(words, answer, monkeypatch):
    command, *settings = words
    assert command in {*command_names()} - {"train"}
    if command in SHORT:
        assert answer(*words)
    elif command == "report":
        from nnbench.composition.jobs import compose_job

        assert compose_job(settings).sweep.report
    elif command in ("gallery", "reproduce"):
        folder, *others = settings
        assert (ROOT / folder).is_dir()
        assert others in ([], ["PATH"])
    else:
        assert settings in ([], ["RUN_ID"])


def test_commands_of_the_tests_name_what_there_is():
    for words in COMMANDS:
        if words[:2] == ("python", "-m") and words[2] != "nnbench":
            module, options = words[2], set(words[3:]) - {"--smoke", "--avx2", "--compiled"}
            assert module.startswith("tests."), words
            assert importlib.util.find_spec(module), words
            if module == "tests.speed":
                assert options <= {m.name for m in pkgutil.iter_modules(tests.speed.__path__)}
            if module == "tests.calibration":
                flags = {option for option in options if option.startswith("--experiments=")}
                assert options - flags <= {*PARTS, "[FOLDER]"}
        elif words[0] == "pytest":
            assert all((ROOT / word).exists() for word in words[1:] if "/" in word), words


def test_extras_that_manuals_install_exist():
    extras = set(re.findall(r"^(\w+) = \[", (ROOT / "pyproject.toml").read_text(), re.M))
    for words in COMMANDS:
        if words[0] == "pip":
            assert set(re.findall(r"\.\[(\w+)\]", " ".join(words))) <= extras, words


def test_the_program_in_the_manual_runs(files, monkeypatch):
    import nnbench.api
    from nnbench.commands import report
    from nnbench.composition import jobs

    compose = jobs.compose_job
    monkeypatch.setattr(jobs, "compose_job", lambda words: compose([*words, "epochs=2"]))
    monkeypatch.setattr(nnbench.api, "load_runs", lambda experiment: experiment)
    monkeypatch.setattr(nnbench.api, "load_curves", lambda experiment: experiment)
    monkeypatch.setattr(report, "write_quietly", lambda experiment, overrides: experiment)
    (code,) = (code for code in blocks("nnbench/README.md", "python") if "import nnbench" in code)
    names = {}
    exec(code, names)
    assert len(names["results"]) == 20
    assert names["runs"] == names["report"] == "nnbench"
    assert names["chart"].to_dict()["hconcat"]


def test_the_example_of_a_question_composes(files):
    from nnbench.composition.jobs import compose_job

    (code,) = blocks("sweeps/README.md", "yaml")
    question = yaml.safe_load(code)
    swept = question.pop("hydra")["sweeper"]["params"]
    for key, values in swept.items():
        compose_job(
            [f"{key}={str(values).split(',')[0]}", f"compare=[{','.join(question['compare'])}]"]
        )
    assert set(question) - set(KEYS) == set()
