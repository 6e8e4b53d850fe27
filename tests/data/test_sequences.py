import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnbench.assembly import build
from nnbench.data import sequences
from nnbench.data.bundled import load
from nnbench.run.config import Component
from nnbench.run.errors import ConfigError
from tests.build_small import component


def test_temporal_parity_counts_every_step():
    data = sequences.temporal_parity("t", 100, 0, 7, 0)
    assert data.x.shape == (100, 7, 1)
    np.testing.assert_array_equal(data.y, (data.x == 1).sum(axis=(1, 2)) % 2)


@settings(max_examples=20, deadline=None)
@given(steps=st.integers(2, 30), seed=st.integers(0, 99))
def test_adding_sums_the_marked_value_of_each_half(steps, seed):
    data = sequences.adding("a", 20, seed, steps, 0)
    numbers, marks = data.x[..., 0], data.x[..., 1]
    np.testing.assert_array_equal(marks[:, : steps // 2].sum(axis=1), 1)
    np.testing.assert_array_equal(marks[:, steps // 2 :].sum(axis=1), 1)
    np.testing.assert_allclose(data.y[:, 0], (numbers * marks).sum(axis=1))


def test_copy_shows_bits_a_pause_and_a_cue():
    data = sequences.copy("c", 20, 0, 5, 5, 0)
    assert data.x.shape == (20, 10, 2)
    np.testing.assert_array_equal(data.x[:, :5, 0], data.y)
    assert not data.x[:, 5:, 0].any()
    np.testing.assert_array_equal(data.x[0, :, 1], [0] * 9 + [1])


def is_balanced(text):
    """Check by another way: pairs are crossed out until nothing changes."""
    before = None
    while text != before:
        before, text = text, text.replace("()", "").replace("[]", "").replace("{}", "")
    return not text


@settings(max_examples=30, deadline=None)
@given(kinds=st.integers(1, 3), half=st.integers(4, 8), seed=st.integers(0, 99))
def test_dyck_words_are_balanced_or_nearly(kinds, half, seed):
    data = sequences.dyck("d", 12, seed, kinds, 2 * half, 0)
    symbols = np.array(list("([{"[:kinds] + ")]}"[:kinds]))
    words = symbols[data.x.argmax(axis=2)]
    assert [is_balanced("".join(word)) for word in words] == (data.y == 1).tolist()
    np.testing.assert_array_equal(data.x.sum(axis=2), 1)


def test_waves_are_told_apart_by_their_shape_only():
    data = sequences.waveforms("w", 400, 0, 64, 4, 0.0)
    power = (data.x[..., 0] ** 2).mean(axis=1)
    for label in range(4):
        assert power[data.y == label].mean() == pytest.approx(1, abs=0.1)
    assert len(np.unique(data.x[data.y == 1])) == 2
    noisy = sequences.waveforms("w", 400, 0, 64, 4, 0.5)
    assert (noisy.x - data.x).std() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("name", ["temporal_parity", "adding", "copy", "dyck", "waveforms"])
@pytest.mark.parametrize("small", [False, True])
def test_no_row_is_known_by_heart(name, small):
    chosen = component("dataset", name)
    few = {"steps": 6, "length": 6, "kinds": 2, "samples": 40} if small else {}
    options = {key: few.get(key, value) for key, value in chosen.options.items()}
    data = build.dataset(Component(name, chosen.target, options))
    own = data.x[data.rows_of(17)]
    assert len(np.unique(own, axis=0)) == len(own) == options["samples"]


@pytest.mark.parametrize(("name", "subset"), [("temporal_parity", "y"), ("dyck", "y"),
                                            ("adding", "y"), ("copy", "x")])  # fmt: skip
def test_noise_changes_what_it_says(name, subset):
    chosen = component("dataset", name)
    clean, noisy = (
        build.dataset(Component(name, chosen.target, {**chosen.options, "noise": noise}))
        for noise in (0, 0.25)
    )
    same = "x" if subset == "y" else "y"
    np.testing.assert_array_equal(getattr(clean, same), getattr(noisy, same))
    changed = getattr(noisy, subset) - getattr(clean, subset)
    if clean.classes:
        assert np.abs(changed).mean() == 0.25
    else:
        assert changed[changed != 0].std() == pytest.approx(0.25, rel=0.1)


def test_digits_by_rows_are_the_digits():
    rows, images = load("digits_rows"), load("digits")
    assert rows.x.shape == (1797, 8, 8)
    np.testing.assert_array_equal(rows.x, images.x[..., 0])


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("temporal_parity", {"steps": 0}), ("adding", {"steps": 1}), ("copy", {"length": 0}),
        ("copy", {"gap": 0}), ("copy", {"samples": 1025}), ("temporal_parity", {"noise": 2}),
        ("dyck", {"samples": 8449}), ("dyck", {"kinds": 0}), ("dyck", {"length": 7}),
        ("waveforms", {"steps": 3}), ("waveforms", {"noise": -1}), ("waveforms", {"samples": 1}),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_one_line(name, options):
    ((key, value),) = options.items()
    chosen = component("dataset", name)
    with pytest.raises(ConfigError, match=rf"^dataset\.{key}={value}: must be [^\n]*$"):
        build.dataset(Component(name, chosen.target, {**chosen.options, **options}))
