from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnbench
from nnbench.assembly import build
from nnbench.assembly.sizing import NEAR, SIZES, sized
from nnbench.run.errors import ConfigError, IncompatibleError
from tests.build_small import run


def reached(config, key, data):
    return SIZES[key](build.network(config, data))


@settings(max_examples=30, deadline=None)
@given(
    key=st.sampled_from(sorted(SIZES)),
    model=st.sampled_from(["mlp", "cnn", "rnn"]),
    depth=st.integers(1, 4),
    target=st.integers(5_000, 500_000),
)
def test_no_other_width_comes_nearer(key, model, depth, target):
    config = run(dataset="digits", model=model, depth=depth, **{key: target})
    data = build.dataset(config.dataset)
    try:
        chosen = sized(config, data)
    except IncompatibleError:
        return
    distance = {
        width: abs(reached(replace(chosen, width=width), key, data) - target)
        for width in (chosen.width - 1, chosen.width, chosen.width + 1)
        if width
    }
    assert distance[chosen.width] == min(distance.values()) <= NEAR * target


@pytest.mark.parametrize(
    ("words", "params"),
    [
        # By hand: 64 w + w, (depth - 1)(w² + w), 10 w + 10.
        (["depth=1", "params=7510"], 75 * 100 + 10),
        (["depth=3", "params=20000"], 75 * 83 + 10 + 2 * (83 * 83 + 83)),
        (["depth=2", "params=1000"], 75 * 11 + 10 + 11 * 11 + 11),
    ],
)
def test_target_and_reached_sizes_are_kept(words, params):
    result = nnbench.train(nnbench.compose([*words, "epochs=1"]))
    asked = result.config.params
    assert result.final["n_params"] == params
    assert result.final["size_residual"] == pytest.approx(params / asked - 1)
    assert result.config.flat()["params"] == asked


def test_multiply_adds_count_products_for_one_example():
    result = nnbench.train(nnbench.compose(["depth=2", "flops=12000", "epochs=1"]))
    width = result.config.width
    assert result.final["n_flops"] == 64 * width + width**2 + 10 * width
    assert abs(result.final["size_residual"]) < 0.02
    plain = nnbench.train(nnbench.compose(["depth=1", "width=8", "epochs=1"]))
    assert plain.final["n_flops"] == 74 * 8
    assert "size_residual" not in plain.final


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["params=50"], r"params=50: no width .* depth=3, the nearest are 89 \(width=1\) and "
         r"172 \(width=2\)$"),
        (["params=120"], r"the nearest are 89 \(width=1\) and 172 \(width=2\)$"),
        (["flops=1", "depth=1"], r"flops=1: .* 74 \(width=1\) and 148 \(width=2\)$"),
        (["params=20000", "depth=0"], r"depth=0, which has 650 whatever the width$"),
    ],
)  # fmt: skip
def test_unreachable_size_is_refused_with_the_nearest_two(words, line):
    with pytest.raises(IncompatibleError, match=line):
        nnbench.train(nnbench.compose(words))


def test_a_size_that_all_widths_have_is_fine():
    assert nnbench.train(nnbench.compose(["depth=0", "params=650", "epochs=1"])).final[
        "n_params"
    ] == 650  # fmt: skip


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["params=0"], "params=0: must be a whole number, 1 or more, or null"),
        (["flops=-3"], "flops=-3: must be a whole number, 1 or more, or null"),
        (["params=100", "flops=100"], "flops=100: must be null with params=100"),
        (["params=1e3x"], "params=1e3x: must be a whole number"),
    ],
)
def test_sizes_that_mean_nothing_are_refused(words, line):
    with pytest.raises(ConfigError, match=line):
        nnbench.compose(words)
