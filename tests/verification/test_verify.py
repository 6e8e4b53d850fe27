"""Verification: every shipped component passes, wrong ones fail."""

import re
from dataclasses import replace

import numpy as np
import pytest

from nnbench.assembly import build
from nnbench.assembly.checks import needs_full_batch
from nnbench.assembly.settle import settle_loss
from nnbench.engine.activations import Tanh
from nnbench.engine.losses import MeanSquaredError
from nnbench.optim.sgd import SGD, Momentum
from nnbench.options import components
from nnbench.options.components import what_was_raised
from nnbench.run.config import Component
from nnbench.run.errors import ConfigError, InvalidRunError
from nnbench.verification import references, verify
from nnbench.verification.descent import descent_check
from nnbench.verification.references import FILES, reference_check
from nnbench.verification.repeats import gap
from nnbench.verification.verify import NOT_DIFFERENTIATED
from tests.build_small import component, options, run

HERE = "tests.verification.test_verify"
REPEATS = ("stack 32", "restart 32", "stack 64", "restart 64")


class WrongSlope(Tanh):
    """Its derivative is a little too steep."""

    def derivative(self, x, y, slope):
        super().derivative(x, y, slope)
        slope *= 1.0001


class WrongGradient(MeanSquaredError):
    """Its gradient is that of another mean."""

    def gradient(self, outputs, targets, out):
        return super().gradient(outputs, targets, out) * 2


class Talker(SGD):
    """A run's step depends on those beside it."""

    def step(self, params, state, rate, t):
        params.grads += params.grads.mean(axis=0)
        super().step(params, state, rate, t)


class Forgetful(Momentum):
    """Remembers something that is not in its state."""

    def step(self, params, state, rate, t):
        calls = self.__dict__.setdefault("calls", [])
        calls.append(t)
        super().step(params, state, rate * (1 + len(calls)), t)


class Still(SGD):
    """Stays where it is."""

    def step(self, params, state, rate, t):
        pass


class Climber(SGD):
    """Goes up instead of down."""

    def step(self, params, state, rate, t):
        super().step(params, state, -rate, t)


class Nowhere(SGD):
    """Goes where there are no numbers."""

    def step(self, params, state, rate, t):
        params.values[:] = np.nan


class Late(SGD):
    """Breaks when a short training is over."""

    def step(self, params, state, rate, t):
        if t == 40:
            raise RuntimeError("forty\nsteps")
        super().step(params, state, rate, t)


class Stepless:
    """Can do nothing."""


class Unmade(SGD):
    """Invalid."""

    def __init__(self):
        raise ValueError("not today")


class FirstRunsMomentum(Momentum):
    """Every run has the momentum of the first."""

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self, "momentum", np.ravel(self.momentum)[0])


def results(group, **settings):
    return {check.name: check for check in verify(run(**settings), group)}


@pytest.mark.parametrize(
    "group", ["activation", "average", "init", "model", "norm", "schedule", "wrapper"]
)
def test_shipped_components_pass(group):
    for name in options(group):
        data = "digits" if name in ("cnn", "rnn") else "iris"
        checks = results(group, **{group: name}, dataset=data, depth=2, width=4, epochs=2)
        descends = ["descends"] if group == "wrapper" else []
        assert list(checks) == ["gradient", "reference", *descends, *REPEATS]
        assert (checks["gradient"].deviation is None) == (group in NOT_DIFFERENTIATED)
        assert [check for check in checks.values() if not check.passed] == [], name
        if group in FILES:
            assert checks["reference"].deviation is not None, name


@pytest.mark.parametrize("name", options("optimizer"))
def test_shipped_optimizers_descend(name):
    config = run(optimizer=name, depth=2, batch_size=32, dtype="float32")
    if needs_full_batch(config):
        config = replace(config, batch_size="full")
    data = build.dataset(config.dataset)
    assert descent_check(settle_loss(config, data.task), data).passed


def with_own(group, name, **settings):
    config = run(depth=2, width=4, epochs=4, **settings)
    own = replace(getattr(config, group), name=f"{HERE}.{name}", target=f"{HERE}.{name}")
    return {check.name: check for check in verify(replace(config, **{group: own}), group)}


@pytest.mark.parametrize(
    ("group", "name", "failing", "settings"),
    [
        ("activation", "WrongSlope", {"gradient"}, {"activation": "tanh"}),
        ("loss", "WrongGradient", {"gradient"}, {"loss": "mse"}),
        ("optimizer", "Talker", {"stack 32", "stack 64"}, {"optimizer": "sgd"}),
        ("optimizer", "FirstRunsMomentum", {"stack 32", "stack 64"}, {"optimizer": "momentum"}),
        ("optimizer", "Forgetful", {"restart 32", "restart 64"}, {"optimizer": "momentum"}),
    ],
)
def test_what_is_wrong_fails_where_it_is_wrong(group, name, failing, settings):
    checks = with_own(group, name, **settings)
    assert {check.name for check in checks.values() if not check.passed} == failing
    assert checks["reference"].deviation is None


@pytest.mark.parametrize(
    ("name", "failing", "reason"),
    [
        ("Still", {"descends"}, ""),
        ("Climber", {"descends"}, "exploded"),
        ("Nowhere", {"descends"}, "exploded at step 1"),
        ("Late", {"descends"}, "RuntimeError: forty steps (test_verify.py:"),
        ("Stepless", {"descends", *REPEATS}, "AttributeError: 'Stepless' object has no"),
    ],
)
def test_an_optimizer_that_gets_nowhere_fails(name, failing, reason):
    checks = with_own("optimizer", name, optimizer="sgd", lr=0.1)
    assert {check.name for check in checks.values() if not check.passed} == failing
    assert all(checks[check].reason.startswith(reason) for check in failing)
    assert checks["descends"].deviation == (np.inf if reason else 1)


def test_what_a_constructor_raises_says_where():
    own = f"{HERE}.Unmade"
    with pytest.raises(InvalidRunError) as raised:
        components.make("optimizer", Component(own, own))
    message = what_was_raised(raised.value)
    assert re.fullmatch(r"optimizer=\S+Unmade: .*not today.* \(test_verify.py:\d+\)", message)


def test_data_that_cannot_be_split_fail_no_component():
    with pytest.raises(ConfigError, match="no valid split"):
        results("optimizer", optimizer="sgd", test_size=0.001, validation_size=0.001)


def test_a_stop_halfway_needs_two_epochs():
    checks = results("activation", activation="relu", depth=1, width=4, epochs=1)
    assert checks["restart 32"].deviation is None


def test_reference_is_missed_by_what_is_no_number(monkeypatch):
    course = references.course

    def last_lost(*arguments):
        values = course(*arguments)
        values[:, -1] = np.nan
        return values

    monkeypatch.setattr(references, "course", last_lost)
    assert not reference_check("optimizer", component("optimizer", "adam")).passed


def test_another_course_is_told_from_the_reference():
    adam = component("optimizer", "adam")
    assert reference_check("optimizer", adam).passed
    impostor = replace(adam, target="nnbench.optim.adam.AdamW")
    assert not reference_check("optimizer", impostor).passed
    unknown = Component("mine", adam.target, adam.options)
    assert reference_check("optimizer", unknown).deviation is None


@pytest.mark.parametrize(
    ("group", "name", "wrong"),
    [
        ("norm", "batch", {"momentum": 0.11}),
        ("norm", "layer", {"epsilon": 1.1e-5}),
        ("wrapper", "sam", {"rho": 0.051}),
        ("wrapper", "lookahead", {"share": 0.51}),
        ("average", "ema", {"decay": 0.9991}),
        ("average", "swa", {"start": 0.8}),
    ],
)
def test_another_training_is_told_from_the_reference(group, name, wrong, monkeypatch):
    """Check trainings whose numbers are a little off."""
    assert reference_check(group, component(group, name)).passed

    def with_wrong(component, case):
        return replace(component, options={**component.options, **case["options"], **wrong})

    monkeypatch.setattr(references, "with_options", with_wrong)
    assert not reference_check(group, component(group, name)).passed


def test_nothing_is_verified_as_nothing():
    for group in ("norm", "wrapper", "average"):
        checks = results(group, **{group: "none"})
        assert all(check.passed for check in checks.values())
        assert checks["reference"].deviation is None


def test_gaps_count_bits_and_nan():
    nan = np.nan
    assert gap(np.array([1.0, nan]), np.array([1.0, nan])) == 0
    assert gap(np.array([1.0, 2.0]), np.array([1.0, 2.5])) == 0.5
    assert gap(np.array([1.0, nan]), np.array([1.0, 2.0])) == np.inf
    assert gap(np.array([1.0]), np.array([1.0, 2.0])) == np.inf
