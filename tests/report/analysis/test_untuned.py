"""Tuned beside untuned, and what includes what."""

from dataclasses import replace

import pytest

from nnbench.options import catalogue
from nnbench.report.analysis.inclusion import INCLUDES, checks, included
from nnbench.report.analysis.untuned import default_group, is_default, settings_text
from nnbench.report.compare.measure import Measure
from nnbench.report.metric import Metric
from nnbench.report.question import Question
from nnbench.report.sections.limits import make as limits
from nnbench.report.sections.optimizers import make
from nnbench.report.text.inclusion import under_tuned
from tests.report.runs import answered, depths, lost, run, table, texts

COMMAND = "python -m nnbench -m optimizer=momentum,sgd search=2 lr=0.01,0.1 experiment=trial"
ASKED = Question("trial", ("optimizer",), (COMMAND,), "python -m nnbench report experiment=trial")
SEEDS = range(10)
ACCURACY = Measure(Metric("accuracy"), "test_accuracy")


def trial(optimizer, lr, figure, spread=0.001, seeds=SEEDS, **changes):
    """Runs of one setting, a seed each; validation and test score are the same."""
    return [
        run(seed, 3, figure + spread * seed, optimizer=optimizer, lr=lr, **changes)
        for seed in seeds
    ]


def findings_of(*trials, asked=ASKED):
    return answered(table(*(row for runs in trials for row in runs)), asked)


# Of sgd the default, 0.1, is the worse; of momentum, 0.01, it is the best there is.
TRIALS = (
    trial("sgd", 0.1, 0.80),
    trial("sgd", 0.3, 0.90, spread=0.002),
    trial("momentum", 0.01, 0.85),
    trial("momentum", 0.1, 0.70),
)


@pytest.mark.parametrize(
    ("row", "is_own"),
    [
        ({"optimizer": "sgd", "lr": 0.1}, True),
        ({"optimizer": "sgd", "lr": 0.01}, False),
        ({"optimizer": "adam", "lr": 0.001, "optimizer.beta1": 0.9}, True),
        ({"optimizer": "adam", "lr": 0.001, "optimizer.beta1": 0.5}, False),
        ({"optimizer": "sgd", "lr": 0.1, "optimizer.beta1": float("nan")}, True),
        ({"optimizer": "sgd", "lr": 0.1, "weight_decay": 0.0}, True),
        ({"optimizer": "lion", "lr": 0.001, "weight_decay": 0.001}, True),
        ({"optimizer": "lion", "lr": 0.001, "weight_decay": 0.0}, False),
        ({"optimizer": "mine.Own", "lr": 0.1}, False),
        ({"optimizer": "adam", "width": 64}, True),
        ({"optimizer": "adam", "width": 32}, False),
        ({"norm": "none", "norm.momentum": None}, True),
        ({"patience": None}, True),
        ({"residual": False}, True),
        ({"residual": True}, False),
    ],
)
def test_what_a_default_is(row, is_own):
    keys = [key for key in row if key not in ("optimizer", "norm")]
    assert is_default(row, keys) is is_own


def test_defaults_are_found_among_all_runs():
    comparison = findings_of(*TRIALS).comparison
    momentum, sgd = (default_group(comparison, group) for group in comparison.groups)

    assert sgd.runs["lr"].unique().tolist() == [0.1]
    assert momentum.scores("test").tolist() == pytest.approx([0.85 + s / 1000 for s in SEEDS])
    tuned = comparison.groups[1]
    assert settings_text(tuned) == "lr=0.3"
    assert settings_text(sgd) == "lr=0.1"


def test_what_tuning_gained_is_paired_by_seed():
    section = make(findings_of(*TRIALS))

    tuning = section.tables[0]
    (sgd,) = [row for row in texts(tuning) if row[1] == "sgd"]
    # 0.9 + 0.002 s − 0.8 − 0.001 s: 10 points and 0.1 for each seed, 0.45 in the mean.
    assert sgd[2:5] == ["80.5% (80.2 to 80.7)", sgd[3], sgd[4]]
    assert sgd[4].startswith("+10.45 (")
    assert sgd[5:] == ["2", "lr=0.1", "lr=0.3"]
    assert tuning.data.set_index("optimizer").loc["momentum", "difference"] == 0
    assert (
        "The tuned setting is better in 1 of 2 cases: significantly better (Holm-corrected) in 1 "
        f"(most: 10.45{ACCURACY.unit}, sgd on digits), significantly worse in none."
    ) in section.text
    assert section.commands == []
    assert len(section.figures[0].panels) == 1


def test_missing_defaults_come_with_their_command():
    section = make(findings_of(trial("sgd", 0.2, 0.8), trial("sgd", 0.3, 0.9), *TRIALS[2:]))

    assert "was not run for sgd" in section.text[-1]
    assert section.commands == ["python -m nnbench -m optimizer=momentum,sgd experiment=trial"]
    assert [row[1] for row in section.tables[0].rows] == ["momentum"]


def test_lost_defaults_have_no_difference():
    rows = [lost(s, 3, optimizer="sgd", lr=0.1) for s in SEEDS]
    section = make(findings_of(rows, *TRIALS[1:]))
    (sgd,) = [row for row in texts(section.tables[0]) if row[1] == "sgd"]
    assert (sgd[2], sgd[4]) == ("~ worst", "diverged or failed")


def test_nothing_tuned_is_no_section():
    assert make(findings_of(TRIALS[0], TRIALS[2])) is None
    of_depth = replace(ASKED, keys=("depth",))
    assert make(answered(depths({1: [0.9], 3: [0.8]}), of_depth)) is None


def test_optimizers_include_what_they_include_in_turn():
    assert included("sgd") == {}
    assert included("adam") == {
        "momentum": "a large epsilon",
        "sgd": "beta1=0 and a large epsilon",
    }
    assert included("adamw")["sgd"] == "weight_decay=0 and beta1=0 and a large epsilon"
    assert included("rmsprop_momentum")["rmsprop"] == "momentum=0"
    assert set(included("adamw")) == {"adam", "momentum", "sgd"}


def test_inclusions_name_optimizers_and_options_that_there_are():
    for general in INCLUDES:
        assert {general, *included(general)} <= set(catalogue.names("optimizer"))
        options = catalogue.option("optimizer", general).options
        for settings in included(general).values():
            for words in settings.split(" and "):
                assert words.removeprefix("a large ").partition("=")[0] in options


def test_a_general_optimizer_that_loses_is_under_tuned():
    seen = findings_of(*TRIALS)
    (check,) = checks(seen.comparison, 0.005)
    assert (check.group.value, check.reference.value) == ("momentum", "sgd")
    assert check.p_holm == pytest.approx(2**-9)

    ((sentence, command),) = under_tuned(seen.comparison, ASKED)

    assert sentence.startswith("momentum is worse than sgd on digits (−5.45 (")
    assert (
        "which it can be itself, with momentum=0. So 2 settings did not tune it enough" in sentence
    )
    assert "epsilon" not in sentence
    assert command == "python -m nnbench -m optimizer=momentum,sgd experiment=trial search=8"
    assert (sentence, command) in limits(seen).points
    assert make(seen).tables[1].rows[0][-1] == "under-tuned"


def test_winning_or_untuned_optimizer_is_not_listed():
    wins = findings_of(*TRIALS[:2], trial("momentum", 0.01, 0.95), trial("momentum", 0.1, 0.7))
    assert [*under_tuned(wins.comparison, ASKED)] == []
    assert make(wins).tables[1].rows[0][-1] == "as expected"
    alone = findings_of(trial("sgd", 0.1, 0.9), trial("momentum", 0.01, 0.8))
    assert checks(alone.comparison, 0.005) == ()


def test_pairs_of_check_have_same_of_another_key():
    rows = [
        row for depth in (1, 2) for runs in TRIALS for row in
        [{**row, "depth": depth, "key": f"{row['key']}{depth}"} for row in runs]
    ]  # fmt: skip
    seen = findings_of(rows, asked=replace(ASKED, keys=("depth", "optimizer")))
    assert {(c.group.value, c.reference.value) for c in checks(seen.comparison, 0.005)} == {
        ((1, "momentum"), (1, "sgd")),
        ((2, "momentum"), (2, "sgd")),
    }
    assert len(make(seen).tables[0].rows) == 4


def test_what_epsilon_decides_says_how_to_search_it():
    seen = findings_of(*TRIALS[:2], trial("adam", 0.001, 0.85), trial("adam", 0.01, 0.7))
    ((sentence, _),) = under_tuned(seen.comparison, ASKED)
    assert "with beta1=0 and a large epsilon" in sentence
    assert "+optimizer.search.epsilon=[1e-8,1] adds it" in sentence
    searched = [
        trial("adam", 0.001, test, **{"optimizer.epsilon": epsilon})
        for epsilon, test in ((0.1, 0.85), (1e-8, 0.7))
    ]
    seen = findings_of(*TRIALS[:2], *searched)
    ((sentence, _),) = under_tuned(seen.comparison, ASKED)
    assert "adds it" not in sentence


def test_failed_general_optimizer_counts_its_runs():
    gone = [lost(s, 3, optimizer="momentum", lr=lr) for s in SEEDS for lr in (0.01, 0.1)]
    seen = findings_of(*TRIALS[:2], gone)
    ((sentence, _),) = under_tuned(seen.comparison, ASKED)
    assert f"than sgd on digits ({len(SEEDS)} runs diverged or failed, Holm" in sentence


def test_a_command_that_changes_nothing_is_not_given():
    plain = replace(ASKED, commands=("python -m nnbench -m optimizer=momentum,sgd",))
    section = make(findings_of(*TRIALS[1:], trial("sgd", 0.3, 0.9), asked=plain))
    assert "was not run for sgd" in section.text[-1]
    assert section.commands == []
