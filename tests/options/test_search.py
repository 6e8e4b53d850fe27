"""Settings drawn from the ranges of an optimizer's file."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbench import compose, compose_all
from nnbench.options.search import draw
from nnbench.run.config import Component
from nnbench.run.errors import ConfigError

PLAIN = Component("made", "package.Made", {"lr": 0.1, "beta": 0.5, "nesterov": True})


@given(st.integers(1, 40), st.integers(1, 40))
def test_more_draws_contain_the_fewer(count, more):
    ranges = {"lr": [1e-4, 1.0], "beta": [0.5, 0.99]}

    few = list(draw(PLAIN, ranges, count))
    assert list(draw(PLAIN, ranges, count + more))[:count] == few

    assert len({repr(component) for component in few}) == count
    for component in few:
        assert (component.name, component.target) == (PLAIN.name, PLAIN.target)
        assert component.options["nesterov"] is True
        assert all(low <= component.options[key] <= high for key, (low, high) in ranges.items())


@pytest.mark.parametrize("ends", [[1e-300, 1e300], [5e-324, 0.2], [0.10001, 0.10002]])
def test_draws_stay_within_any_range(ends):
    rates = [candidate.option("lr") for candidate in draw(PLAIN, {"lr": ends}, 40)][1:]

    assert len(rates) == 39
    assert all(ends[0] <= rate <= ends[1] for rate in rates)
    assert {*ends} <= {*rates}


def test_first_setting_is_the_default_once():
    assert list(draw(PLAIN, {"lr": [1e-4, 1.0]}, 1)) == [PLAIN]

    # 0.1 is the middle of the range, which is drawn early.
    drawn = list(draw(PLAIN, {"lr": [1e-2, 1.0]}, 6))
    assert [candidate == PLAIN for candidate in drawn] == [True] + [False] * 5
    assert len({candidate.options["lr"] for candidate in drawn}) == 6


def test_no_point_shares_a_value_with_the_component():
    momentum = Component("momentum", "package.Momentum", {"lr": 0.01, "momentum": 0.9})
    ranges = {"lr": [1e-4, 1.0], "momentum": [0.5, 0.99]}
    first, *others = draw(momentum, ranges, 8)
    assert len(others) == 7
    assert all(
        candidate.options[key] != first.options[key] for candidate in others for key in ranges
    )


def test_ends_and_middles_come_first():
    options = {"lr": 2.0, "beta": 0.3, "momentum": 0.1, "decay": 7.0}
    ranges = {"lr": [1e-4, 1.0], "beta": [0.5, 0.98], "momentum": [0.25, 0.64], "decay": [1, 4]}
    _, *drawn = draw(Component("made", "package.Made", options), ranges, 4)

    middles = {"lr": 0.01, "beta": 0.7, "momentum": 0.4, "decay": 2.0}
    for key, ends in ranges.items():
        assert sorted(candidate.options[key] for candidate in drawn) == sorted(
            [*ends, middles[key]]
        )
    # No corner of all lowest values, or all highest.
    assert all(
        len({candidate.options[key] == ranges[key][0] for key in ranges}) == 2
        for candidate in drawn[:2]
    )


def test_an_end_that_is_the_default_comes_once():
    at_end = Component("made", "package.Made", {"lr": 1e-4, "beta": 0.3})
    drawn = list(draw(at_end, {"lr": [1e-4, 1.0], "beta": [0.5, 0.98]}, 40))

    assert sum(candidate.options["lr"] == 1e-4 for candidate in drawn) == 1
    assert {0.5, 0.7, 0.98} < {candidate.options["beta"] for candidate in drawn}
    assert len({candidate.options["lr"] for candidate in drawn}) == 40


def test_a_range_of_one_value_limits_nothing():
    drawn = list(draw(PLAIN, {"lr": [1e-4, 1.0], "beta": [0.5, 0.5]}, 9))
    assert len({candidate.options["lr"] for candidate in drawn}) == 9


def test_draws_are_even_on_a_logarithmic_scale():
    outside = Component("made", "package.Made", {"lr": 2.0})
    _, *drawn = draw(outside, {"lr": [1e-4, 1.0]}, 404)
    rates = np.log10([candidate.options["lr"] for candidate in drawn[3:]])

    counts, _ = np.histogram(rates, bins=4, range=(-4, 0))
    assert len(rates) == 400
    assert abs(counts - 100).max() <= 1


def test_no_ranges_leave_one_setting():
    assert list(draw(PLAIN, {}, 5)) == [PLAIN]


def test_every_seed_is_given_every_setting():
    runs = compose_all(["optimizer=adam", "search=3", "seeds=2"])

    assert [run.seed for run in runs] == [0, 1] * 3
    assert (
        len({run.lr for run in runs}) == len({run.optimizer.option("beta1") for run in runs}) == 3
    )
    assert (runs[0].lr, runs[0].optimizer.option("beta1")) == (0.001, 0.9)
    assert all(1e-4 <= run.lr <= 1e-1 for run in runs)
    assert "lr" not in runs[0].optimizer.options


def test_what_is_set_is_not_searched():
    runs = compose_all(["optimizer=adam", "search=3", "seeds=1", "lr=0.5", "optimizer.beta1=0.6"])

    assert {(run.lr, run.optimizer.option("beta1")) for run in runs} == {(0.5, 0.6)}
    assert len({run.optimizer.option("beta2") for run in runs}) == 3


def test_weight_decay_is_searched_where_optimizer_has_one():
    runs = compose_all(["optimizer=adamw", "search=4", "seeds=1"])

    assert len({run.weight_decay for run in runs}) == 4
    fixed = compose_all(["optimizer=adamw", "search=4", "seeds=1", "weight_decay=0"])
    assert {run.weight_decay for run in fixed} == {0}


def test_search_without_ranges_is_refused():
    words = ["~optimizer.search", "search=5"]
    with pytest.raises(ConfigError, match=r"^search=5: optimizer=adam has no search ranges"):
        compose(words)
    assert len(compose_all([*words[:1], "+optimizer.search.lr=[0.1,1]", "search=5"])) == 50


class Plain:
    """Gradient descent without any options."""

    def init(self, params):
        return ()

    def step(self, params, state, rate, t):
        params.values -= rate * params.grads


def test_users_class_is_searched_in_its_options():
    runs = compose_all(["search=3", "seeds=1", f"optimizer._target_={__name__}.Plain"])
    assert len({run.lr for run in runs}) == 3
    assert {run.optimizer.name for run in runs} == {f"{__name__}.Plain"}
