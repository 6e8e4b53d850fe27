"""Manuals: links lead somewhere; keys, numbers and words are the real ones."""

import json
import re
import shlex

import pytest
import yaml

from nnbench.commands.help import MEANINGS
from nnbench.options import catalogue
from nnbench.options.keys import GROUPS, KEYS
from tests.manuals import MANUALS, ROOT, prose


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
    """Every key without a file, and those of its files that concern a sweep."""
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


def test_meaning_of_a_key_is_that_of_help():
    in_manual = {
        key.strip("`").removeprefix("limits."): meaning.replace("`", "").lower()
        for key, _, meaning, _ in rows("conf/README.md", 4)
    }
    assert len(MEANINGS) > 40
    for key, meaning in MEANINGS.items():
        assert in_manual[key].startswith(meaning.removesuffix(".").lower()), key


@pytest.mark.parametrize("key", list(DESCRIBED))
def test_the_example_of_a_key_composes(key):
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
        has_answer = (ROOT / "reports" / name).is_dir()
        assert (f"{name}/README.md)" in MANUALS[manual]) == has_answer
        first = (ROOT / "sweeps" / f"{name}.yaml").read_text(encoding="utf-8").splitlines()[1]
        question = first.lstrip("# ").partition(" python -m")[0]
        if has_answer or manual == "sweeps/README.md":
            assert question in MANUALS[manual], question


# Verdicts.


def report_of(name):
    return json.loads((ROOT / "reports" / name / "report.json").read_text(encoding="utf-8"))


def claims():
    """Claims of manuals about committed reports: report name and text."""
    for line in MANUALS["README.md"].splitlines():
        if link := re.search(r"\[Report\]\(reports/(\w+)/README.md\)", line):
            yield link[1], line
    for entry in MANUALS["reports/README.md"].split("\n### ")[1:]:
        yield re.match(r"\[(\w+)\]", entry)[1], entry.partition("\n## ")[0]


def headlines():
    """Report and headline of every answer that a manual quotes."""
    for name, text in claims():
        if answer := report_of(name).get("answer"):
            yield name, answer["headline"], text


@pytest.mark.parametrize(("name", "headline", "text"), list(headlines()))
def test_headlines_are_those_of_the_report(name, headline, text):
    assert " ".join(headline.split()) in " ".join(text.split())


def test_every_answer_is_quoted():
    names = sorted(name for name, _, _ in headlines())
    assert set(names) == {path.parent.name for path in (ROOT / "reports").glob("*/report.json")
                          if path.parent.name in catalogue.names("sweeps")}  # fmt: skip
    assert len(names) == 9 + 3  # three of them in README.md, too


def outcomes(name):
    return {(c["dataset"], c["outcome"]) for c in report_of(name)["contrasts"]}


def test_answers_in_readme_are_those_of_the_reports():
    text = " ".join(MANUALS["README.md"].split())
    assert not [data for data, outcome in outcomes("shallow_vs_deep") if outcome == "better"]
    better = {data for data, outcome in outcomes("depth_ladder") if outcome == "better"}
    functions = {data for data, _ in outcomes("depth_ladder")}
    assert f"**On {len(better)} of {len(functions)} functions.**" in text
    muon = [c for c in report_of("optimizers")["contrasts"] if c["value"] == {"optimizer": "muon"}]
    assert [c["outcome"] for c in muon].count("better") == 2
    assert f"**Muon, on 2 of {len(muon)} data sets.**" in text
