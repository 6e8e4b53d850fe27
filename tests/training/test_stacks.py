"""A run does not notice its neighbours."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnbench
from nnbench.assembly import checks
from nnbench.options import components
from nnbench.verification.repeats import scaled
from tests.build_small import component, options, run

CLASSIFICATION = {"moons": {"samples": 150}, "digits": {}, "iris": {}}
REGRESSION = {"diabetes": {}, "linnerud": {}}
DATA = CLASSIFICATION | REGRESSION
DISTANCES = ["mse", "mae", "huber", "log_cosh"]


def assert_same(first, other):
    """Every figure of two runs, bit for bit."""
    assert first.config == other.config
    assert (first.status, first.reason) == (other.status, other.reason)
    np.testing.assert_equal(first.final, other.final)
    np.testing.assert_array_equal(first.history.epochs, other.history.epochs)
    assert first.history.layers == other.history.layers
    np.testing.assert_array_equal(first.history.moments, other.history.moments)
    np.testing.assert_equal(first.history.layer_statistics, other.history.layer_statistics)
    assert list(first.history.curves) == list(other.history.curves)
    for name, curve in first.history.curves.items():
        np.testing.assert_array_equal(curve, other.history.curves[name], err_msg=name)


def drawn(draw, component):
    """The component with numbers of its own, of which whole ones stay whole."""
    own = scaled(component, draw(st.floats(0.5, 1)))
    whole = [name for name in ("period", "history") if name in own.options]
    counts = {name: draw(st.integers(1, 7)) for name in whole}
    return replace(own, options={**own.options, **counts})


@st.composite
def stacks(draw, dtype):
    """Configurations that may train together, as different from each other as that allows."""
    dataset = draw(st.sampled_from(list(DATA)))
    losses = options("loss") if dataset in CLASSIFICATION else DISTANCES
    optimizer = draw(st.sampled_from(options("optimizer")))
    needs_all = checks.needs_full_batch(run(optimizer=optimizer))
    chosen = components.locate("optimizer", component("optimizer", optimizer))
    # A line search allows nothing that changes a gradient.
    searches = chosen.needs_losses
    wrappers = ["none", *([] if chosen.evaluates_others or searches else options("wrapper"))]
    nothing = st.sampled_from([True, False])
    decays, l1 = (st.just(0.0) if draw(nothing) else st.floats(1e-6, 0.1) for _ in range(2))
    norms, values = (
        st.none() if searches or draw(nothing) else st.floats(1e-3, 10) for _ in range(2)
    )
    averages = st.sampled_from(draw(st.sampled_from([["none"], options("average")])))
    shared = run(
        dataset=dataset,
        changes={"dataset": DATA[dataset]},
        loss=draw(st.sampled_from(losses)),
        activation=draw(st.sampled_from(options("activation"))),
        init=draw(st.sampled_from(["auto", *options("init")])),
        optimizer=optimizer,
        norm=draw(st.sampled_from(["none", "layer", *([] if needs_all else ["batch"])])),
        residual=draw(st.booleans()),
        residual_scale=draw(st.sampled_from(["auto", 0.3, 1.0])),
        dropout=draw(st.sampled_from([0.0] if searches else [0.0, 0.0, 0.3])),
        wrapper=draw(st.sampled_from(wrappers)),
        depth=draw(st.integers(0, 4)),
        width=draw(st.sampled_from([1, 7, 16])),
        batch_size=draw(st.sampled_from(["full", *([] if needs_all else [16, 20, 32, 5000])])),
        epochs=draw(st.integers(1, 4)),
        dtype=dtype,
    )
    return [
        replace(
            shared,
            seed=draw(st.integers(0, 2**32)),
            lr=draw(st.sampled_from([1e-4, 0.01, 0.3, 1e6])),
            weight_decay=draw(decays),
            patience=draw(st.none() | st.integers(1, 2)),
            l1=draw(l1),
            clip_norm=draw(norms),
            clip_value=draw(values),
            optimizer=drawn(draw, shared.optimizer),
            wrapper=drawn(draw, shared.wrapper),
            average=scaled(run(average=draw(averages)).average, draw(st.floats(0.5, 1))),
            schedule=run(
                schedule=draw(st.sampled_from(options("schedule"))),
                changes={"schedule": {"warmup": draw(st.sampled_from([0.0, 0.3]))}},
            ).schedule,
        )
        for _ in range(draw(st.integers(2, 4)))
    ]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(choices=st.data())
def test_run_is_unaffected_by_any_neighbours(dtype, choices):
    configs = choices.draw(stacks(dtype))

    for config, result in zip(configs, nnbench.train_stack(configs), strict=True):
        assert_same(result, nnbench.train(config))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "setting", [{}, {"loss": "mse"}, {"activation": "gelu"}, {"activation": "prelu"}], ids=str
)
def test_wide_run_is_unaffected_by_neighbours(setting, dtype):
    """A layer has more parameters, and an evaluation more outputs, than NumPy's buffer holds."""
    config = run(dataset="digits", width=130, depth=2, epochs=1, dtype=dtype, **setting)
    configs = [replace(config, seed=seed, lr=lr) for seed, lr in ((0, 1e-3), (1, 1e-3), (0, 0.1))]

    for config, result in zip(configs, nnbench.train_stack(configs), strict=True):
        assert_same(result, nnbench.train(config))


NETWORKS = [
    ("cnn", "digits", {}),
    ("cnn", "digits", {"pool": "average", "head": "flatten", "kernel": 2, "dilation": 2}),
    ("cnn", "waveforms", {"pool": "none", "stride": 3, "padding": 1}),
    *[
        ("rnn", "waveforms", {"cell": cell, "truncation": truncation, "bidirectional": both})
        for cell in ("simple", "gru", "lstm")
        for truncation, both in ((None, False), (7, True))
    ],
]

SHORT = {"waveforms": {"samples": 120, "steps": 12}}


@pytest.mark.parametrize(("model", "dataset", "options"), NETWORKS, ids=str)
def test_image_and_sequence_runs_are_unaffected_by_neighbours(model, dataset, options):
    config = run(
        model=model, dataset=dataset, norm="batch", residual=True, dropout=0.1, width=5, depth=2,
        epochs=1, batch_size=200 if dataset == "digits" else 40,
        changes={"model": options, "dataset": SHORT.get(dataset, {})},
    )  # fmt: skip
    configs = [replace(config, seed=seed, lr=lr) for seed, lr in ((0, 1e-3), (1, 0.1), (0, 0.1))]

    for config, result in zip(configs, nnbench.train_stack(configs), strict=True):
        assert_same(result, nnbench.train(config))


@pytest.mark.parametrize("optimizer", options("optimizer"))
def test_order_in_a_stack_does_not_matter(optimizer):
    config = run(optimizer=optimizer, weight_decay=0.01, lr=0.01, epochs=5)
    configs = [
        config,
        replace(config, seed=1, patience=1, lr=1e-4),
        replace(config, seed=2, lr=1e6),
        replace(config, seed=3, optimizer=scaled(config.optimizer, 0.6)),
    ]

    forwards = nnbench.train_stack(configs)
    backwards = nnbench.train_stack(configs[::-1])[::-1]

    for first, other in zip(forwards, backwards, strict=True):
        assert_same(first, other)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_rates_that_follow_loss_do_not_notice_neighbours(dtype):
    """Among which one stops early, one diverges and one does not heed its loss."""
    changes = {"factor": 0.5, "patience": 0, "threshold": 0.1, "warmup": 0.1}
    config = run(schedule="plateau", changes={"schedule": changes}, epochs=12, dtype=dtype, lr=0.1)
    soon = replace(config.schedule, options={**config.schedule.options, "cooldown": 2})
    configs = [
        replace(config, lr=1e-7, patience=3),
        config,
        replace(config, lr=1e9, seed=1),
        replace(config, schedule=soon, seed=2),
        replace(config, schedule=run().schedule),
    ]

    results = nnbench.train_stack(configs)

    assert len(results[0].history.epochs) < 13
    assert results[2].status == "diverged"
    assert results[1].final != results[4].final
    for single, result in zip(configs, results, strict=True):
        assert_same(result, nnbench.train(single))


def test_same_configuration_gives_the_same_figures_each_time():
    config = run(dataset="digits", depth=2, dtype="float32")

    assert_same(nnbench.train(config), nnbench.train(config))


@pytest.mark.parametrize(
    "change", [{"seed": 1}, {"lr": 0.002}, {"weight_decay": 0.1}, {"depth": 2}, {"batch_size": 16}],
    ids=str,
)  # fmt: skip
def test_setting_changes_the_figures(change):
    first, other = nnbench.train(run()), nnbench.train(run(**change))

    curves = first.history.curves["train_loss"], other.history.curves["train_loss"]
    assert (curves[0][1:] != curves[1][1:]).all()
