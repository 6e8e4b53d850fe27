import pandas as pd
import pytest

from nnbench.report import select
from nnbench.report.select import compare_runs, compared_key

from .runs import lost, run, table


def test_groups_by_data_set_and_value_the_smallest_first():
    rows = [run(s, d, dataset=name) for name in ("wine", "iris") for d in (10, 2) for s in (0, 1)]

    found = compare_runs(table(*rows), "depth")

    assert [(g.dataset, g.value, len(g.runs)) for g in found.groups] == [
        ("iris", 2, 2), ("iris", 10, 2), ("wine", 2, 2), ("wine", 10, 2),
    ]  # fmt: skip
    assert found.nuisances == ()
    assert found.fixed["optimizer"] == "adam"


def test_nuisance_is_chosen_on_the_validation_part_alone():
    """The rate with the best test figures is not the one with the best validation figures."""
    rows = [
        run(seed, lr=lr, test=test, validation=validation)
        for seed in range(3)
        for lr, test, validation in ((0.1, 0.99, 0.7), (0.01, 0.6, 0.8))
    ]

    (group,) = compare_runs(table(*rows), "depth").groups

    assert group.chosen == {"lr": 0.01}
    assert group.settings == 2
    assert list(group.figures("test")) == [0.6, 0.6, 0.6]


def test_chooser_is_given_no_test_figures(monkeypatch):
    seen = []
    chooser = select.best_setting

    def spy(runs, *rest):
        seen.extend(runs.columns)
        return chooser(runs, *rest)

    monkeypatch.setattr(select, "best_setting", spy)
    compare_runs(table(run(lr=0.1), run(lr=0.2)), "depth")

    assert "best_validation_accuracy" in seen
    assert [name for name in seen if name.startswith("test_")] == ["test_size"]


def test_setting_with_a_lost_run_is_worse_than_one_without():
    rows = [run(0, lr=0.1, validation=0.9), lost(1, lr=0.1)]
    rows += [run(s, lr=0.01, validation=0.2) for s in (0, 1)]

    (group,) = compare_runs(table(*rows), "depth").groups

    assert group.chosen == {"lr": 0.01}
    assert group.lost == 0


def test_run_that_was_trained_twice_counts_once_as_it_last_came_out():
    (group,) = compare_runs(table(run(test=0.1), run(test=0.2)), "depth").groups

    assert list(group.figures("test")) == [0.2]


def test_all_lost_is_still_a_group():
    (group,) = compare_runs(table(lost(0), lost(1, status="failed")), "depth").groups

    assert group.lost == 2
    assert group.figures("test").isna().all()


@pytest.mark.parametrize(
    ("values", "ordered"), [([3, 1, 20], [1, 3, 20]), (["b", 2, "a"], [2, "a", "b"])]
)
def test_values_come_in_their_natural_order(values, ordered):
    rows = [run(width=value, lr=i) for i, value in enumerate(values)]

    assert compare_runs(pd.DataFrame(rows, dtype=object), "width").values == ordered


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ([run(depth=1), run(depth=2, lr=0.1)], "depth"),
        ([run(lr=0.1), run(lr=0.2)], "lr"),
        # The rate goes with the optimizer, which is what was chosen.
        ([run(lr=0.1), run(lr=0.2, optimizer="sgd")], "optimizer"),
        ([run(dataset="iris"), run(dataset="wine")], "dataset"),
        ([run()], "depth"),
        # What an earlier sweep of the experiment varied is not the question.
        ([run(depth=9, sweep="old"), run(lr=0.1), run(lr=0.2)], "lr"),
        ([], "depth"),
    ],
)
def test_what_a_sweep_is_about(rows, key):
    assert compared_key(pd.DataFrame(rows)) == key
