"""Sentences of a verdict, and their order; sentences.json has their words."""

import pytest

from nnbench.report.text.verdict import MOST_PLACES, on_text, verdicts
from tests.report.runs import NOISE, findings_of, lost, run, table
from tests.report.text.cases import CASES, two_keys


def sentences(name):
    return verdicts(CASES[name].findings)


def places(name):
    """Beginnings of the sentences on single places."""
    return [text.split(",")[0] for text in sentences(name) if text.startswith("On ")]


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("one value", 1),
        ("one value of those that were asked for", 1),
        ("one value on each data set", 3),
        ("none finished", 1),
        ("none finished, for no known reason", 1),
    ],
)
def test_runs_that_compare_nothing_have_no_verdict(name, count):
    assert CASES[name].findings.contrasts == ()
    assert len(sentences(name)) == count


def test_reason_of_failures_is_named_if_known():
    assert sentences("none finished")[0].endswith("; most often: train_loss exploded.")
    assert "most often" not in sentences("none finished, for no known reason")[0]


def test_one_learning_rate_is_said_first():
    assert "one learning rate (0.001)" in sentences("better")[0]
    rows = [run(s, lr=lr, test=lr + 0.01 * s) for lr in (0.1, 0.2) for s in range(6)]
    (only,) = verdicts(findings_of(table(*rows), "lr"))
    assert "lr 0.2" in only


def test_data_sets_with_the_most_decided_have_sentences():
    shown = places("more data sets than have sentences")
    # Nothing was decided on the first two.
    assert shown == [f"On d{i}" for i in range(2, MOST_PLACES + 2)]
    assert any("d0 and d1" in text for text in sentences("more data sets than have sentences"))


def test_seeds_needed_for_so_many_comparisons_are_named():
    # 2 / 64 times 4; eight agreeing seeds have 2 / 256, times 4 is 0.031.
    text = sentences("too few seeds for four comparisons")[1]
    assert "6 seeds are too few for 4 comparisons" in text
    assert "p = 0.12 at best" in text
    assert "at least 8 seeds" in text


def test_one_values_few_seeds_disqualify_no_other():
    rows = [run(s, d, 0.5 + d / 10 + NOISE[s % 6] * d) for d in (1, 2) for s in range(12)]
    rows += [run(s, d, 0.5 + NOISE[s] * d) for d in (3, 4) for s in range(6)]

    assert not any("too few" in text for text in verdicts(findings_of(table(*rows))))


def test_overview_counts_where_something_is_better_or_worse():
    overview = sentences("better, worse and neither")[1]
    assert "on 1 of 3 data sets (iris)" in overview
    assert overview.endswith("on 1 (wine).")
    slight = sentences("better, and slightly better")[1]
    # On wine the difference is significant, and too small to matter.
    assert "on 1 of 2 data sets (iris)" in slight


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], "none"),
        (["a", "b"], "2 (a, b)"),
        (list("abcdefghij"), "10 (a, b, c, d, e, f, g, h, …)"),
    ],
)
def test_places_are_counted_and_named(names, text):
    assert on_text(names) == text


def test_data_on_which_all_failed_count_nowhere():
    """Neither as a data set, nor as another comparison, nor in ranks."""
    *first, csv, failures = sentences("one data set on which all failed")
    runs = CASES["one data set on which all failed"].runs
    assert first == verdicts(findings_of(runs[runs["dataset"] != "csv"]))
    assert csv.startswith("On csv, all of 12 compared runs")
    assert csv.endswith("no such file.")
    assert failures.startswith("12 runs of 36")
    *_, csv, _ = verdicts(findings_of(runs.iloc[:-6]))
    assert csv.startswith("On csv, all of 6 compared runs")


def test_second_key_is_compared_by_the_first():
    assert places("two keys") == [
        "On digits with depth 1",
        "On digits with depth 3",
    ]
    assert "in 1 of 2 cases (digits with depth 3)" in sentences("two keys")[1]
    assert places("two keys, the other way round") == ["On digits with adam", "On digits with sgd"]


def test_one_reference_for_all_combinations_is_accepted():
    texts = sentences("two keys with one reference")
    assert "2 of 2 data sets (digits, wine)" in texts[1]
    assert places("two keys with one reference")[:3] == [
        "On digits with depth 1", "On digits with adam", "On digits",
    ]  # fmt: skip
    by_list = verdicts(findings_of(two_keys(), ("depth", "optimizer"), reference=[1, "adam"]))
    assert not any(" of 1 data set" in text for text in by_list)


def test_another_key_that_differed_is_said_before_verdict():
    texts = sentences("another key differed along")
    warning = next(i for i, text in enumerate(texts) if text.startswith("Take care: epochs"))
    assert warning < next(i for i, text in enumerate(texts) if text.startswith("On "))


def test_runs_that_were_left_out_may_have_finished():
    rows = [lost(s, d, lr=0.1) for s in range(6) for d in (1, 3)]
    rows += [run(s, d, lr=0.01) for s in range(2) for d in (1, 3)]

    texts = verdicts(findings_of(table(*rows)))
    assert not any("Not one of" in text for text in texts)
    assert any("settings that lack seeds of others were left out" in text for text in texts)


def test_runs_that_learnt_nothing_are_counted():
    assert sentences("stalled")[-1].startswith("12 runs of 12 finished without")
    rows = [run(s, 1, 0.1, trouble="stalled", reason="stalled") for s in range(6)]
    assert verdicts(findings_of(table(*rows)))[-1].startswith("6 runs of 6 finished without")


def test_places_with_a_single_value_are_named():
    texts = sentences("one value on one of two data sets")
    assert texts[-1].startswith("On iris, depth 3 is the only value")
    assert not any(" of 2 data sets" in text for text in texts)
    texts = sentences("one value beside one of two")
    assert texts[-2].startswith("On digits with adam, depth 3 is the only")


def test_failed_runs_are_counted_with_their_choice():
    text = sentences("failed at settings that were not chosen")[-1]
    assert text.startswith("12 runs of 36 diverged or failed, none of them")
    assert sentences("one of six failed")[-1].startswith("1 run of 12 diverged or failed, 1 of")


def test_values_tried_with_another_key_come_first():
    rows = [run(s, d, optimizer=name) for s in range(6)
            for name, depths in (("adam", (1, 2)), ("sgd", (3, 4))) for d in depths]  # fmt: skip
    assert any(s.startswith("Take care: not every optimizer had the same choice of depth (1 and 2")
               for s in verdicts(findings_of(table(*rows), "optimizer")))  # fmt: skip
