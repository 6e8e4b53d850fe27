import pytest

from nnbench.composition.jobs import compose_job, expand
from nnbench.sweep.grid_axes import Axis, axes_of, extended, typed_keys


def jobs(*words):
    return [compose_job(job) for job in expand(["dataset=iris", *words])]


def axes(*words, compared=("depth",)):
    return [(axis.key, axis.typed) for axis in axes_of(jobs(*words), compared)]


@pytest.mark.parametrize(
    ("typed", "up", "down"),
    [
        # A rate that is written with one digit is continued with one.
        ((0.001, 0.003, 0.01, 0.03, 0.1), [0.3, 1, 4], [0.0003, 0.0001, 4e-05]),
        ((0.0003, 0.001, 0.003), [0.009, 0.027, 0.081], [9e-05, 2.7e-05, 8.1e-06]),
        ((0.001, 0.1), [10, 1000, 1e5], [1e-05, 1e-07, 1e-09]),
        ((0.15, 0.25), [0.42, 0.69, 1.2], [0.09, 0.054, 0.0324]),
        # Whole numbers stay whole, and don't go below 1.
        ((16, 32, 64), [128, 256, 512], [8, 4, 2]),
        ((1, 2, 3), [4, 7, 10], []),
        ((1, 2), [4, 8, 16], []),
        # Nothing is below 0, and 0 has no ratio.
        ((0, 0.1, 0.2), [0.4, 0.8, 1.6], []),
        ((0.0, 0.1), [], []),
        ((-1.0, 1.0), [], []),
        ((1e-300, 1e300), [], []),
        ((1e300, 1e305), [], [1e295, 1e290, 1e285]),
        # Rounding makes no step none.
        ((0.9, 1.0), [1.1, 1.2, 1.4], [0.81, 0.729, 0.7]),
        ((98, 99), [100, 101, 102], [97, 96, 95]),
    ],
)
def test_steps_are_ratio_of_the_two_outermost_values(typed, up, down):
    axis = Axis((), "lr", typed)
    assert axis.beyond(1, 3) == pytest.approx(up, rel=1e-12)
    assert axis.beyond(-1, 3) == pytest.approx(down, rel=1e-12)
    assert axis.beyond(1, 0) == axis.beyond(-1, 0) == []
    assert {type(value) for value in axis.beyond(1, 3)} <= {type(typed[-1])}


def test_axes_are_typed_numbers_that_are_not_compared():
    words = ["depth=1,2", "lr=0.1,0.01", "optimizer=momentum", "optimizer.momentum=0.8,0.9"]
    both = [("lr", (0.01, 0.1)), ("optimizer.momentum", (0.8, 0.9))]
    assert sorted(axes(*words)) == both
    assert axes(*words, compared=("depth", "lr")) == both[1:]
    assert axes("depth=1,2", "batch_size=8,16") == [("batch_size", (8, 16))]


@pytest.mark.parametrize(
    "words",
    [
        ["depth=1,2"],
        # How long to train and what to train on is the user's own choice.
        ["depth=1,2", "epochs=5,10"],
        ["depth=1,2", "patience=5,10"],
        ["depth=1,2", "validation_size=0.1,0.2"],
        ["depth=1,2", "dataset=moons", "dataset.noise=0.1,0.2"],
        ["depth=1,2", "seed=0,100"],
        # Their rates follow from the optimizers.
        ["depth=1,2", "optimizer=adam,sgd"],
        ["depth=1,2", "batch_size=16,32,full"],
        ["depth=1,2", "residual=true,false"],
        ["optimizer=adam,sgd", "lr=0.1,0.01", "search=3"],
    ],
)
def test_nothing_else_is_an_axis(words):
    assert axes(*words) == []


def test_every_data_set_has_axes_of_its_own():
    own = axes_of(jobs("dataset=iris,wine", "depth=1,2", "lr=0.1,0.01"), ("depth",))
    assert [dict(axis.data)["dataset"] for axis in own] == ["iris", "wine"]


def test_all_compared_values_gain_same_settings_corners_too():
    typed = jobs("depth=1,2", "lr=0.1,0.01", "batch_size=8,16")
    rate, batch = axes_of(typed, ("depth",))
    assert (rate.key, batch.key) == ("lr", "batch_size")

    gained = extended(typed, {(rate, 1): 1, (batch, -1): 2}, ("depth",))

    settings = {
        depth: sorted((job.settings[0].lr, job.settings[0].batch_size)
                      for job in gained if job.settings[0].depth == depth)
        for depth in (1, 2)
    }  # fmt: skip
    every = {(lr, size) for lr in (0.01, 0.1, 1.0) for size in (2, 4, 8, 16)}
    typed_settings = {(lr, size) for lr in (0.01, 0.1) for size in (8, 16)}
    assert settings[1] == settings[2] == sorted(every - typed_settings)
    assert {job.seeds for job in gained} == {typed[0].seeds}


@pytest.mark.parametrize(
    "words",
    [
        ["optimizer=momentum", "optimizer.momentum=0.8,0.9"],
        ["optimizer=adam", "optimizer.beta1=0.8,0.9"],
        ["dropout=0.4,0.8"],
    ],
)
def test_value_that_runs_refuse_is_beyond_natures_end(words):
    typed = jobs("depth=1,2", *words)
    (axis,) = axes_of(typed, ("depth",))
    assert len(axis.beyond(1, 1)) == 1
    assert extended(typed, {(axis, 1): 3}, ("depth",)) == []
    assert len(extended(typed, {(axis, -1): 3}, ("depth",))) == 6


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (["norm=none,batch", "activation=relu,tanh"], ["norm", "activation"]),
        (["activation=relu,tanh", "norm=none,batch"], ["activation", "norm"]),
        # What is added to a layer's input is scaled only without a norm.
        (["norm=none,batch", "residual=false,true"], ["norm", "residual"]),
        (["residual=false,true", "norm=none,batch"], ["residual", "norm"]),
        (["activation=relu,leaky_relu,tanh", "loss=cross_entropy,mse", "norm=none,batch"],
         ["activation", "loss", "norm"]),
        (["optimizer=adam,sgd", "depth=1,2"], ["optimizer", "depth"]),
        (["params=1000,2000", "depth=1,2"], ["params", "depth"]),
        (["dataset=iris,wine", "depth=1,2"], ["dataset", "depth"]),
        (["lr=0.1,0.2", "width=1,2,3,4,5", "depth=1,2"], ["lr", "width", "depth"]),
        (["depth=1,2"], ["depth"]),
        ([], []),
    ],
)  # fmt: skip
def test_keys_come_in_typed_order(words, keys):
    assert typed_keys(jobs(*words)) == keys
