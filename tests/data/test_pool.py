"""Generated data of which each run draws rows of its own."""

from dataclasses import replace

import numpy as np
import pytest

from nnbench import compose
from nnbench.assembly import build
from nnbench.data import ladder
from nnbench.data.batches import Batches
from nnbench.data.generated import generate
from nnbench.data.split import split


def test_each_seed_draws_rows_of_its_own():
    data = generate("moons", "make_moons", 100, 0, noise=0.1, fresh=True)
    assert (len(data.x), data.rows) == (100_000, 100)

    first, again, other = (set(data.rows_of(seed)) for seed in (3, 3, 4))
    assert first == again
    assert len(first) == 100
    assert len(first & other) < 10
    parts = split(data, 3, 0.1, 0.2)
    assert {*parts.train, *parts.validation, *parts.test} == first


def test_a_fingerprint_tells_how_many_rows_are_drawn():
    prints = {
        generate("moons", "make_moons", samples, 0, noise=0.1, pool=500, fresh=True).fingerprint
        for samples in (100, 200, 500)
    }
    assert len(prints) == 3


def test_without_fresh_rows_all_seeds_have_the_same():
    data = generate("moons", "make_moons", 100, 0, noise=0.1)
    assert (len(data.x), data.drawn) == (100, 0)
    assert np.array_equal(data.rows_of(3), np.arange(100))


@pytest.mark.parametrize(
    ("drawn", "test_rows", "refusal"),
    [
        (101, 0, "drawn=101: must be a whole number, 0 to 100"),
        (-1, 0, "drawn=-1: must be a whole number, 0 to 100"),
        (50.5, 0, "drawn=50.5: must be a whole number, 0 to 100"),
        (50, 20, "drawn=50: must be 0 with a test set of its own, test_rows=20"),
    ],
)
def test_rows_that_no_run_can_draw_are_refused(drawn, test_rows, refusal):
    data = generate("moons", "make_moons", 100, 0, noise=0.1)
    assert replace(data, drawn=100).rows == replace(data, test_rows=20).rows == 100
    with pytest.raises(ValueError, match=f"^{refusal}$"):
        replace(data, drawn=drawn, test_rows=test_rows)


@pytest.mark.parametrize("fresh", [True, False])
def test_invalid_pool_is_refused_even_if_unused(fresh):
    with pytest.raises(ValueError, match=r"^pool=-5: must be a whole number, 1 or more$"):
        generate("moons", "make_moons", 100, 0, noise=0.1, fresh=fresh, pool=-5)


def test_a_pool_never_exceeds_the_rows_there_are():
    data = ladder.parity("parity", 20, 0, bits=3, distractors=2, noise=0, fresh=True)
    assert (len(data.x), data.rows) == (32, 20)
    # 20 words of six symbols are all that are drawn, however large the pool could be.
    numbers = ladder.composition("tree", 30, 0, levels=8, noise=0, fresh=True)
    assert len(numbers.x) == 2_200_000 // 257


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["dataset=copy", "dataset.pool=1025"], "dataset.pool=1025: must be at most 1024, the"),
        (["dataset.pool=99"], "dataset.pool=99: must be at least samples=1000"),
        (["dataset.pool=2.5"], "dataset.pool=2.5: must be a whole number"),
        (["dataset.pool=1e8"], "dataset.pool=100000000: takes about"),
    ],
)
def test_an_impossible_pool_is_refused(words, error):
    with pytest.raises(ValueError, match=error):
        build.dataset(compose(["dataset=moons", *words]).dataset)


@pytest.mark.parametrize("name", ["deep_linear", "deep_relu"])
def test_teacher_is_same_for_any_number_of_rows(name):
    # Without noise the targets are a function of the inputs: rows that are in both agree.
    few, more = (
        build.dataset(
            compose([f"dataset={name}", "dataset.fresh=false", "dataset.noise=0", size]).dataset
        )
        for size in ("dataset.samples=40", "dataset.samples=97")
    )
    assert np.array_equal(few.x, more.x[:40])
    # Targets of deep_relu are scaled by those of all rows.
    slope, offset = np.polyfit(few.y[:, 0], more.y[:40, 0], 1)
    assert np.allclose(slope * few.y[:, 0] + offset, more.y[:40, 0], atol=1e-12)
    if name == "deep_linear":
        assert (slope, offset) == pytest.approx((1, 0), abs=1e-12)


def test_a_stack_sees_the_rows_of_each_run():
    data = generate("moons", "make_moons", 100, 0, noise=0.1, fresh=True)
    splits = [split(data, seed, 0.1, 0.2) for seed in range(3)]
    batches = Batches(data, splits, "float64")

    assert len(batches.x.values) <= 300
    for run, parts in enumerate(splits):
        x = np.empty((1, len(parts.validation), 2))
        targets = np.empty((1, len(parts.validation), 2))
        alone = batches.select(np.array([run]))
        alone.gather(alone.validation, x, targets)
        train = data.x[parts.train]
        expected = (data.x[parts.validation] - train.mean(axis=0)) / train.std(axis=0)
        assert np.allclose(x[0], expected, atol=1e-12)
        assert np.array_equal(targets[0].argmax(axis=1), data.y[parts.validation])
