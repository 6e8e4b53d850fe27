"""The course of every optimizer on a small network, against another implementation's."""

from dataclasses import replace

import numpy as np
import pytest

from nnbench import build
from nnbench.engine.activations import Tanh
from nnbench.engine.arrays import Workspace
from nnbench.engine.initializers import Glorot
from nnbench.engine.losses import MeanSquaredError
from nnbench.engine.models import mlp
from nnbench.engine.network import Network
from tests.build_small import bound, component, options
from tests.references.read import read

BATCH = 5


FILES = ("optimizers", "layered")


def trajectories(file, cases, dtype="float64"):
    """Parameters after the steps that the references keep, (steps, cases, size), of a stack."""
    arrays, known = read(file)
    settings = [known[case] for case in cases]
    optimizer = assembled(settings, dtype)
    x, targets = arrays["x"].astype(dtype), arrays["targets"].astype(dtype)
    inputs, outputs, rows = x.shape[1], targets.shape[1], len(x)
    width = (arrays["start"].size - outputs) // (inputs + 1 + outputs)
    layers = mlp(outputs, depth=1, width=width, activation=Tanh(), init=Glorot())
    values = np.tile(arrays["start"].astype(dtype), (len(cases), 1))
    network, params = bound(Network(layers, (inputs,)), values, BATCH)
    loss = MeanSquaredError().bind(Workspace(len(cases), BATCH, dtype))
    rate = np.array([[setting["lr"]] for setting in settings], dtype)
    penalty = np.array([[setting["weight_decay"]] for setting in settings], dtype)
    doutputs = np.empty((len(cases), BATCH, outputs), dtype)
    state = optimizer.init(params)
    kept = []
    for t in range(1, arrays["steps"].max() + 1):
        batch = np.arange((t - 1) * BATCH, t * BATCH) % rows
        y = np.repeat(targets[None, batch], len(cases), axis=0)
        out = network.forward(np.repeat(x[None, batch], len(cases), axis=0), train=True)
        network.backward(loss.gradient(out, y, doutputs))
        if not hasattr(optimizer, "weight_decay"):
            params.grads += penalty * params.values
        optimizer.step(params, state, rate, t)
        if t in arrays["steps"]:
            kept.append(params.values.copy())
    return np.stack(kept)


def assembled(settings, dtype):
    """The optimizer of a stack, with a column for every number that it is set by."""
    components = [
        replace(component("optimizer", s["option"]), options=s["options"]) for s in settings
    ]
    columns = build.columns(components, dtype)
    if hasattr(build.locate("optimizer", components[0]), "weight_decay"):
        columns["weight_decay"] = np.array([[s["weight_decay"]] for s in settings], dtype)
    return build.make("optimizer", components[0], **columns)


def cases_of(optimizer):
    """The file that has cases of an optimizer, and their names."""
    for file in FILES:
        _, known = read(file)
        cases = [case for case, setting in known.items() if setting["option"] == optimizer]
        if cases:
            return file, cases
    return pytest.skip(f"{optimizer} has no trajectory yet; add one to tests/references")


@pytest.mark.parametrize("optimizer", options("optimizer"))
def test_optimizer_takes_the_course_of_its_reference(optimizer):
    """Of a stack whose runs differ in learning rate, weight decay and hyperparameters."""
    file, cases = cases_of(optimizer)

    courses = trajectories(file, cases)

    arrays, _ = read(file)
    expected = np.stack([arrays[case] for case in cases], axis=1)
    np.testing.assert_allclose(courses, expected, rtol=1e-10)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", options("optimizer"))
def test_run_takes_its_own_course_in_a_stack(optimizer, dtype):
    file, cases = cases_of(optimizer)

    together = trajectories(file, cases, dtype)

    for position, case in enumerate(cases):
        np.testing.assert_array_equal(
            trajectories(file, [case], dtype)[:, 0], together[:, position]
        )


def test_all_optimizers_of_torch_are_compared():
    """The references hold every optimizer they did when they were first made."""
    _, known = read("optimizers")

    expected = {"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"}
    assert expected <= {setting["option"] for setting in known.values()}
