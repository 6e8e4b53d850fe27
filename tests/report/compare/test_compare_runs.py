from itertools import product

import pandas as pd
import pytest

from nnbench.report.compare.runs_table import compared_keys, settings_of
from nnbench.run.errors import ConfigError
from tests.report.runs import compared, lost, run, table


def test_groups_by_data_set_and_value_smallest_first():
    rows = [run(s, d, dataset=name) for name in ("wine", "iris") for d in (10, 2) for s in (0, 1)]

    comparison = compared(table(*rows))

    assert [(g.dataset, g.value, len(g.runs)) for g in comparison.groups] == [
        ("iris", 2, 2), ("iris", 10, 2), ("wine", 2, 2), ("wine", 10, 2),
    ]  # fmt: skip
    assert comparison.nuisances == ()
    assert comparison.fixed["optimizer"] == "adam"


def test_run_trained_twice_counts_once():
    (group,) = compared(table(run(test=0.1), run(test=0.2))).groups

    assert list(group.scores("test")) == [0.2]


@pytest.mark.parametrize(
    ("first", "again", "status"),
    [("finished", "failed", "finished"), ("failed", "finished", "finished"),
     ("finished", "diverged", "diverged"), ("failed", "failed", "failed")],
)  # fmt: skip
def test_run_that_program_failed_later_is_not_lost(first, again, status):
    rows = [run(0, status=status) for status in (first, again)]
    runs = table(*rows).assign(key="the same")

    (group,) = compared(runs).groups
    assert list(group.runs["status"]) == [status]


def test_all_lost_is_still_a_group():
    (group,) = compared(table(lost(0), lost(1, status="failed"))).groups

    assert group.lost == 2
    assert group.scores("test").isna().all()


@pytest.mark.parametrize(
    ("values", "ordered"), [([3, 1, 20], [1, 3, 20]), (["b", 2, "a"], [2, "a", "b"])]
)
def test_values_come_in_their_natural_order(values, ordered):
    rows = [run(width=value, lr=i) for i, value in enumerate(values)]

    assert compared(pd.DataFrame(rows, dtype=object), "width").values == ordered


@pytest.mark.parametrize(
    ("rows", "keys"),
    [
        ([run(depth=1), run(depth=2, lr=0.1)], ("depth",)),
        ([run(lr=0.1), run(lr=0.2)], ("lr",)),
        ([run(weight_decay=0.1), run(weight_decay=0.2)], ("weight_decay",)),
        # The rate goes with the optimizer, which is what was chosen.
        ([run(lr=0.1), run(lr=0.2, optimizer="sgd")], ("optimizer",)),
        ([run(optimizer=name, **{"optimizer.beta1": beta}) for name in ("adam", "lion")
          for beta in (0.8, 0.9)], ("optimizer",)),
        # Data sets are never compared with each other, nor what follows from them.
        ([run(dataset="iris"), run(dataset="wine")], ()),
        ([run(dataset="iris", loss="a"), run(dataset="wine", loss="b")], ()),
        ([run()], ()),
        ([], ()),
    ],
)  # fmt: skip
def test_what_a_sweep_is_about(rows, keys):
    assert compared_keys(pd.DataFrame(rows)) == keys


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ((), ("norm", "depth")),
        (("loss", "norm", "width", "depth"), ("loss", "norm")),
        (("norm", "loss"), ("norm", "loss")),
        # What depth does is asked for each value of the other.
        (("depth", "norm"), ("norm", "depth")),
        (("lr", "dataset", "dataset.noise", "seed", "weight_decay", "loss.label_smoothing",
          "loss", "norm"), ("loss", "norm")),
    ],
)  # fmt: skip
def test_the_first_two_typed_factors_are_compared(typed, keys):
    columns = {
        "depth": (1, 2), "width": (4, 8), "norm": ("none", "batch"), "loss": ("a", "b"),
        "lr": (0.1, 0.2), "weight_decay": (0.0, 0.1), "loss.label_smoothing": (0.0, 0.1),
        "dataset.noise": (0.1, 0.2),
    }  # fmt: skip
    rows = [run(**dict(zip(columns, own, strict=True))) for own in product(*columns.values())]

    assert compared_keys(pd.DataFrame(rows), typed) == keys


def test_what_is_seen_of_layer_is_no_setting():
    seen = {"dead_share/1_dense": 0.5, "activation_mean/1_dense": 0.1, "diverged_step": 3.0}
    rows = table(run(trouble="exploded", layer="1_dense", **seen), run(seed=1, activation="relu"))

    assert set(settings_of(rows)) == {"activation", "depth", "width", "optimizer", "lr"}


def test_run_without_a_figure_is_lost():
    (group,) = compared(table(run(0), run(1, test=float("nan")))).groups

    assert group.lost == 1


def test_data_that_differ_are_compared_apart():
    """Noise is no setting to choose: it would choose the easiest data."""
    changes = [{"dataset.noise": 0.1}, {"dataset.noise": 0.5}]
    rows = [run(0, d, dataset="moons", **more) for d in (1, 3) for more in changes]
    rows += [run(0, d, test_size=0.3) for d in (1, 3)]

    comparison = compared(table(*rows))

    assert comparison.datasets == ["digits", "moons (noise=0.1)", "moons (noise=0.5)"]
    assert comparison.nuisances == ()


def test_noise_can_be_what_is_compared():
    rows = [run(s, **{"dataset.noise": noise}) for s in range(2) for noise in (0.5, 0.1)]

    comparison = compared(table(*rows), "dataset.noise")

    assert [group.value for group in comparison.groups] == [0.1, 0.5]
    assert comparison.datasets == ["digits"]


def test_residual_scale_belongs_to_residual():
    rows = [run(s, residual=r, residual_scale=1.0 if r else "auto") for r in (0, 1) for s in (0, 1)]

    assert compared(table(*rows), "residual").confounded == ()


def test_what_differs_along_with_compared_key_is_found():
    rows = [run(0, 1, epochs=5), run(0, 3, epochs=50)]

    assert compared(table(*rows)).confounded == ("epochs",)


def test_options_of_compared_component_are_part_of_it():
    rows = [run(optimizer="adam", **{"optimizer.beta1": 0.9}), run(optimizer="sgd", lr=0.1)]

    assert compared(table(*rows), "optimizer").confounded == ("lr",)


def test_rate_that_follows_from_optimizer_is_not_tuned():
    rows = [
        run(0, d, optimizer=name, lr=lr) for d in (1, 3) for name, lr in (("a", 0.001), ("b", 0.1))
    ]

    comparison = compared(table(*rows))

    assert comparison.nuisances == ("optimizer",)
    assert comparison.rates() == [0.001]


def test_rate_drawn_with_another_key_is_tuned():
    """Width comes first, and tells the settings apart; the halves choose the same setting."""
    rows = [
        run(s, d, 0.9 - lr, lr=lr, width=width)
        for s in range(4) for d in (1, 3) for width, lr in ((8, 0.001), (16, 0.1))
    ]  # fmt: skip

    assert compared(table(*rows)).nuisances == ("width",)
    assert compared(table(*rows)).rates() is None


def test_single_remaining_rate_is_one():
    rows = [run(0, 1, lr=lr) for lr in (0.001, 0.1)] + [run(0, 3, lr=0.001)]

    assert compared(table(*rows)).rates() == [0.001]
    assert compared(table(*rows), equal_budgets=False).rates() is None


def test_metric_follows_the_data_despite_failed_groups():
    rows = [lost(0, 0, dataset="diabetes"), run(0, 1, metric="r2", dataset="diabetes")]

    assert {group.metric.name for group in compared(table(*rows)).groups} == {"r2"}


def test_missing_value_is_one_value():
    rows = [run(s, patience=p, dataset=d) for s in (0, 1) for p in (None, 5) for d in ("a", "b")]

    assert compared(table(*rows), "patience").values == [5, None]


def test_confounders_are_found_beside_other_choices():
    """Two sweeps: one optimizer had many epochs and one depth, the other few and two depths."""
    rows = [run(0, 3, optimizer="momentum", epochs=50, lr=0.05)]
    rows += [run(0, depth, optimizer="adam", epochs=3) for depth in (1, 2)]

    comparison = compared(table(*rows), "optimizer")

    assert comparison.nuisances == ("depth",)
    assert comparison.confounded == ("lr", "epochs")


def test_two_keys_are_compared_together():
    rows = [
        run(seed, depth, optimizer=name, lr=lr, test=depth / 10, validation=lr)
        for depth in (3, 1) for name in ("sgd", "adam") for lr in (0.1, 0.2) for seed in (0, 1)
    ]  # fmt: skip

    comparison = compared(table(*rows), ("depth", "optimizer"))

    assert [group.value for group in comparison.groups] == [
        (1, "adam"), (1, "sgd"), (3, "adam"), (3, "sgd"),
    ]  # fmt: skip
    assert comparison.compare == "depth and optimizer"
    assert comparison.named((1, "sgd")) == "depth 1 with sgd"
    assert comparison.columns_of((1, "sgd")) == {"depth": 1, "optimizer": "sgd"}
    assert comparison.nuisances == ("lr",)
    assert {group.chosen["lr"] for group in comparison.groups} == {(0.2,)}


def test_requested_metric_may_be_lower_is_better():
    """The smaller rate has the lower loss, and the lower accuracy."""
    losses = {0.1: 0.9, 0.2: 0.4, 0.3: 0.7}
    rows = [
        run(s, d, 1 - loss / 2, lr=lr, test_loss=loss, best_validation_loss=1 - loss,
            best_train_loss=loss)
        for lr, loss in losses.items() for d in (1, 3) for s in (0, 1)
    ]  # fmt: skip

    by_loss = compared(table(*rows), metric="test_loss")
    by_accuracy = compared(table(*rows))

    assert {group.chosen["lr"] for group in by_loss.groups} == {(0.1,)}
    assert list(by_loss.groups[0].scores("test")) == [0.9, 0.9]
    assert list(by_loss.groups[0].signed("test")) == [-0.9, -0.9]
    assert {group.chosen["lr"] for group in by_accuracy.groups} == {(0.2,)}


def test_metric_of_failed_data_is_accepted():
    rows = [lost(s, d, "failed", "no such file", dataset="iris") for s in (0, 1) for d in (1, 3)]
    rows += [run(s, d, test_loss=0.3, best_validation_loss=0.4) for s in (0, 1) for d in (1, 3)]

    groups = compared(table(*rows), metric="test_loss").groups
    assert [(group.metric.name, group.lost) for group in groups] == [("loss", 0)] * 2 + [
        ("loss", 2)
    ] * 2


def test_partial_reference_is_replaced_by_the_usual_one():
    rows = [run(s, d, dataset=name) for s in (0, 1)
            for name, depths in (("iris", (1, 3)), ("wine", (2, 4))) for d in depths]  # fmt: skip

    groups = compared(table(*rows), reference=3).groups
    assert [(g.dataset, g.value, g.reference) for g in groups] == [
        ("iris", 3, 3), ("iris", 1, 3), ("wine", 2, 2), ("wine", 4, 2),
    ]  # fmt: skip
    with pytest.raises(ConfigError, match=r"^reference=5: .* runs have: 1, 2, 3, 4$"):
        compared(table(*rows), reference=5)


def test_metric_that_data_have_not_got_is_refused():
    rows = [run(0, metric="r2", dataset="diabetes"), run(0, dataset="iris")]

    line = "metric=test_accuracy: runs on diabetes have test_r2; where=… can leave them out"
    with pytest.raises(ConfigError, match=f"^{line}$"):
        compared(table(*rows), metric="test_accuracy")


def test_metric_of_no_runs_is_refused_without_advice():
    rows = [run(0, dataset="digits"), run(0, dataset="iris")]

    with pytest.raises(ConfigError, match=r"^metric=test_r2: runs on digits have test_accuracy$"):
        compared(table(*rows), metric="test_r2")


@pytest.mark.parametrize("metric", [None, "test_accuracy"])
def test_target_that_no_run_could_have_is_refused(metric):
    for target in (None, 0, 1.0):
        compared(table(run(0)), metric=metric, target=target)
    with pytest.raises(ConfigError, match=r"^target=95: no run on digits .* is from 0 to 1$"):
        compared(table(run(0)), metric=metric, target=95)


def test_target_ignores_data_without_any_score():
    rows = [run(s, metric="r2", dataset="diabetes") for s in (0, 1)]
    rows += [lost(s, status="failed", dataset="csv") for s in (0, 1)]

    assert len(compared(table(*rows), target=-0.5).groups) == 2


def test_engine_may_change_between_runs_of_a_setting():
    rows = [run(0, test=0.1), run(0, test=0.7), run(1, test=0.5)]
    runs = table(*rows).assign(key=["old", "new", "other"])

    (group,) = compared(runs).groups

    assert group.scores("test").to_dict() == {0: 0.7, 1: 0.5}


def test_keys_drawn_together_are_reported_without_confounding():
    draws = [(0.01, 0.5), (0.02, 0.9), (0.03, 0.7)]
    runs = table(
        *(
            run(seed, depth, 0.8 + depth * (0.05 - abs(lr - 0.01 * depth)), lr=lr,
                **{"optimizer.beta1": beta})
            for depth in (1, 2) for seed in (0, 1) for lr, beta in draws
        )
    )  # fmt: skip

    comparison = compared(runs)

    assert comparison.nuisances == ("lr",)
    assert comparison.confounded == ()
    assert [g.chosen for g in comparison.groups] == [{"lr": (0.01,)}, {"lr": (0.02,)}]
    assert [g.along for g in comparison.groups] == [
        {"optimizer.beta1": (0.5,)},
        {"optimizer.beta1": (0.9,)},
    ]


def test_data_sets_are_ordered_by_their_numbers():
    sizes = (1000, 200, 50)
    runs = table(*(run(s, 1, **{"dataset.train_rows": n}) for n in sizes for s in range(2)))

    assert compared(runs).datasets == [f"digits (train_rows={n})" for n in sorted(sizes)]
