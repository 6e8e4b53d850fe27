import pandas as pd
import pytest

from nnbench.report import select
from nnbench.report.columns import compared_key, settings_of
from nnbench.report.select import compare_runs

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
        # Data sets are never compared with each other, nor what follows from them.
        ([run(dataset="iris"), run(dataset="wine")], "depth"),
        ([run(dataset="iris", loss="a"), run(dataset="wine", loss="b")], "depth"),
        ([run()], "depth"),
        # What an earlier sweep of the experiment varied is not the question.
        ([run(depth=9, sweep="old"), run(lr=0.1), run(lr=0.2)], "lr"),
        ([], "depth"),
    ],
)
def test_what_a_sweep_is_about(rows, key):
    assert compared_key(pd.DataFrame(rows)) == key


def test_what_is_seen_of_a_layer_is_no_setting():
    seen = {"dead_share/1_dense": 0.5, "activation_mean/1_dense": 0.1, "diverged_step": 3.0}
    rows = table(run(trouble="exploded", layer="1_dense", **seen), run(seed=1, activation="relu"))

    assert set(settings_of(rows)) == {"activation", "depth", "width", "optimizer", "lr"}


def test_setting_with_fewer_seeds_is_not_chosen():
    rows = [run(0, lr=0.1, validation=0.99), *(run(s, lr=0.01, validation=0.5) for s in range(3))]

    (group,) = compare_runs(table(*rows), "depth").groups

    assert group.chosen == {"lr": 0.01}
    assert len(group.runs) == 3


def test_share_of_lost_runs_counts_not_their_number():
    rows = [lost(s, lr=0.1) for s in range(2)]
    rows += [run(s, lr=0.01) for s in range(2)]
    rows += [lost(s, 3, lr=0.1) for s in range(2)] + [lost(0, 3, lr=0.01), run(1, 3, lr=0.01)]

    found = compare_runs(table(*rows), "depth").groups

    assert [group.chosen["lr"] for group in found] == [0.01, 0.01]


def test_run_without_a_figure_is_lost():
    (group,) = compare_runs(table(run(0), run(1, test=float("nan"))), "depth").groups

    assert group.lost == 1


def test_data_that_differ_are_compared_apart():
    """Noise is no setting to choose: it would choose the easiest data."""
    changes = [{"dataset.noise": 0.1}, {"dataset.noise": 0.5}]
    rows = [run(0, d, dataset="moons", **more) for d in (1, 3) for more in changes]
    rows += [run(0, d, test_size=0.3) for d in (1, 3)]

    found = compare_runs(table(*rows), "depth")

    assert found.datasets == ["digits", "moons (noise=0.1)", "moons (noise=0.5)"]
    assert found.nuisances == ()


def test_noise_can_be_what_is_compared():
    rows = [run(s, **{"dataset.noise": noise}) for s in range(2) for noise in (0.5, 0.1)]

    found = compare_runs(table(*rows), "dataset.noise")

    assert [group.value for group in found.groups] == [0.1, 0.5]
    assert found.datasets == ["digits"]


def test_what_differs_along_with_the_compared_key_is_found():
    rows = [run(0, 1, epochs=5), run(0, 3, epochs=50)]

    assert compare_runs(table(*rows), "depth").confounded == ("epochs",)


def test_options_of_the_compared_component_are_part_of_it():
    rows = [run(optimizer="adam", **{"optimizer.beta1": 0.9}), run(optimizer="sgd", lr=0.1)]

    assert compare_runs(table(*rows), "optimizer").confounded == ("lr",)


def test_rate_that_follows_from_the_optimizer_is_not_tuned():
    rows = [
        run(0, d, optimizer=name, lr=lr) for d in (1, 3) for name, lr in (("a", 0.001), ("b", 0.1))
    ]

    found = compare_runs(table(*rows), "depth")

    assert found.nuisances == ("optimizer",)
    assert found.rates() == [0.001]


def test_best_name_on_the_validation_part_is_the_reference():
    scores = {"adagrad": 0.7, "adam": 0.9, "sgd": 0.8}
    rows = [run(0, optimizer=name, test=1 - v, validation=v) for name, v in scores.items()]

    assert [g.value for g in compare_runs(table(*rows), "optimizer").groups] == [
        "adam", "adagrad", "sgd",
    ]  # fmt: skip


def test_metric_is_that_of_the_data_even_if_a_group_is_lost():
    rows = [lost(0, 0, dataset="diabetes"), run(0, 1, metric="r2", dataset="diabetes")]

    assert {group.metric for group in compare_runs(table(*rows), "depth").groups} == {"r2"}


def test_missing_value_is_one_value():
    rows = [run(s, patience=p, dataset=d) for s in (0, 1) for p in (None, 5) for d in ("a", "b")]

    assert compare_runs(table(*rows), "patience").values == [5, None]


def test_what_differs_is_found_even_if_something_else_was_chosen():
    """Two sweeps: one optimizer had many epochs and one depth, the other few and two depths."""
    rows = [run(0, 3, optimizer="momentum", epochs=50, lr=0.05)]
    rows += [run(0, depth, optimizer="adam", epochs=3) for depth in (1, 2)]

    found = compare_runs(table(*rows), "optimizer")

    assert found.nuisances == ("depth",)
    assert found.confounded == ("lr", "epochs")


@pytest.mark.parametrize(("key", "reference"), [("width", 4), ("lr", 0.2), ("epochs", 9)])
def test_reference_of_numbers(key, reference):
    """The narrowest network; of rates and the like the best on the validation part."""
    values = {"width": (4, 8, 16), "lr": (0.1, 0.2, 0.3), "epochs": (5, 9, 20)}[key]
    scores = zip(values, (0.5, 0.9, 0.7), strict=True)
    rows = [run(0, test=score, **{key: value}) for value, score in scores]

    first, *_ = compare_runs(table(*rows), key).groups

    assert first.value == reference


def test_what_was_drawn_together_is_told_but_confounds_nothing():
    draws = [(0.01, 0.5), (0.02, 0.9), (0.03, 0.7)]
    runs = table(
        *(
            run(seed, depth, 0.8 + depth * (0.05 - abs(lr - 0.01 * depth)), lr=lr,
                **{"optimizer.beta1": beta})
            for depth in (1, 2) for seed in (0, 1) for lr, beta in draws
        )
    )  # fmt: skip

    comparison = compare_runs(runs, "depth")

    assert comparison.nuisances == ("lr",)
    assert comparison.confounded == ()
    assert [g.chosen for g in comparison.groups] == [{"lr": 0.01}, {"lr": 0.02}]
    assert [g.along for g in comparison.groups] == [
        {"optimizer.beta1": 0.5},
        {"optimizer.beta1": 0.9},
    ]


def test_of_many_values_without_an_order_the_best_on_the_validation_part_are_drawn():
    names = [f"o{i}" for i in range(select.DISTINCT + 2)]
    # The first is the best where it wasn't lost; test figures say the opposite.
    rows = [
        run(seed, dataset=dataset, optimizer=name, validation=0.9 - i / 100, test=0.5 + i / 100)
        for dataset in ("iris", "wine")
        for i, name in enumerate(names)
        for seed in range(2)
        if (name, seed) != ("o0", 1)
    ]
    rows += [lost(1, dataset=dataset, optimizer="o0") for dataset in ("iris", "wine")]

    many = compare_runs(table(*rows), "optimizer")
    few = compare_runs(table(*rows).query("optimizer < 'o4'"), "optimizer")

    assert many.drawn == names[1:9]
    assert [group.value for group in many.drawn_of("wine")] == names[1:9]
    assert "the 8 with the best mean rank" in many.undrawn_text
    assert (few.drawn, few.undrawn_text) == (few.values, "")
    in_order = compare_runs(table(*(run(0, depth) for depth in range(1, 20))), "depth")
    assert in_order.drawn == in_order.values
