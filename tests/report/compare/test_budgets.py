import pandas as pd
import pytest

from nnbench.report.compare.budgets import cells, equal, offers
from tests.report.runs import compared, run, table


def test_all_get_as_few_settings_as_the_poorest():
    rates = {1: (0.1, 0.2), 3: (0.1, 0.2, 0.3, 0.4, 0.5)}
    rows = [run(s, d, lr, lr=lr) for d, lrs in rates.items() for lr in lrs for s in (0, 1)]
    rows += [
        run(s, d, lr, lr=lr, dataset="wine") for d in (1, 3) for lr in rates[3] for s in (0, 1)
    ]

    equal, free = (compared(table(*rows), equal_budgets=equal) for equal in (True, False))

    counts = [(group.dataset, group.settings, group.offered) for group in equal.groups]
    assert counts == [("digits", 2, 2), ("digits", 2, 5), ("wine", 5, 5), ("wine", 5, 5)]
    assert [group.settings for group in free.groups] == [2, 5, 5, 5]
    assert free.groups[1].chosen == {"lr": (0.5,)}
    # The draw has nothing to do with how good they are, and is the same again.
    drawn = [compared(table(*rows)).groups[1] for _ in range(2)]
    assert drawn[0].tried["lr"].nunique() == 2
    assert set(drawn[0].tried["lr"]) == set(drawn[1].tried["lr"])


def with_seeds(seeds):
    """Runs of one value: {rate: seeds}."""
    return pd.DataFrame([{"lr": lr, "seed": seed} for lr, own in seeds.items() for seed in own])


def test_setting_with_fewer_seeds_is_not_chosen():
    rows = [run(0, lr=0.1, validation=0.99), *(run(s, lr=0.01, validation=0.5) for s in range(3))]

    (group,) = compared(table(*rows)).groups

    assert group.chosen == {"lr": (0.01,)}
    assert len(group.runs) == 3
    assert (group.settings, group.offered, group.incomplete) == (1, 1, 1)


def test_incomplete_setting_is_left_out_before_drawing():
    """Depth 1 has two whole settings, so depth 3 gets two, and neither the half-trained one."""
    rows = [run(s, 1, lr=lr) for lr in (0.1, 0.2) for s in range(3)] + [run(0, 1, lr=0.3)]
    rows += [run(s, 3, lr=lr) for lr in (0.3, 0.4, 0.5, 0.6) for s in range(3)] + [run(0, 3, lr=1)]

    groups = compared(table(*rows)).groups

    assert [(g.settings, g.offered, g.incomplete) for g in groups] == [(2, 2, 1), (2, 4, 1)]
    assert all(group.tried.groupby("lr")["seed"].nunique().eq(3).all() for group in groups)


def test_the_most_runs_are_kept():
    """One setting with ten seeds does not do away with nine that have six, nor one with five."""
    seeds = {0: range(10), **dict.fromkeys(range(1, 10), range(6)), 10: range(5)}
    runs = with_seeds(seeds)

    offer = offers({0: runs}, ["lr"])[0]

    assert list(offer.settings) == [(float(lr),) for lr in range(10)]
    assert all(set(runs["seed"].iloc[rows]) == set(range(6)) for rows in offer.settings.values())
    assert (offer.incomplete, offer.unshared, offer.common) == (1, 4, (0, 1, 2, 3, 4))


def test_each_setting_may_lack_another_seed():
    seeds = {lr: [seed for seed in range(20) if seed != lr] for lr in range(5)}

    (offer,) = offers({0: with_seeds(seeds)}, ["lr"]).values()

    assert (len(offer.settings), offer.incomplete, offer.unshared) == (5, 0, 5)
    assert all(len(rows) == 15 for rows in offer.settings.values())


@pytest.mark.parametrize(
    ("first", "other", "kept"),
    [
        # With either's own favourite they would have had one setting each, at six seeds.
        ({0: range(20), **dict.fromkeys(range(1, 6), range(6))},
         {0: range(20), **dict.fromkeys(range(1, 5), range(6))}, ((6, 6), (5, 6))),
        # More settings than the other has are no reason to have fewer seeds.
        ({**dict.fromkeys(range(9), range(6)), 9: range(5), 10: range(5)},
         dict.fromkeys(range(9), range(6)), ((9, 6), (9, 6))),
        # What they share is not given up for more seeds, unless those that are left are few.
        ({0: range(6), 1: range(20)}, {0: range(20), 1: range(6)}, ((2, 6), (2, 6))),
        ({0: range(5), 1: range(20)}, {0: range(20), 1: range(5)}, ((1, 20), (1, 20))),
        ({0: range(20), 1: range(6)}, {0: range(20), 1: range(6)}, ((1, 20), (1, 20))),
        # Each has more seeds of its own than both have.
        ({0: range(4), 1: [0, *range(10, 19)]}, {0: range(4), 1: [0, *range(20, 29)]},
         ((1, 4), (1, 4))),
        # Where one simply has more seeds, nothing of it is left out.
        ({0: range(20), 1: range(20)}, {0: range(10), 1: range(10)}, ((2, 20), (2, 10))),
        # Nothing in common, neither with each other nor within.
        ({0: range(4), 1: range(4, 7)}, {0: range(8, 10)}, ((1, 4), (1, 2))),
    ],
)  # fmt: skip
def test_compared_values_have_the_same_seeds(first, other, kept):
    by_value = offers({1: with_seeds(first), 3: with_seeds(other)}, ["lr"])

    assert kept == tuple(
        (len(offer.settings), len(next(iter(offer.settings.values()))))
        for offer in by_value.values()
    )


def test_as_many_seeds_are_not_the_same_seeds():
    """Each setting with two seeds of its own: one of them is looked at, and has all its runs."""
    rows = [run(s, lr=lr) for lr, own in ((0.1, (0, 1)), (0.2, (2, 3))) for s in own]

    (group,) = compared(table(*rows)).groups

    assert group.chosen == {"lr": (0.1,)}
    assert (list(group.runs["seed"]), group.lost, group.incomplete) == ([0, 1], 0, 1)


@pytest.mark.parametrize("extra", [(), ("tanh",), ("tanh", "gelu")])
def test_settings_that_all_values_have_are_drawn_first(extra):
    """Both have relu at three depths; sgd has more besides, of which none is needed."""
    rows = [
        run(seed, depth, optimizer=optimizer, activation=activation)
        for optimizer, activations in (("adam", ("relu",)), ("sgd", (*extra, "relu")))
        for activation in activations for depth in (1, 2, 3) for seed in (0, 1)
    ]  # fmt: skip

    for group in compared(table(*rows), "optimizer").groups:
        assert set(group.tried["activation"]) == {"relu"}
        assert group.settings == 3


def test_what_is_not_shared_fills_the_budget():
    """Adam has 1, 2 and 9, sgd 1, 3, 4 and 5: both get 1, and two of their own."""
    rates = {"adam": (1, 2, 9), "sgd": (1, 3, 4, 5)}
    parts = {
        name: pd.DataFrame(
            {"lr": [*rates_of, *rates_of], "seed": [0] * len(rates_of) + [1] * len(rates_of)}
        )
        for name, rates_of in rates.items()
    }
    by_value = equal(offers(parts, ["lr"]))

    assert list(by_value["adam"].settings) == [(1.0,), (2.0,), (9.0,)]
    assert len(by_value["sgd"].settings) == 3
    assert (1.0,) in by_value["sgd"].settings
    assert by_value["sgd"].complete == 4


def test_settings_are_ordered_and_the_last_repeat_counts():
    runs = pd.DataFrame({"lr": [10.0, 9.0, 10.0, None, 10.0], "seed": [1, 0, 0, 0, 1]})

    assert [list(rows) for rows in cells(runs, ["lr"]).values()] == [[1], [2, 4], [3]]
    assert [list(rows) for rows in cells(runs, []).values()] == [[3, 4]]
