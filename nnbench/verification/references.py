"""Components against results of other implementations, which scripts in the tests compute."""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from nnbench.assembly.build import has_own_decay
from nnbench.engine.activations import Tanh
from nnbench.engine.arrays import Array, Workspace
from nnbench.engine.initializers import Glorot
from nnbench.engine.layers.activation import activate
from nnbench.engine.layers.hidden import Hidden
from nnbench.engine.losses import MeanSquaredError
from nnbench.engine.models import MLP
from nnbench.engine.network import Network
from nnbench.optim.gradient import GradientTransform
from nnbench.optim.optimizer import Optimizer
from nnbench.optim.own import completed
from nnbench.options.components import columns, make
from nnbench.run.config import Component
from nnbench.verification.check import Check
from nnbench.verification.trainings import parameters_by_epoch

DIRECTORY = Path(__file__).with_name("references")
FILES = {
    "activation": ("activations",),
    "loss": ("losses",),
    "model": ("signals", "images"),
    "optimizer": ("optimizers", "layered", "columns", "eigenbases", "lbfgs"),
    "schedule": ("schedules",),
    "norm": ("trainings",),
    "wrapper": ("trainings",),
    "average": ("trainings",),
}
"""Config group → the files that have cases of it."""

TRAININGS = ("trainings", "signals", "images")
"""Files of what whole trainings find."""

ALLOWED = 1e-10
BATCH = 5

Case = dict[str, Any]


def reference_check(group: str, component: Component) -> Check:
    """All cases of a component that are stored, each with its own settings, in float64."""
    deviations: list[float] = []
    for file in FILES.get(group, ()):
        arrays, cases = read(file)
        mine = [
            case
            for case in cases.values()
            if case["option"] == component.name and case.get("group", group) == group
        ]
        if not mine:
            continue
        expected = [arrays[case["name"]] for case in mine]
        if group == "optimizer":
            computed = list(course(file, component, mine).swapaxes(0, 1))
        else:
            computed = [
                training(file, group, component, case)
                if file in TRAININGS
                else COMPUTE[group](with_options(component, case), arrays, values)
                for case, values in zip(mine, expected, strict=True)
            ]
        deviations += [deviation(c, e) for c, e in zip(computed, expected, strict=True)]
    # Not Python's max, which leaves out what is no number unless it comes first.
    return Check("reference", float(np.max(deviations)) if deviations else None, ALLOWED)


def with_options(component: Component, case: Case) -> Component:
    """A component as it is set in a case."""
    return replace(component, options={**(component.options or {}), **case["options"]})


def deviation(computed: Array, expected: Array) -> float:
    """The largest difference, relative to the value or to 1e-5 of the largest."""
    scale = np.maximum(np.abs(expected), 1e-5 * np.abs(expected).max())
    return float((np.abs(computed - expected) / np.maximum(scale, 1e-300)).max())


@cache
def read(file: str) -> tuple[dict[str, Array], dict[str, Case]]:
    """The arrays of a file, and by the names of the cases which option each is for."""
    with np.load(DIRECTORY / f"{file}.npz", allow_pickle=False) as stored:
        arrays = dict(stored)
    cases = json.loads(str(arrays.pop("cases")))
    for key, case in cases.items():
        arrays[case["name"]] = arrays.pop(key)
    return arrays, {case["name"]: case for case in cases.values()}


def course(file: str, component: Component, cases: Sequence[Case], dtype: str = "float64") -> Array:
    """Parameters after the steps that the references keep, (steps, cases, size), of a stack.

    Where others are to be evaluated, these follow.
    """
    arrays, _ = read(file)
    runs = len(cases)
    x, targets = arrays["x"].astype(dtype), arrays["targets"].astype(dtype)
    inputs, outputs, rows = x.shape[1], targets.shape[1], len(x)
    optimizer = stacked(component, cases, dtype)
    size = rows if optimizer.full_batch else BATCH
    width = (arrays["start"].size - outputs) // (inputs + 1 + outputs)
    layers = MLP().layers((inputs,), outputs, 1, width, Hidden(Tanh()), Glorot())
    plan = Network(layers, (inputs,))
    params = plan.params(runs, dtype)
    params.values[:] = arrays["start"]
    work = Workspace(runs, size, dtype)
    network, loss = plan.bind(params, work), MeanSquaredError().bind(work)
    rate = np.array([[case["lr"]] for case in cases], dtype)
    penalty = np.array([[case["weight_decay"]] for case in cases], dtype)
    doutputs = np.empty((runs, size, outputs), dtype)
    state = optimizer.init(params)
    trajectory = []
    for t in range(1, int(arrays["steps"].max()) + 1):
        batch = np.arange((t - 1) * size, t * size) % rows
        y = np.repeat(targets[None, batch], runs, axis=0)
        out = network.forward(np.repeat(x[None, batch], runs, axis=0), train=True)
        network.backward(loss.gradient(out, y, doutputs))
        params.losses[:] = loss.value(out, y)
        if not has_own_decay(component):
            params.grads += penalty * params.values
            params.losses += GradientTransform(l2=penalty).penalty(params)
        optimizer.step(params, state, rate, t)
        if t in arrays["steps"]:
            # L-BFGS is compared at all points that it asks about, which includes the others.
            own = optimizer.evaluates_others and not optimizer.needs_losses
            average = [optimizer.evaluated(params, state)] if own else []
            trajectory.append(np.concatenate([params.values, *average], axis=1))
    return np.stack(trajectory)


def stacked(component: Component, cases: Sequence[Case], dtype: str) -> Optimizer:
    """The optimizer of a stack, with a column for each numeric option."""
    components = [with_options(component, case) for case in cases]
    options = columns(components, dtype)
    if has_own_decay(component):
        options["weight_decay"] = np.array([[case["weight_decay"]] for case in cases], dtype)
    return completed(make("optimizer", components[0], **options))


def training(file: str, group: str, component: Component, case: Case) -> Array:
    """The trajectory of a whole training with a component; see trainings.py."""
    arrays, _ = read(file)
    return parameters_by_epoch(
        case["words"], {group: with_options(component, case)}, arrays, arrays[case["name"]][0]
    )


def activation(component: Component, arrays: dict[str, Array], expected: Array) -> Array:
    """Values and derivatives, (2, points)."""
    x = arrays["x"]
    plan = Network([activate(make("activation", component))], x.shape)
    params = plan.params(1, x.dtype)
    plan.initialise(params.values[0], np.random.default_rng(0))
    (layer,) = plan.bind(params, Workspace(1, 1, x.dtype)).layers
    y = layer.forward(x[None, None].copy(), train=True)[0, 0].copy()
    slope = layer.backward(np.ones_like(x)[None, None], need_dx=True)[0, 0]
    return np.stack([y, slope])


def loss(component: Component, arrays: dict[str, Array], expected: Array) -> Array:
    """Gradients and, in the last place of each run's row, the value."""
    outputs, targets = arrays["outputs"], arrays["targets"]
    bound = make("loss", component).bind(Workspace(len(outputs), outputs.shape[1], outputs.dtype))
    gradient = bound.gradient(outputs, targets, np.empty_like(outputs))
    value = bound.value(outputs, targets)
    return np.concatenate([gradient.reshape(len(value), -1), value[:, None]], axis=1)


def schedule(component: Component, arrays: dict[str, Array], expected: Array) -> Array:
    """Multipliers at every step; for what depends on losses, in every epoch of several curves."""
    rule = make("schedule", component)
    if expected.ndim == 1:
        multipliers: Array = rule(np.arange(expected.size), expected.size)
        return multipliers
    return np.array(
        [
            [rule.after_epochs(curve[:epoch], curve.size) for epoch in range(curve.size)]
            for curve in arrays["losses"]
        ]
    )


COMPUTE = {"activation": activation, "loss": loss, "schedule": schedule}
