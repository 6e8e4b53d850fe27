import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnbench.report.compare import compare_runs
from nnbench.report.compare.budgets import offers
from nnbench.report.compare.tuning import best_setting, choose, indistinct
from nnbench.report.metric import Metric
from tests.report.runs import compared, lost, run, table

INF, NAN = float("inf"), float("nan")


def test_nuisance_is_chosen_on_the_validation_part_alone():
    """The rate with the best test figures is not the one with the best validation figures."""
    rows = [
        run(seed, lr=lr, test=test, validation=validation)
        for seed in range(3)
        for lr, test, validation in ((0.1, 0.99, 0.7), (0.01, 0.6, 0.8))
    ]

    (group,) = compared(table(*rows)).groups

    assert group.chosen == {"lr": (0.01,)}
    assert group.settings == 2
    assert list(group.figures("test")) == [0.6, 0.6, 0.6]


def test_chooser_is_given_no_test_figures(monkeypatch):
    seen = []
    chooser = compare_runs.choose

    def spy(runs, *rest):
        seen.extend(runs.columns)
        return chooser(runs, *rest)

    monkeypatch.setattr(compare_runs, "choose", spy)
    (group,) = compared(table(run(lr=0.1), run(lr=0.2))).groups

    assert "best_validation_accuracy" in seen
    assert [name for name in seen if name.startswith("test_")] == ["test_size"]
    assert "test_accuracy" not in group.tried


def test_one_half_of_the_seeds_chooses_for_the_other():
    """By hand: seeds 0 and 2 like 0.1, seeds 1 and 3 like 0.01, so each half is given the other."""
    likes = {0: 0.1, 1: 0.01, 2: 0.1, 3: 0.01}
    rows = [
        run(seed, lr=lr, validation=0.9 if lr == liked else 0.5, test=lr)
        for seed, liked in likes.items()
        for lr in (0.01, 0.1)
    ]

    (group,) = compared(table(*rows)).groups

    assert group.figures("test").to_dict() == {0: 0.01, 1: 0.1, 2: 0.01, 3: 0.1}
    assert group.chosen == {"lr": (0.01, 0.1)}


def test_a_seed_never_chooses_what_it_reports(monkeypatch):
    """Whatever a seed's own validation figures are, its own setting stays."""
    rng = np.random.default_rng(0)
    rows = [run(s, lr=lr, validation=rng.uniform()) for s in range(7) for lr in (1, 2, 3, 4)]

    def chosen(runs):
        (group,) = compared(runs).groups
        return group.runs.set_index("seed")["lr"]

    runs = table(*rows)
    for seed in range(7):
        own = runs["seed"] == seed
        changed = runs.assign(
            best_validation_accuracy=runs["best_validation_accuracy"].mask(
                own, rng.uniform(size=28)
            )
        )
        assert chosen(changed)[seed] == chosen(runs)[seed]


def test_a_single_seed_chooses_for_itself():
    (group,) = compared(table(run(lr=0.1, validation=0.2), run(lr=0.2, validation=0.6))).groups

    assert group.chosen == {"lr": (0.2,)}
    assert len(group.runs) == 1


def test_setting_with_a_lost_run_is_worse_than_one_without():
    """One was lost in either half, so that both choosers know of it."""
    rows = [*(run(s, lr=0.1, validation=0.9) for s in (0, 3)), lost(1, lr=0.1), lost(2, lr=0.1)]
    rows += [run(s, lr=0.01, validation=0.2) for s in range(4)]

    (group,) = compared(table(*rows)).groups

    assert group.chosen == {"lr": (0.01,)}
    assert group.lost == 0


def test_share_of_lost_runs_counts_not_their_number():
    rows = [lost(s, lr=0.1) for s in range(2)]
    rows += [run(s, lr=0.01) for s in range(2)]
    rows += [lost(s, 3, lr=0.1) for s in range(2)] + [lost(0, 3, lr=0.01), run(1, 3, lr=0.01)]

    found = compared(table(*rows)).groups

    assert [group.chosen["lr"] for group in found] == [(0.01,), (0.01,)]


@pytest.mark.parametrize(
    ("figures", "best"),
    [
        ([[0.5, 0.7], [0.7, 0.6]], 1),
        # Of equal ones the first.
        ([[0.5, 0.7], [0.7, 0.5]], 0),
        # A lost run is worse than any figure, and two are worse than one.
        ([[0.9, -INF], [0.1, 0.1]], 1),
        ([[-INF, -INF, -INF], [-INF, 0.1, -INF], [-INF, 0.2, 0.1]], 2),
        # A run that there isn't is none that was lost.
        ([[0.9, NAN], [0.1, 0.1]], 0),
        ([[-INF, -INF], [-INF, -INF]], 0),
        ([[NAN], [0.5]], 1),
    ],
)
def test_best_setting(figures, best):
    assert best_setting(np.array(figures)) == best


def test_rivals_by_hand():
    """The best is 0.9 ± noise; ahead of the second by 0.01, 0.03, -0.01, 0.01, whose t is 1.22.

    Student's t at 95%, one-sided with 3 degrees of freedom, is 2.353. The third is behind by about
    0.1 everywhere; the fourth by as much each time, and a run of the last was lost.
    """
    best = np.array([0.90, 0.92, 0.88, 0.91])
    ahead = np.array([0.01, 0.03, -0.01, 0.01])
    figures = [best - ahead, best, best - [0.1, 0.11, 0.1, 0.09], best - 0.001, [0.99] * 3 + [-INF]]

    assert indistinct(np.array(figures)) == [0, 1]


def test_a_single_seed_tells_nothing_apart():
    assert indistinct(np.array([[0.1], [0.9], [0.5]])) == [0, 1, 2]
    assert indistinct(np.array([[0.1], [0.9], [-INF]])) == [0, 1]


def test_rivals_are_the_runs_of_all_seeds_with_their_test_figures():
    noise = [0.01, -0.01, 0.02, 0.0]
    rows = [
        run(s, lr=lr, test=lr, validation=v + (noise[s] if lr == 2 else 0))
        for lr, v in ((1, 0.9), (2, 0.9), (3, 0.5)) for s in range(4)
    ]  # fmt: skip

    (group,) = compared(table(*rows)).groups

    assert [list(one.figures("test")) for one in group.at_rivals()] == [[1.0] * 4, [2.0] * 4]


def chosen_of(runs):
    return choose(runs, list(offers({0: runs}, ["lr"])[0].settings.values()), Metric("accuracy"))


SETTINGS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 7), st.floats(0, 1), st.booleans()),
    min_size=1, max_size=40, unique_by=lambda entry: entry[:2],
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(SETTINGS, st.randoms(use_true_random=False), st.integers(0, 100))
def test_neither_order_nor_numbers_of_seeds_matter(entries, random, shift):
    """Any order of rows, any larger numbers in the same order: the same is chosen."""
    rows = [
        (lost if gone else run)(seed, lr=lr, **({} if gone else {"validation": figure}))
        for lr, seed, figure, gone in entries
    ]
    shuffled = random.sample(rows, len(rows))
    later = [{**row, "seed": 3 * row["seed"] + shift} for row in rows]

    def chosen(rows):
        runs = table(*rows)
        choice = chosen_of(runs)
        return [runs.loc[index, "lr"].tolist() for index in (choice.rows, *choice.rivals)]

    assert chosen(rows) == chosen(shuffled) == chosen(later)


@settings(max_examples=30, deadline=None)
@given(SETTINGS)
def test_every_seed_is_reported_once_at_settings_that_have_all_of_them(entries):
    runs = table(*(run(seed, lr=lr, validation=v) for lr, seed, v, _ in entries))

    choice = chosen_of(runs)

    assert runs.loc[choice.rows, "seed"].is_unique
    kept, own = set(runs.loc[choice.rows, "seed"]), runs.groupby("lr")["seed"].agg(set)
    assert all(kept <= own[lr] for lr in runs.loc[choice.rows, "lr"])
    # No setting has seeds with which there would be more runs.
    sizes = {frozenset(one): len(one) * sum(one <= each for each in own) for one in [*own, kept]}
    assert sizes[frozenset(kept)] == max(sizes.values())
