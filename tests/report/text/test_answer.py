"""Exact answers, all in answers.json: the headline, its bullets, and caveats with commands.

After a change of wording write them anew, and read the difference:

    WRITE_SENTENCES=1 pytest -n0 tests/report/text/test_answer.py
"""

import json
import os
import re
from dataclasses import asdict
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from nnbench.report.text.answer import MOST_CAVEATS, answer_of, title_of
from nnbench.report.text.headline_exceptions import DETAILS
from nnbench.report.text.headline_over_places import over_places
from nnbench.report.text.trends import unsettled_text
from tests.report.runs import COMMAND, NOISE, depths, lost, run, table
from tests.report.text.cases import CASES, Case
from tests.test_language import OLD

ANSWERS = Path(__file__).with_name("answers.json")

OPTIMIZERS = {"adam": 0.0, "sgd": -0.1, "lion": 0.05, "muon": 0.06, "lamb": -0.2,
              "nadam": -0.3, "radam": -0.4, "yogi": -0.5}  # fmt: skip

LOSSES = {"auto": 0.0, "cross_entropy": 0.1, "mae": -0.2, "mae_2": 0.3}


def optimizers(names, datasets=("digits",), seeds=12):
    """Runs of some optimizers, each better or worse than adam by its own amount."""
    return table(
        *(run(s, 2, 0.6 + OPTIMIZERS[name] + np.roll(NOISE, i)[s % 6], dataset=dataset,
              optimizer=name, lr=lr)
          for i, name in enumerate(names) for dataset in datasets for s in range(seeds)
          for lr in (0.1, 0.2, 0.4))
    )  # fmt: skip


def falling(datasets, depths=(1, 2, 4), seeds=12):
    """Scores that fall with depth on each data set by its own amount."""
    return table(
        *(run(s, d, 0.9 - slope * np.log2(d) + NOISE[s % 6] / d, dataset=dataset)
          for dataset, slope in datasets.items() for d in depths for s in range(seeds))
    )  # fmt: skip


MORE = {
    "words, one better": Case(optimizers(["adam", "sgd", "lion"]), "optimizer"),
    "words, none better": Case(optimizers(["adam", "sgd", "lamb"]), "optimizer"),
    "many words": Case(optimizers(OPTIMIZERS), "optimizer"),
    "words, at a width that was chosen": Case(
        pd.concat([optimizers(["adam", "sgd", "lamb"]).assign(width=width, key=None)
                   for width in (8, 16)]).assign(key=range(216), run_id=range(216)), "optimizer"
    ),
    "many cases": Case(
        pd.concat([falling({"digits": slope, "wine": slope / 2, "iris": 0.0}).assign(params=params)
                   for params, slope in ((1000, 0.1), (5000, 0.05), (20000, 0.01))])
        .pipe(lambda runs: runs.assign(key=range(len(runs)), run_id=range(len(runs)))),
        ("params", "depth"),
    ),
    "two cases in which few seeds agree": Case(
        table(*(run(s, d, 0.1 + 0.8 * (d == 3 or name == "adam") + NOISE[s] / 10, optimizer=name,
                    epochs=5) for d in (1, 3) for name in ("adam", "sgd") for s in range(6))),
        ("depth", "optimizer"),
        {"commands": (f"{COMMAND} quick=true",)},
    ),
    "words on two data sets": Case(
        optimizers(["adam", "sgd", "lamb"], ("digits", "wine")), "optimizer"
    ),
    "many words on two data sets": Case(optimizers(OPTIMIZERS, ("digits", "wine")), "optimizer"),
    "several outcomes, none claimed": Case(
        table(*(run(s, d, 0.9 + NOISE[s % 6] / 10 + 0.05 * (d == 3) * (-1) ** s
                    + 0.001 * (d == 2) * (s % 3 - 1))
                for d in (1, 2, 3) for s in range(12)))
    ),
    "worse and undecided": Case(
        table(*(run(s, d, 0.9 + NOISE[s % 6] / 10 + 0.05 * (d == 3) * (-1) ** s - 0.1 * (d == 2))
                for d in (1, 2, 3) for s in range(12)))
    ),
    "trends beside depth 0": Case(
        pd.concat([falling({"digits": 0.05, "wine": 0.0}),
                   table(*(run(s, 0, 0.5 + NOISE[s % 6] / 2, dataset=dataset)
                           for dataset in ("digits", "wine") for s in range(12)))])
        .pipe(lambda runs: runs.assign(key=range(len(runs)), run_id=range(len(runs)))), "depth"
    ),
    "trends on four data sets": Case(
        falling({"digits": 0.1, "wine": -0.02, "iris": 0.05, "moons": 0.0})
    ),
    "trends on no data set": Case(falling({"digits": 0.0, "wine": 0.0})),
    "a preview": Case(falling({"digits": 0.1}).assign(epochs=5)),
    "equivalent on each data set": Case(
        table(*(run(s, d, 0.8 + NOISE[s] / 100 * d, dataset=name)
                for name in ("iris", "wine") for d in (1, 3) for s in range(6)))
    ),
    "several equivalent": Case(
        depths({d: 0.8 + np.roll(NOISE, d)[np.arange(12) % 6] / 100 for d in (1, 2, 3)})
    ),
    "one configuration": Case(depths({3: 0.9 + NOISE}).assign(n_params=12_345, epochs=20)),
    "one configuration on four data sets": Case(
        table(*(run(s, 3, 0.9 + NOISE[s], dataset=name) for name in "abcd" for s in range(6)))
    ),
    "one configuration that failed once": Case(
        table(*(run(s, 3) for s in range(5)), lost(5, 3))
    ),
    "activations with their default initial weights": Case(
        table(*(run(s, 1, 0.8 + NOISE[s] * bool(hidden == "he"), activation=name, init="auto",
                    **{"init.hidden": hidden})
                for name, hidden in (("relu", "he"), ("tanh", "glorot")) for s in range(6))),
        "activation",
    ),
    "activations with other initial weights": Case(
        table(*(run(s, 1, 0.8 + NOISE[s] * bool(hidden == "he"), activation=name, init="auto",
                    **{"init.hidden": hidden})
                for name, hidden in (("relu", "he"), ("tanh", "lecun")) for s in range(6))),
        "activation",
    ),
    "losses in many cases": Case(
        table(*(run(s, d, 0.5 + gain * (d > 1) + NOISE[s % 6] / 10, loss=loss)
                for d in (1, 2, 3) for loss, gain in LOSSES.items() for s in range(12))),
        ("depth", "loss"),
    ),
    "no better than chance": Case(
        table(*(run(s, d, 0.1 + NOISE[s] / 10, chance=0.1) for d in (1, 3) for s in range(6)))
    ),
    "regression": Case(
        table(*(run(s, d, 0.4 + NOISE[s] * d, metric="r2", dataset="diabetes")
                for d in (1, 2, 4) for s in range(6)))
    ),
}  # fmt: skip


MOST_WORDS = 35
"""Words of a bullet."""


@cache
def answer(name):
    return answer_of((CASES | MORE)[name].findings)


def test_answers_are_those_written_down():
    answers = {name: asdict(answer(name)) for name in CASES | MORE}
    text = json.dumps(answers, indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("WRITE_SENTENCES"):
        ANSWERS.write_text(text, "utf-8")

    assert json.loads(text) == json.loads(ANSWERS.read_text("utf-8"))


def test_answers_have_none_of_the_old_words():
    assert OLD.findall(ANSWERS.read_text("utf-8")) == []


@pytest.mark.parametrize("name", CASES | MORE)
def test_answer_is_read_at_once(name):
    own = answer(name)
    assert own.headline.count(". ") == 0
    assert own.headline.endswith(".")
    assert len(own.headline) <= 300
    assert len(own.bullets) <= 3
    assert all(len(bullet.split()) <= MOST_WORDS for bullet in own.bullets)
    assert len(own.caveats) <= MOST_CAVEATS == 5


def test_values_not_comparable_have_their_reason():
    text = answer("five seeds").headline
    assert "2 are not comparable (fewer than 6 paired seeds)" in text


def test_sizes_on_mixed_metrics_have_units():
    classes = falling({"digits": 0.1, "wine": 0.05})
    numbers = [run(s, d, 0.9 - 0.2 * np.log2(d) + NOISE[s % 6] / d, metric="r2", dataset="waves")
               for d in (1, 2, 4) for s in range(12)]  # fmt: skip
    runs = pd.concat([classes, table(*numbers)])
    runs = runs.assign(key=range(len(runs)), run_id=range(len(runs)))
    text = answer_of(Case(runs).findings).headline
    assert re.search(r"waves: 0\.\d+ R²", text)
    assert re.search(r"digits: \d+\.\d\u00a0pp", text)


def test_inconclusive_answers_name_seeds_to_run_next():
    findings = Case(falling({"digits": 0.0}, depths=(1, 3))).findings
    (contrast,) = findings.contrasts
    assert contrast.outcome.value == "inconclusive"
    (caveat,) = [c for c in answer_of(findings).caveats if "inconclusive" in c.text]
    assert f"about {contrast.more_seeds} more seeds" in caveat.text
    assert f"seeds={12 + contrast.more_seeds}" in caveat.command


def test_headline_counts_runs_that_failed():
    rows = [lost(s, d) if d == 4 and s < 3 else run(s, d, 0.9 - 0.1 * d + NOISE[s % 6] / d)
            for d in (1, 2, 4) for s in range(12)]  # fmt: skip
    assert (
        "; 3 of 36 compared runs diverged or failed."
        in answer_of(Case(table(*rows)).findings).headline
    )


def test_limits_are_part_of_the_sentence():
    assert "at learning rate 0.001 only" in answer("better").headline
    assert "after only 5 epochs" in answer("a preview").headline
    assert "with epochs differing as well" in answer("another key differed along").headline
    assert "learning rate" not in answer("words, none better").headline
    text = answer("words, at a width that was chosen").headline
    assert ", with width chosen on validation, no optimizer is better than adam" in text


def test_default_initial_weights_are_no_other_difference():
    usual = answer("activations with their default initial weights")
    assert "and with each activation's default initial weights, whether" in usual.headline
    assert usual.caveats[0].text.startswith(
        "On digits, initial weights (init.hidden) differed along with"
    )
    other = answer("activations with other initial weights")
    assert "with initial weights differing as well" in other.headline


def test_the_compared_key_stands_once_before_words():
    """A longer word is no shorter one, and auto says nothing without its key."""
    text = answer("losses in many cases").headline
    assert "loss mae_2 is better than cross_entropy in 2 of 3 cases" in text
    assert "; mae is worse in 2" in text
    assert " and loss auto in 2" in text


def test_one_configuration_is_not_asked_to_be_best():
    assert title_of(MORE["one configuration"].findings) == "How good is depth 3?"
    assert title_of(CASES["better"].findings) == "What is depth worth?"
    assert (
        "12,345 parameters and was trained for at most 20 epochs"
        in answer("one configuration").bullets[1]
    )


def test_large_unproven_difference_is_inconclusive():
    text = answer("too few seeds for four comparisons").headline
    assert "inconclusive: all 6 seeds agree on 39.9\u00a0pp" in text
    # 2 / 64 times 4 is above 0.05; 2 / 256 times 4 is 0.031.
    assert "seeds=8 can" in text
    assert answer("too few seeds for four comparisons").caveats[0].command.endswith(" seeds=8")


def test_no_more_than_three_values_are_named():
    text = answer("many words on two data sets").headline
    assert sum(name in text.replace("adam", "", 1) for name in OPTIMIZERS) <= 6
    assert "more on at least 1" in text


def test_long_headlines_name_the_largest_difference_only():
    (_, full, largest, size) = (
        over_places(MORE["losses in many cases"].findings, detail) for detail in DETAILS
    )
    assert "(depth 2: 30.0\u00a0pp, depth 3: 30.0\u00a0pp)" in full
    assert "loss auto in 2 (most: loss mae on depth 2, by 30.0\u00a0pp)" in largest
    assert "loss auto in 2 (by up to 30.0\u00a0pp)" in size
    assert len(full) > len(largest) > len(size)


def test_long_trends_name_the_largest_only():
    findings = MORE["trends on four data sets"].findings
    (intervals, full, largest, size) = (over_places(findings, detail) for detail in DETAILS)
    assert "(wine: 2.0\u00a0pp, 90% CI" in intervals
    assert "(wine: 2.0\u00a0pp)" in full
    assert "(digits: 10.0\u00a0pp, iris: 5.0\u00a0pp)" in full
    assert "(most on digits, by 10.0\u00a0pp)" in largest
    assert "(by up to 10.0\u00a0pp)" in size


def test_size_is_named_where_it_was_asked_for():
    runs = CASES["better, at equal size"].runs
    assert "at about 20,000 parameters" in answer_of(Case(runs).findings).headline
    unasked = answer_of(Case(runs.assign(params=None)).findings).headline
    assert "parameters" not in unasked


def test_values_outside_a_trend_have_a_reason():
    line = SimpleNamespace(key="width", values=tuple(range(8, 48)))
    few, many = (
        unsettled_text(SimpleNamespace(unsettled=values, line=line))
        for values in ((24, 28), tuple(range(24, 44)))
    )
    assert few == ", leaving out width 24 and 28 (best settings unknown)"
    assert many == ", leaving out 20 of 40 values of width (best settings unknown)"
