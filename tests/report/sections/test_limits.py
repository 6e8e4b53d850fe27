"""Limits of the runs, each with the command that would help."""

from dataclasses import replace

import numpy as np
import pytest

from nnbench.report.analysis.findings import find
from nnbench.report.question import Question
from nnbench.report.sections.limits import make
from nnbench.run.result import History
from tests.report.runs import COMMAND, NOISE, Kept, answered, depths, run, table

SEEDS = range(2)


def points(runs, *keys, command=COMMAND, **changes):
    """Text → command."""
    asked = Question("trial", keys or ("depth",), (command,), "python -m nnbench report", **changes)
    return dict(make(answered(runs, asked)).points)


def beginning(limits, text):
    """The only point that begins so."""
    ((sentence, command),) = [pair for pair in limits.items() if pair[0].startswith(text)]
    return sentence, command


def test_another_keys_reference_is_not_this_keys():
    runs = table(*(run(s, d, norm=n) for s in SEEDS for d in (1, 3) for n in ("none", "batch")))
    asked = replace(
        Question("trial", ("depth",), (COMMAND,), "python -m nnbench report reference=3"),
        reference=3,
    )
    limits = dict(make(answered(runs, asked)).points)

    _, command = beginning(limits, "For each depth only the best norm is shown")
    assert command == "python -m nnbench report compare=norm"


def test_confounder_is_shown_on_its_data_set():
    rows = [run(s, d, epochs=9, dataset="iris") for s in SEEDS for d in (1, 3)]
    rows += [run(s, d, epochs=d, dataset="wine") for s in SEEDS for d in (1, 3)]

    sentence, _ = beginning(points(table(*rows)), "On wine, epochs differed along")
    assert sentence == (
        "On wine, epochs differed along with depth (1 with depth 1; 3 with depth 3), so their "
        "effects are not separable."
    )


def test_uncompared_values_are_not_confounded():
    """Either model has epochs of its own, and depths are compared at each model."""
    own = {"mlp": 5, "cnn": 9}
    rows = [run(s, d, model=m, epochs=own[m]) for s in SEEDS for d in (1, 3) for m in own]

    limits = points(table(*rows), "model", "depth")
    assert not any("epochs differed" in sentence for sentence in limits)
    together = points(table(*rows), "model", "depth", reference=["mlp", 1])
    beginning(together, "On digits, epochs differed along with model and depth (")


@pytest.mark.parametrize(
    ("command", "more"),
    [
        (COMMAND, f"{COMMAND} dataset=moons,digits,breast_cancer,wine"),
        # Other data have no such option, or no such figure.
        (f"{COMMAND} metric=test_rmse", ""),
        (f"{COMMAND} dataset=moons dataset.noise=0.3", ""),
    ],
)
def test_other_data_are_named(command, more):
    runs = table(*(run(s, d, dataset="moons") for s in SEEDS for d in (1, 3)))
    assert beginning(points(runs, command=command), "All runs were on moons")[1] == more


def test_single_rate_follows_from_question_or_exclusion():
    rows = [run(s, d, lr=lr) for d in (1, 3) for lr in (0.01, 0.1) for s in range(3)
            if (s, lr) != (0, 0.1) or d == 3]  # fmt: skip
    rows = [row for row in rows if row["lr"] == 0.01 or row["seed"] == 0]
    begins = "Every depth was compared at one learning rate only (0.01)"

    _, command = beginning(points(table(*rows)), begins)
    assert command == f"{COMMAND} lr=0.001,0.003,0.01,0.1,0.3,1"
    _, command = beginning(points(table(*rows), where={"lr": 0.01}), begins)
    assert command == ""


def test_quick_look_is_followed_by_a_whole_one():
    rows = [run(s, d, epochs=5, best_epoch=5) for s in SEEDS for d in (1, 3)]
    for command, longer in ((COMMAND, f"{COMMAND} epochs=10"), (f"{COMMAND} quick=true", COMMAND)):
        limits = points(table(*rows), command=command)
        assert beginning(limits, "In 100% of the compared runs the last epoch")[1] == longer


def test_of_several_sweeps_each_has_its_command():
    runs = table(*(run(s, d) for s in SEEDS for d in (1, 3)))
    several = ("python -m nnbench depth=1", "python -m nnbench depth=3 lr=0.1")
    asked = Question("trial", ("depth",), several, "python -m nnbench report")

    limits = dict(make(answered(runs, asked)).points)
    _, commands = beginning(limits, "With 2 seeds")
    assert commands == "\n".join(f"{command} seeds=20" for command in several)
    many = replace(asked, commands=(*several, "python -m nnbench depth=6", "python -m nnbench"))
    assert beginning(dict(make(answered(runs, many)).points), "With 2 seeds")[1] == ""


def test_other_regressions_are_named_for_a_regression():
    runs = table(*(run(s, d, metric="r2", dataset="diabetes") for s in SEEDS for d in (1, 3)))
    _, command = beginning(points(runs), "All runs were on diabetes")
    assert command == f"{COMMAND} dataset=diabetes,friedman1,linnerud"


def test_own_test_set_is_no_sample_of_splits():
    def at(dataset, own):
        return [run(s, d, dataset=dataset, test_rows=own) for s in SEEDS for d in (1, 3)]

    own, split = "All seeds have the same test set on ", "Every seed splits the same rows anew"
    for rows, texts in (
        (at("wine", 0), [split]),
        (at("mine", 9), [f"{own}mine"]),
        (at("mine", 9) + at("wine", 0), [split, f"{own}mine"]),
    ):
        limits = points(table(*rows))
        shown = [text for text in limits if text.startswith((own, split))]
        assert [text.split(".")[0] for text in shown] == texts


def test_data_drawn_anew_are_no_splits():
    def at(dataset, fresh):
        return [
            run(s, d, dataset=dataset, **{"dataset.fresh": fresh}) for s in SEEDS for d in (1, 3)
        ]

    shown = [
        [text.split(".")[0] for text in points(table(*rows)) if "splits the same rows" in text]
        for rows in (at("xor", True), at("xor", True) + at("wine", None), at("xor", False))
    ]
    assert shown == [
        [],
        ["On wine every seed splits the same rows anew"],
        ["Every seed splits the same rows anew"],
    ]


@pytest.mark.parametrize("lacking", [1, 37])
def test_classes_that_a_test_set_lacks_are_named(lacking):
    def at(dataset, count):
        return [run(s, d, dataset=dataset, untested_classes=count) for s in SEEDS for d in (1, 3)]

    shown = [p for p in points(table(*at("mine", lacking), *at("wine", 0))) if "no row of" in p]
    assert shown == [
        f"The test set of mine has no row of {lacking} of its classes, about which test scores say "
        "nothing."
    ]


@pytest.mark.parametrize(
    ("changes", "is_said"),
    # A size that nobody asked for is NaN as it was tracked.
    [
        ({}, True),
        ({"params": np.nan, "flops": np.nan}, True),
        ({"flops": 100}, False),
        ({"params": 100}, False),
        ({"width": None}, True),
    ],
)
def test_deeper_networks_are_larger_without_a_target_size(changes, is_said):
    rows = [run(s, d, **{"n_params": 100 * d, **changes}) for s in SEEDS for d in (1, 3)]
    limits = points(table(*rows))
    assert (
        any(sentence.startswith("At one width a deeper network") for sentence in limits) is is_said
    )


def test_seeds_count_in_pairs():
    few = [*(run(s, 1) for s in range(10)), *(run(s, 3) for s in range(6, 16))]
    beginning(points(table(*few)), "With 4 seeds even a difference that all of them agree on")

    none = [*(run(s, 1) for s in range(6)), *(run(s, 3) for s in range(6, 12))]
    _, command = beginning(points(table(*none)), "Values without a seed in common")
    assert command == f"{COMMAND} seeds=20"


def test_what_is_perfect_was_not_still_getting_better():
    rows = [run(s, d, validation=1.0, epochs=5, best_epoch=5) for s in SEEDS for d in (1, 3)]
    assert not any("last epoch" in text for text in points(table(*rows)))

    errors = [{**row, "best_validation_loss": 0.3, "test_loss": 0.4} for row in rows]
    beginning(points(table(*errors), metric="test_loss"), "In 100% of the compared runs")


def test_shorter_training_is_no_edge():
    rows = [run(s, d, validation=1 / e, epochs=e) for s in SEEDS for d in (1, 3) for e in (5, 9)]
    assert not any(text.startswith("The best epochs") for text in points(table(*rows)))
    rows = [run(s, d, validation=e / 9, epochs=e) for s in SEEDS for d in (1, 3) for e in (5, 9)]
    beginning(points(table(*rows)), "The best epochs may lie above the largest")


@pytest.mark.parametrize("quick", ["quick=true", "quick=True"])
def test_more_of_a_quick_look_is_not_quick(quick):
    runs = table(*(run(s, d) for s in SEEDS for d in (1, 3)))
    _, command = beginning(points(runs, command=f"{COMMAND} {quick}"), "With 2 seeds")
    assert command == f"{COMMAND} seeds=20"


def test_improving_values_suggest_longer_training():
    runs = depths({1: 0.9 + NOISE / 30, 3: 0.7 + NOISE / 10}).assign(epochs=20, schedule="constant")
    flat, rising = np.full(21, 0.9), np.linspace(0.1, 0.7, 21)
    histories = Kept({
        run_id: History(np.arange(21), {"validation_accuracy": rising if depth == 3 else flat,
                                        "validation_loss": flat}, (), np.empty(0, int), {})
        for run_id, depth in zip(runs["run_id"], runs["depth"], strict=True)
    })  # fmt: skip
    asked = Question("trial", ("depth",), (COMMAND,), "python -m nnbench report")

    limits = dict(make(find(runs, histories, asked)).points)
    _, command = beginning(limits, "The validation score of depth 3 on digits was still rising")
    assert command == f"{COMMAND} epochs=40"


@pytest.mark.parametrize(
    ("schedule", "words"),
    [("constant", "so longer training may change the answer"), ("cosine", "with a schedule as")],
)
def test_decaying_rate_makes_the_last_epoch_best(schedule, words):
    rows = [run(s, d, schedule=schedule, validation=0.9, epochs=5, best_epoch=5)
            for s in SEEDS for d in (1, 3)]  # fmt: skip
    (text, _) = beginning(points(table(*rows)), "In 100% of the compared runs the last epoch")
    assert words in text
