"""Optimizers of users, which have some members of `Optimizer` and not others."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import pytest

from nnbench.optim.lbfgs import LBFGS
from nnbench.optim.optimizer import keep_runs
from nnbench.optim.own import completed, declared
from nnbench.optim.schedule_free import ScheduleFreeSGD
from nnbench.optim.sgd import SGD, Momentum
from nnbench.optim.wrappers import SAM, Lookahead
from nnbench.training import train
from tests.build_small import repeats, run, stacked

FLAGS = ("full_batch", "needs_losses", "moves_params", "climbs", "evaluates_others")


@dataclass(frozen=True)
class Few:
    """Gradient descent with the two members that are needed."""

    factor: object = 1.0

    def init(self, params):
        return ()

    def step(self, params, state, rate, t):
        params.grads *= rate * self.factor
        params.values -= params.grads


@dataclass(frozen=True)
class Averaged:
    """An optimizer with `evaluated`, around one of ours."""

    inner: ScheduleFreeSGD = field(default_factory=ScheduleFreeSGD)

    def init(self, params):
        return self.inner.init(params)

    def step(self, params, state, rate, t):
        self.inner.step(params, state, rate, t)

    def evaluated(self, params, state):
        return self.inner.evaluated(params, state)


class Uphill:
    """A wrapper with `climb` and `descend`, which is no dataclass."""

    def __init__(self, inner):
        self.sam = SAM(inner)
        self.init, self.step = self.sam.init, self.sam.step

    def climb(self, params, state):
        self.sam.climb(params, state)

    def descend(self, params, state):
        self.sam.descend(params, state)


class Memory(NamedTuple):
    velocity: object
    inner: tuple


class Named:
    """Momentum whose state has names, and a tuple within."""

    def init(self, params):
        return Memory(np.zeros_like(params.values), (np.empty_like(params.values),))

    def step(self, params, state, rate, t):
        Momentum().step(params, (state.velocity, *state.inner), rate, t)


class Searching(Few):
    full_batch = True
    needs_losses = True


def trained(optimizer, **settings):
    """Results of three runs that train with an optimizer."""
    stack = stacked(repeats(run(norm="batch", epochs=4, **settings), range(3)))
    return train(replace(stack, optimizer=completed(optimizer)), weights=True)


@pytest.mark.parametrize(
    ("own", "ours"),
    [
        (Few(), SGD()),
        (SAM(completed(Few())), SAM(SGD())),
        (Lookahead(completed(Few())), Lookahead(SGD())),
        (Averaged(), ScheduleFreeSGD()),
        (Uphill(SGD()), SAM(SGD())),
    ],
    ids=["few", "few in sam", "few in lookahead", "averaged", "uphill"],
)
def test_own_optimizer_trains_as_ours_does(own, ours):
    for first, other in zip(trained(own), trained(ours), strict=True):
        assert first.final == other.final
        np.testing.assert_array_equal(first.weights, other.weights)


def test_named_state_outlasts_runs_that_leave():
    rates = [0.01, 1e9, 0.05]
    stack = stacked([run(epochs=5, optimizer="sgd", lr=lr, seed=s) for s, lr in enumerate(rates)])

    named, plain = (
        train(replace(stack, optimizer=completed(optimizer)), weights=True)
        for optimizer in (Named(), Momentum())
    )

    assert [result.status for result in named] == ["finished", "diverged", "finished"]
    for first, other in zip(named, plain, strict=True):
        np.testing.assert_array_equal(first.weights, other.weights)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Few, []),
        (Averaged, ["evaluates_others"]),
        (Uphill, ["climbs"]),
        (Searching, ["full_batch", "needs_losses"]),
        (LBFGS, ["full_batch", "needs_losses", "evaluates_others"]),
        (SAM, ["climbs"]),
        (Lookahead, ["moves_params", "evaluates_others"]),
        (lambda: Few(), []),
    ],
)
def test_flags_come_from_members_or_defaults(kind, expected):
    assert [flag for flag in FLAGS if getattr(declared(kind), flag)] == expected
    if kind in (Few, Averaged, Searching):
        assert [flag for flag in FLAGS if getattr(completed(kind()), flag)] == expected


def test_sam_evaluates_where_its_inner_optimizer_does():
    assert SAM(ScheduleFreeSGD()).evaluates_others
    assert not SAM(SGD()).evaluates_others


def test_own_optimizer_keeps_the_columns_of_its_runs():
    kept = keep_runs(completed(Few(np.arange(5.0)[:, None])), np.array([1, 4]))

    np.testing.assert_array_equal(kept.own.factor, [[1.0], [4.0]])
    assert completed(SGD()) == SGD()
