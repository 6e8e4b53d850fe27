"""Whole reports, on every kind of table that runs can make."""

import re
import shlex
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nnbench.report import write_report
from nnbench.report.statistics import estimate
from nnbench.run.errors import ConfigError

from ..pages.charts import charts, words
from .runs import TABLES, Curves, as_strict, depths, lost, question, report, run, table


@pytest.mark.parametrize("name", TABLES)
def test_every_table_gets_a_report(name, reported):
    written = reported(name)

    page, readme = written.page.read_text(), written.readme.with_name("evidence.md").read_text()
    assert written.verdicts
    data = as_strict(written)
    assert data["verdicts"] == list(written.verdicts)
    assert data["question"]["compare"] == ["depth"]
    assert data["runs"]["count"] <= len(TABLES[name])
    assert {"runs", "comparison"} <= set(data["tables"])
    for number in ("nan", "inf", "NaN", "None", "undefined"):
        shown = words(page) + readme.replace("train_loss was inf", "")
        assert not re.search(rf"\b{number}\b", shown), number
    charts(page)
    assert not written.missing
    for picture in re.findall(r"\((figures/.*?\.svg)\)", readme):
        assert ET.parse(written.readme.parent / picture).getroot().tag.endswith("svg")
    for file in re.findall(r"\((tables/.*?\.csv)\)", readme):
        pd.read_csv(written.readme.parent / file)


@pytest.mark.usefixtures("undrawn")
def test_table_by_hand(tmp_path):
    written = report(depths({1: [0.80, 0.90], 3: [0.70, 0.90]}), tmp_path)

    data = pd.read_csv(written.readme.parent / "tables" / "comparison.csv")
    assert list(data["depth"]) == [1, 3]
    assert list(data["runs"]) == [2, 2]
    assert list(data["n_params"]) == [15, 25]
    assert data["test_mean"].tolist() == pytest.approx([0.85, 0.80])
    assert data["test_median"].tolist() == pytest.approx([0.80, 0.70])
    # Two values give no interval.
    assert data["test_low"].isna().all()
    evidence = pd.read_csv(written.readme.parent / "tables" / "evidence.csv")
    assert evidence["difference"].tolist() == pytest.approx([-0.05])
    assert evidence["median"].tolist() == pytest.approx([-0.05])
    assert evidence["improvement"].tolist() == [0.25]
    assert evidence["outcome"].tolist() == ["not comparable"]
    assert evidence["smallest_p"].tolist() == [0.5]


@pytest.mark.usefixtures("undrawn")
def test_intervals_and_tests_are_in_the_tables(tmp_path):
    tests = {1: 0.8 + np.arange(8) / 100, 3: 0.9 + np.arange(8) / 50}
    written = report(depths(tests), tmp_path)

    data = pd.read_csv(written.readme.parent / "tables" / "comparison.csv")
    for row, values in zip(data.to_dict("records"), tests.values(), strict=True):
        expected = estimate(values, (0, 1))
        assert (row["test_low"], row["test_high"]) == pytest.approx((expected.low, expected.high))
    evidence = pd.read_csv(written.readme.parent / "tables" / "evidence.csv")
    # All eight agree: 2 / 256.
    assert evidence[["p", "p_holm"]].to_numpy().tolist() == [[2 / 256] * 2]
    assert evidence["outcome"].tolist() == ["better"]


@pytest.mark.usefixtures("undrawn")
def test_lost_runs_show_the_median_and_their_reason(tmp_path):
    runs = table(run(0), run(1, test=0.5), lost(2), *(run(s, 3) for s in range(3)))

    readme = report(runs, tmp_path).readme.with_name("evidence.md").read_text()

    assert "| \\~ 50.0% |" in readme
    assert "1 run of 6 diverged or failed" in readme
    assert "| digits | 1 | 2 | diverged | train\\_loss exploded |" in readme


@pytest.mark.usefixtures("undrawn")
def test_skipped_settings_are_shown_with_their_reason(tmp_path):
    bad = "lr=<b>|`x`: must be\na number"
    asked = replace(question(), skipped={bad: 1200, **{f"depth=-{i}: no": i for i in range(1, 60)}})
    runs = TABLES["many seeds"]

    written = write_report(runs, Curves(runs), asked, tmp_path / "x")

    page, readme = written.page.read_text(), written.readme.with_name("evidence.md").read_text()
    assert "## Skipped settings" in readme
    assert "for 60 reasons" in readme
    assert "The first 50 of 60." in readme
    assert "| lr=&lt;b&gt;\\|\\`x\\`: must be a number | 1,200 |" in readme
    assert ">lr=&lt;b&gt;|`x`: must be\na number</th>" in page
    assert '<td class="number" data-value="1200">1,200</td>' in page
    data = pd.read_csv(written.readme.parent / "tables" / "skipped.csv")
    assert data["runs"].tolist() == [1200, *range(1, 60)]
    assert data["reason"][0] == bad


def test_without_skipped_runs_nothing_mentions_them(reported):
    written = reported("many seeds")

    assert "kipped" not in written.readme.with_name("evidence.md").read_text()
    assert not (written.readme.parent / "tables" / "skipped.csv").exists()


@pytest.mark.usefixtures("undrawn")
def test_stalled_runs_count_and_show_why(tmp_path):
    reason = "stalled in 1_dense, whose gradient vanished: train_loss never fell"
    runs = table(*(run(s, d, reason=reason if d == 9 else "") for s in range(3) for d in (1, 9)))

    readme = report(runs, tmp_path).readme.with_name("evidence.md").read_text()

    assert "3 runs of 6 finished without learning" in readme
    assert "## Runs that diverged or failed" not in readme
    assert "| digits | 9 | 2 | stalled in 1\\_dense, whose gradient vanished" in readme
    assert "| \\~" not in readme


def test_names_of_users_are_text_and_nothing_else(tmp_path):
    bad = "<script>alert(1)</script>|`[x](javascript:y)`\"'{{ 7*7 }}"
    runs = table(*(run(s, d, dataset=bad) for s in range(2) for d in (1, 3)))

    written = report(
        runs, tmp_path, experiment=bad, command=shlex.join(["python", "-m", "nnbench", bad])
    )

    page, readme = written.page.read_text(), written.readme.with_name("evidence.md").read_text()
    assert "<script>alert" not in page
    assert "{{ 7*7 }}" in page
    blocks = re.sub(r"^ {4,}.*$|`index.html`", "", readme, flags=re.MULTILINE)
    assert "<script" not in blocks
    assert not re.search(r"(?<!\\)`", blocks)
    assert "[x](" not in blocks.replace("\\[x\\](", "")
    assert not re.search(r"(?<!\\)\|(?! |$)", blocks, re.MULTILINE)


def test_page_needs_nothing_from_elsewhere(reported):
    page = reported("many seeds").page.read_text()

    assert "default-src 'none'" in page
    assert not re.search(r"<(script|link|img)[^>]+(src|href)=|url\(|@import", words(page))


@pytest.mark.usefixtures("undrawn")
def test_report_takes_the_place_of_an_earlier_one(tmp_path):
    first = report(TABLES["learning rates"], tmp_path)
    directory = first.page.parent
    (directory / "notes.txt").write_text("mine")
    (directory / "figures" / "mine.svg").write_text("mine")
    before = {path.name for path in directory.rglob("*")}

    report(TABLES["many seeds"], tmp_path)

    after = {path.name for path in directory.rglob("*")}
    of_rates = ("heatmap", "learning-rate-ranges", "best-of-k")
    assert before - after == {
        "learning-rates.svg",
        *(f"{name}.{kind}" for name in of_rates for kind in ("csv", "svg")),
    }
    assert after - before == set()


def test_nothing_half_written_is_left_behind(tmp_path, monkeypatch):
    first = report(TABLES["one value"], tmp_path)
    before = {path: path.read_bytes() for path in first.page.parent.rglob("*") if path.is_file()}

    monkeypatch.setattr("nnbench.pages.write.chart_library", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        report(TABLES["many seeds"], tmp_path)

    after = {path: path.read_bytes() for path in first.page.parent.rglob("*") if path.is_file()}
    assert after == before


@pytest.mark.parametrize(
    ("runs", "line"),
    [
        (pd.DataFrame(), "experiment=trial: has no runs to report on"),
        (
            table(run()),
            "compare=colour: must be one of depth, lr, optimizer, test_size, .*",
        ),
    ],
)
def test_question_without_an_answer_is_refused(runs, line, tmp_path):
    with pytest.raises(ConfigError, match=f"^{line}$"):
        write_report(runs, {}, question(compare="colour"), tmp_path / "x")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(("key", "why"), [("dataset", "data sets stand"), ("seed", "seeds are")])
def test_what_differs_between_pairs_is_not_compared(key, why, tmp_path):
    with pytest.raises(ConfigError, match=f"^compare={key}: {why}"):
        write_report(TABLES["many seeds"], {}, question(compare=key), tmp_path / "x")


@pytest.mark.usefixtures("undrawn")
def test_several_sweeps_are_asked_again_by_their_commands(tmp_path):
    asked = replace(question(), commands=("python -m nnbench a=1", "python -m nnbench b=2"))
    runs = TABLES["many seeds"]

    readme = (
        write_report(runs, Curves(runs), asked, tmp_path / "x")
        .readme.with_name("evidence.md")
        .read_text()
    )

    assert "The runs come from several sweeps. These commands trained them" in readme
    assert "    python -m nnbench a=1\n" in readme
    assert "    python -m nnbench b=2\n" in readme
    # Neither of them would train all with more seeds.
    assert "seeds=20" not in readme

    asked = replace(asked, commands=("python -m nnbench a=1…",), where={"depth": [1, 3]})
    readme = (
        write_report(runs, Curves(runs), asked, tmp_path / "x")
        .readme.with_name("evidence.md")
        .read_text()
    )
    assert "Some of the commands that trained these runs were not stored in full." in readme
    assert "a=1" not in readme


def test_same_runs_same_report(reported, tmp_path):
    again = report(TABLES["many seeds"], tmp_path)

    assert again.page.read_text() == reported("many seeds").page.read_text()


@pytest.mark.usefixtures("undrawn")
def test_failing_section_is_named_and_others_stay(tmp_path, monkeypatch):
    def fail(findings):
        raise ZeroDivisionError("of nothing")

    monkeypatch.setattr("nnbench.report.sections.limits.make", fail)
    written = report(next(iter(TABLES.values())), tmp_path)

    (line,) = written.missing
    assert line.startswith("The section limits is missing: ")
    assert "ZeroDivisionError: of nothing" in line
    assert line in words(written.page.read_text())
    assert "What these runs can't show" not in written.readme.with_name("evidence.md").read_text()
    assert written.verdicts


@pytest.mark.usefixtures("undrawn")
def test_verdict_that_fails_loses_no_table(tmp_path, monkeypatch):
    def fail(findings):
        raise ValueError("cannot convert float NaN to integer")

    monkeypatch.setattr("nnbench.report.verdicts", fail)
    written = report(next(iter(TABLES.values())), tmp_path)

    (line,) = written.missing
    assert line.startswith("The verdicts are missing: ValueError: cannot convert float NaN to int")
    assert (written.readme.parent / "tables" / "comparison.csv").is_file()


@pytest.mark.parametrize("figure", [-5.55e15, -1.6e33, -1e99, -1e300, -np.inf, 0.0])
def test_r2_of_any_size_gets_a_report(figure, tmp_path):
    tests = {1: [0.5, figure, 0.4, 0.3, 0.6, 0.2, 0.1], 3: [0.4, 0.5, figure, 0.1, 0.3, 0.6, 0.2]}
    runs = depths(tests).rename(columns=lambda name: name.replace("accuracy", "r2"))

    written = report(runs, tmp_path)

    assert not written.missing
    text = written.readme.with_name("evidence.md").read_text()
    assert max(map(len, re.findall(r"\d+", text))) < 20
    assert ("where R² is 0 unless every one is met" in text) == (figure == 0)
