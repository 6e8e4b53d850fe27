"""Properties of every optimizer."""

import tracemalloc
from typing import NamedTuple

import numpy as np
import pytest

from nnbench.engine.arrays import ParamStack, Tensor
from nnbench.optim.optimizer import arrays_of, keep_runs, map_arrays
from nnbench.optim.sgd import SGD, Momentum, Nesterov
from nnbench.options.catalogue import option
from tests.build_small import built, component, options
from tests.engine.test_memory import PRODUCTS

OPTIMIZERS = options("optimizer")
TENSORS = {"vector": (), "matrix and bias": (Tensor(0, (3, 3)), Tensor(9, (2,)))}
NUMBERS = [
    (optimizer, key)
    for optimizer in OPTIMIZERS
    for key, value in component("optimizer", optimizer).options.items()
    if isinstance(value, float)
]


def columns(optimizer, dtype="float64"):
    """Hyperparameters of three runs, none of which is like another."""
    factors = np.array([[1.0], [0.9], [0.7]])
    defaults = component("optimizer", optimizer).options
    return {
        # What is above 1 may have to stay there.
        key: (value * factors if value <= 1 else value / factors).astype(dtype)
        for key, value in defaults.items()
        if isinstance(value, float)
    }


def steps(optimizer, params, state, first, last, gradients):
    rate = np.full((params.runs, 1), 0.01, params.values.dtype)
    for t in range(first, last + 1):
        # Gradients belong to the optimizer in a step, so it gets its own.
        params.grads[:] = gradients[t % len(gradients)][: params.runs]
        # Losses that fall as a rule; only some optimizers look at them.
        params.losses[:] = params.grads.sum(axis=1) - t
        optimizer.step(params, state, rate, t)


def gradient_sequence(runs=3, size=11, dtype="float64"):
    return np.random.default_rng(3).normal(0, 1, (7, runs, size)).astype(dtype)


@pytest.mark.parametrize("tensors", TENSORS.values(), ids=list(TENSORS))
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_remaining_runs_ignore_runs_that_leave(name, dtype, tensors):
    gradients = gradient_sequence(dtype=dtype)
    optimizer = built("optimizer", name, **columns(name, dtype))
    params = ParamStack(3, 11, dtype, tensors)
    state = optimizer.init(params)
    steps(optimizer, params, state, 1, 5, gradients)

    stay = np.array([0, 2])
    kept, kept_state = keep_runs(optimizer, stay), map_arrays(lambda array: array[stay], state)
    rest = ParamStack(2, 11, dtype, tensors)
    rest.values[:] = params.values[stay]
    steps(kept, rest, kept_state, 6, 12, gradients[:, stay])
    steps(optimizer, params, state, 6, 12, gradients)

    assert params.values.any()
    np.testing.assert_array_equal(rest.values, params.values[stay])


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_state_of_fewer_runs_keeps_names_and_order(name):
    state = built("optimizer", name).init(ParamStack(3, 11, "float64", TENSORS["matrix and bias"]))

    kept = map_arrays(lambda array: array[[0, 2]], state)

    assert type(kept) is type(state)
    assert list(map(type, kept)) == list(map(type, state))
    for array, fewer in zip(arrays_of(state), arrays_of(kept), strict=True):
        assert len(array) == 3
        np.testing.assert_array_equal(fewer, array[[0, 2]])


def test_arrays_of_inner_tuples_stand_in_their_place():
    class Named(NamedTuple):
        first: object
        inner: object

    zero, two, three, four = (np.full((3, 1), float(n)) for n in range(4))
    state = (zero, Named(two, (three,)), four)

    doubled = map_arrays(lambda array: 2 * array, state)

    assert [float(array[0, 0]) for array in arrays_of(state)] == [0, 1, 2, 3]
    assert [float(array[0, 0]) for array in arrays_of(doubled)] == [0, 2, 4, 6]
    assert isinstance(doubled[1], Named)
    assert doubled[1].inner[0][0, 0] == 4


@pytest.mark.parametrize("tensors", TENSORS.values(), ids=list(TENSORS))
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_diverging_run_leaves_the_others_alone(name, dtype, tensors):
    gradients = gradient_sequence(dtype=dtype)
    spoilt = gradients.copy()
    spoilt[1:, 1] = np.nan
    results = []
    for sequence in (gradients, spoilt):
        optimizer = built("optimizer", name, **columns(name, dtype))
        params = ParamStack(3, 11, dtype, tensors)
        with np.errstate(all="ignore"):
            steps(optimizer, params, optimizer.init(params), 1, 10, sequence)
        results.append(params.values)

    np.testing.assert_array_equal(results[0][[0, 2]], results[1][[0, 2]])
    assert (results[0][1] != results[1][1]).any()
    # What searches along lines turns back from there.
    assert optimizer.needs_losses or not np.isfinite(results[1][1]).all()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_descends_into_a_bowl(name):
    """Into a bowl of different slopes, from every side, at its own learning rate."""
    curvatures = np.array([1.0, 3.0, 0.3, 0.1])
    params = ParamStack(2, 4, "float64")
    params.values[:] = [[1, -1, 2, -2], [-1, 1, -2, 2]]
    optimizer = built("optimizer", name)
    state = optimizer.init(params)
    rate = np.full((2, 1), option("optimizer", name).option("lr"))

    def height():
        return (curvatures * params.values**2).sum(axis=1)

    before = height()
    for t in range(1, 301):
        params.grads[:] = 2 * curvatures * params.values
        params.losses[:] = height()
        optimizer.step(params, state, rate, t)

    assert (height() < 0.8 * before).all()


@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if name not in PRODUCTS])
def test_step_allocates_no_vector(name):
    optimizer = built("optimizer", name, **columns(name))
    params = ParamStack(3, 20_000, "float64")
    state = optimizer.init(params)
    gradients = gradient_sequence(size=20_000)
    steps(optimizer, params, state, 1, 2, gradients)

    tracemalloc.start()
    steps(optimizer, params, state, 3, 9, gradients)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    # NumPy's own buffer for an operation with `where` is smaller than that.
    assert peak < params.values.nbytes / 4


@pytest.mark.parametrize("value", [-1.0, np.nan])
@pytest.mark.parametrize(("optimizer", "key"), NUMBERS)
def test_invalid_hyperparameters_of_optimizers_are_refused(optimizer, key, value):
    with pytest.raises(ValueError, match=key):
        built("optimizer", optimizer, **{key: value})


@pytest.mark.parametrize(("optimizer", "key"), NUMBERS)
def test_optimizer_refuses_one_bad_run_of_a_stack(optimizer, key):
    column = np.full((3, 1), component("optimizer", optimizer).options[key])
    column[1] = -1

    with pytest.raises(ValueError, match=key):
        built("optimizer", optimizer, **{key: column})


@pytest.mark.parametrize(
    ("optimizer", "expected"),
    [
        # Gradients 1 then 2, at a rate of 0.5 from 0.
        (SGD(), [-0.5, -1.5]),
        (Momentum(0.5), [-0.5, -1.75]),
        (Nesterov(0.5), [-0.75, -2.375]),
    ],
)
def test_steps_worked_by_hand(optimizer, expected):
    params = ParamStack(1, 1, "float64")
    state = optimizer.init(params)
    course = []
    for t, gradient in enumerate([1, 2], start=1):
        params.grads[:] = gradient
        optimizer.step(params, state, 0.5, t)
        course.append(float(params.values[0, 0]))

    assert course == expected


@pytest.mark.parametrize("name", ["momentum", "nesterov"])
def test_no_momentum_is_gradient_descent(name):
    gradients = gradient_sequence()
    ends = []
    for optimizer in (SGD(), built("optimizer", name, momentum=0.0)):
        params = ParamStack(3, 11, "float64")
        steps(optimizer, params, optimizer.init(params), 1, 9, gradients)
        ends.append(params.values)

    np.testing.assert_array_equal(*ends)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("rates", [(0, 0.01, 0.01), (0.01, 0, 0.01)], ids=str)
@pytest.mark.parametrize("size", [1e-6, 1.0, 1e12])
def test_steps_stay_finite_at_any_rate_and_size(name, rates, size):
    """Schedules begin or end at a rate of 0, and some losses are summed."""
    optimizer = built("optimizer", name, **columns(name, "float32"))
    params = ParamStack(3, 11, "float32", TENSORS["matrix and bias"])
    params.values[:] = 1
    state = optimizer.init(params)
    gradients = gradient_sequence(dtype="float32") * np.float32(size)
    for t, rate in enumerate(rates, start=1):
        before = params.values.copy()
        params.grads[:] = gradients[t]
        params.losses[:] = np.float32(size) / t
        with np.errstate(all="ignore"):
            optimizer.step(params, state, np.full((3, 1), rate, "float32"), t)
        assert np.isfinite(params.values).all()
        assert t > 1 or rate or (params.values == before).all()
