"""Manuals: links lead somewhere, commands run, numbers, keys and words are the real ones."""

import importlib.util
import json
import pkgutil
import re
import shlex
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

import tests.speed
from nnbench.options import catalogue
from nnbench.options.allowed import GROUPS, KEYS

ROOT = Path(__file__).parents[1]
MANUALS = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in (
        "README.md", "CONTRIBUTING.md", "conf/README.md", "sweeps/README.md", "reports/README.md",
        "nnbench/README.md", "tests/README.md", ".github/SECURITY.md",
    )
}  # fmt: skip
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)


def prose(text):
    """A manual without its blocks of code."""
    return FENCE.sub("", text)


def blocks(name, language):
    return [body for kind, body in FENCE.findall(MANUALS[name]) if kind == language]


def without_code(text):
    """Prose alone: no code, and of links only what is read."""
    return re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"`[^`]*`", "", prose(text)))


@pytest.mark.parametrize(("name", "most"), [("README.md", 150), ("CONTRIBUTING.md", 119)])
def test_what_a_newcomer_reads_is_short(name, most):
    assert len(MANUALS[name].splitlines()) <= most


# Links and paths.


def anchors(text):
    """The anchors that GitHub gives a page's headings."""
    headings = re.findall(r"^#+ (.*)$", prose(text), re.M)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading) for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("name", MANUALS)
def test_links_lead_somewhere(name):
    links = re.findall(r"\]\(([^)\s]+)\)", prose(MANUALS[name]))
    for link in links:
        path, _, anchor = link.partition("#")
        if path.startswith("https://"):
            continue
        target = (ROOT / name).parent / path if path else ROOT / name
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


MADE = {"checkpoints", "config.yaml", "inspections", "mlartifacts", "outbox", "tables",
        "reports/nnbench", "reports/data", "inspections/RUN_ID", "reports/EXPERIMENT"}  # fmt: skip
"""Folders that nnbench makes where it is run."""


@pytest.mark.parametrize("name", MANUALS)
def test_paths_in_backticks_exist(name):
    places = (ROOT, (ROOT / name).parent, ROOT / "nnbench", ROOT / "nnbench" / "report")
    for path in re.findall(r"`([\w.{},/-]+/[\w.-]*|[\w/]+\.(?:py|yaml))`", prose(MANUALS[name])):
        if path.rstrip("/") in MADE or "NAME" in path or not (path[-1] == "/" or "." in path):
            continue
        assert any((place / path).exists() for place in places), path


# Commands.


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
    own = next(
        code for code in blocks("nnbench/README.md", "python") if "class MyOptimizer" in code
    )
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
def answer(files, monkeypatch, capsys):
    """What a command line prints, in this process; called with words."""
    from nnbench.__main__ import main

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["nnbench", *words])
        try:
            code = main()
        except SystemExit as ended:
            code = ended.code or 0
        printed = capsys.readouterr()
        assert (code, printed.err) == (0, ""), words
        return printed.out

    return run


def smallest(word):
    """Words that sweep over the first values only of a named question."""
    file = ROOT / "sweeps" / f"{word.partition('=')[2]}.yaml"
    swept = yaml.safe_load(file.read_text(encoding="utf-8"))["hydra"]["sweeper"]["params"]
    for key, values in swept.items():
        if "." not in key:
            yield f"hydra.sweeper.params.{key}='{str(values).partition(',')[0]}'"


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
    # No cluster and no server is asked.
    words = [word for word in words if not word.startswith(("hydra/launcher=", "tracking.uri="))]
    words += [first for word in words if word.startswith("+sweeps=") for first in smallest(word)]
    assert "runs" in answer(*dict.fromkeys([*words, "quick=true", "plan=true"]))


@pytest.mark.parametrize("words", parameters(OTHERS))
def test_other_commands_are_understood(words, answer, monkeypatch):
    command, *settings = words
    assert command in {"help", "inspect", "replay", "report", "sync", "ui", *SHORT}
    if command in SHORT:
        assert answer(*words)
    elif command == "report":
        from nnbench.composition.jobs import compose_job

        assert compose_job(settings).sweep.report
    else:
        assert settings in ([], ["RUN_ID"])


def test_commands_of_the_tests_name_what_there_is():
    calibration = importlib.util.find_spec("tests.calibration.__main__")
    parts = Path(calibration.origin).read_text(encoding="utf-8")
    for words in COMMANDS:
        if words[:2] == ("python", "-m") and words[2] != "nnbench":
            module, options = words[2], set(words[3:]) - {"--smoke"}
            assert module.startswith("tests."), words
            assert importlib.util.find_spec(module), words
            if module == "tests.speed":
                assert options <= {m.name for m in pkgutil.iter_modules(tests.speed.__path__)}
            if module == "tests.calibration":
                assert all(f"def {option}(" in parts for option in options)
        elif words[0] == "pytest":
            assert all((ROOT / word).exists() for word in words[1:] if "/" in word), words


def test_extras_that_manuals_install_exist():
    extras = set(re.findall(r"^(\w+) = \[", (ROOT / "pyproject.toml").read_text(), re.M))
    for words in COMMANDS:
        if words[0] == "pip":
            assert set(re.findall(r"\.\[(\w+)\]", " ".join(words))) <= extras, words


def test_the_program_in_the_manual_runs(files, monkeypatch):
    import nnbench.api
    from nnbench.composition import jobs

    compose = jobs.compose_job
    monkeypatch.setattr(jobs, "compose_job", lambda words: compose([*words, "epochs=2"]))
    monkeypatch.setattr(nnbench.api, "load_runs", lambda experiment: experiment)
    (code,) = (code for code in blocks("nnbench/README.md", "python") if "import nnbench" in code)
    names = {}
    exec(code, names)
    assert len(names["results"]) == 20
    assert names["runs"] == "nnbench"


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


# Keys.


def rows(name, columns):
    """The rows of a manual's tables with so many columns: their cells."""
    lines = [line for line in MANUALS[name].splitlines() if line[:1] == "|"]
    cells = [re.split(r"\s*\|\s*", line)[1:-1] for line in lines]
    return [[cell.strip() for cell in row] for row in cells if len(row) == columns]


DESCRIBED = {
    key.strip("`"): (default.strip("`"), example.strip("`"))
    for key, default, _, example in rows("conf/README.md", 4)
    if key.startswith("`")
}


def real_defaults():
    """Every key that is set by itself, and those of its files that concern a sweep."""
    values = yaml.safe_load((ROOT / "conf/config.yaml").read_text(encoding="utf-8"))
    chosen = {key: value for entry in values["defaults"] if isinstance(entry, dict)
              for key, value in entry.items() if key in GROUPS}  # fmt: skip
    defaults = {key: values[key] for key in KEYS if key in values} | chosen
    limits = {f"limits.{key}": value for key, value in values["limits"].items()}
    nested = {}
    for group in ("launcher", "tracking"):
        options = yaml.safe_load(
            (ROOT / "conf" / group / f"{chosen[group]}.yaml").read_text("utf-8")
        )
        nested |= {f"{group}.{key}": value for key, value in options.items() if key != "name"}
    return defaults | limits | nested


def test_every_key_is_described_with_its_default():
    real = real_defaults()
    assert set(DESCRIBED) == set(real)
    for key, (default, _) in DESCRIBED.items():
        if default:
            assert yaml.safe_load(default) == real[key], key


@pytest.mark.parametrize("key", list(DESCRIBED))
def test_the_example_of_a_key_composes(key, files):
    from nnbench.composition.jobs import compose_job

    example = DESCRIBED[key][1]
    assert key in example
    assert compose_job(shlex.split(example))


def test_every_option_is_listed():
    listed = {group.strip("`"): names.split(", ") for group, names in rows("conf/README.md", 2)
              if group.startswith("`")}  # fmt: skip
    assert listed == {group: catalogue.names(group) for group in listed}
    assert set(listed) == set(GROUPS)


@pytest.mark.parametrize("manual", ["sweeps/README.md", "reports/README.md"])
def test_every_question_is_listed(manual):
    for name in catalogue.names("sweeps"):
        assert f"{name}/README.md)" in MANUALS[manual]
        first = (ROOT / "sweeps" / f"{name}.yaml").read_text(encoding="utf-8").splitlines()[1]
        question = first.lstrip("# ").partition(" python -m")[0]
        assert question in MANUALS[manual], question


# Verdicts.

CLAIM = re.compile(r"by ([\d.]+) (?:in test R² |pp )?\(95%\s+CI ([\d.]+)\s+to\s+([\d.]+)\)", re.S)


def report_of(name):
    return json.loads((ROOT / "reports" / name / "report.json").read_text(encoding="utf-8"))


def claims():
    """What manuals say of a committed report: its name and the text."""
    for line in MANUALS["README.md"].splitlines():
        if found := re.search(r"\[Report\]\(reports/(\w+)/README.md\)", line):
            yield found[1], line
    for entry in MANUALS["reports/README.md"].split("\n### ")[1:]:
        yield re.match(r"\[(\w+)\]", entry)[1], entry.partition("\n## ")[0]


@pytest.mark.parametrize(("name", "text"), list(claims()))
def test_differences_are_those_of_the_report(name, text):
    contrasts = [c for c in report_of(name)["contrasts"] if c["outcome"] in ("better", "worse")]
    for numbers in CLAIM.findall(text):
        digits = len(numbers[0].partition(".")[2])
        scale = 100 if digits == 2 else 1
        stated = [float(number) for number in numbers]
        assert any(
            stated == [round(abs(end) * scale, digits) for end in sorted_ends(contrast)]
            for contrast in contrasts
        ), numbers


def sorted_ends(contrast):
    """A difference and the ends of its interval, the smaller first whatever the sign."""
    return contrast["difference"], *sorted((contrast["low"], contrast["high"]), key=abs)


def outcomes(name):
    return {(c["dataset"], c["outcome"]) for c in report_of(name)["contrasts"]}


def test_answers_in_the_readme_are_those_of_the_reports():
    text = " ".join(MANUALS["README.md"].split())
    differing = {
        data for data, outcome in outcomes("shallow_vs_deep") if outcome in ("better", "worse")
    }
    assert not differing
    assert f"on any of {len({data for data, _ in outcomes('shallow_vs_deep')})} data sets" in text
    contrasts = report_of("optimizers")["contrasts"]
    others = {c["value"]["optimizer"] for c in contrasts}
    worse = [c["dataset"] for c in contrasts
             if c["outcome"] == "worse" and c["value"]["optimizer"] == "adafactor"]  # fmt: skip
    assert not [c for c in contrasts if c["outcome"] == "better"]
    assert f"Of {len(others)} others, none is significantly better on any of 3 data sets" in text
    assert f"better than adafactor on {len(worse)} of them" in text


# Words.

OLD = re.compile(
    r"\b(?:training|validation|test) part\b|can't be|told apart|can't tell|\bbeat(?:s|en)?\b"
    r"|\bloses? to\b|\blost\b|\bautops|\bby itself\b|\bpictures?\b|came to nothing|for ever\b"
    r"|leaves? out zero|\bglance\b|\bmechanism\b|(?<!static )\bfigures?\b|\d points\b"
    r"|\bcompany\b|\bcourse of\b|\bputs? up with\b",
    re.I,
)
HOUSE = re.compile(r"\b(?:rooms?|floors?|house)\b", re.I)


def comments(file):
    return " ".join(re.findall(r"(?:^|\s)#(.*)$", file.read_text(encoding="utf-8"), re.M))


SAID = {name: without_code(text) for name, text in MANUALS.items()} | {
    str(file.relative_to(ROOT)): re.sub(r"`[^`]*`", "", comments(file))
    for folder in ("conf", "sweeps")
    for file in sorted((ROOT / folder).rglob("*.yaml"))
}


@pytest.mark.parametrize("name", SAID)
def test_the_words_are_the_fields_own(name):
    text = " ".join(SAID[name].split())
    assert OLD.findall(text) == []
    assert name == "CONTRIBUTING.md" or HOUSE.findall(text) == []
