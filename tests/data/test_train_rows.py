"""Training sets of which each run keeps a number of rows."""

import re
from dataclasses import replace

import numpy as np
import pytest

import nnbench
from nnbench.assembly import build
from nnbench.assembly.settle import settle_with_data
from nnbench.data.dataset import classification, regression
from nnbench.data.split import split
from nnbench.run.errors import ConfigError, InvalidRunError
from nnbench.sweep.plan import plan, run_key

SIZES = (0.1, 0.2)


def waves(samples=300):
    """A data set of a user's own, without an argument for anything else."""
    x = np.linspace(0, 1, samples)[:, None]
    return regression("waves", x, np.sin(9 * x), source="here")


def data_of(*words):
    return build.dataset(nnbench.compose(list(words)).dataset)


@pytest.mark.parametrize(
    "words",
    [["dataset=digits"], ["dataset=moons"], ["dataset=diabetes"], ["dataset=mnist1d"],
     [f"dataset._target_={__name__}.waves"]],
    ids=lambda words: words[0],
)  # fmt: skip
def test_only_the_training_set_gets_smaller(words):
    data, fewer, fewest = (
        data_of(*words, *rows)
        for rows in ([], ["dataset.train_rows=150"], ["dataset.train_rows=37"])
    )
    for seed in (0, 7):
        whole, some, few = (split(version, seed, *SIZES) for version in (data, fewer, fewest))
        for subset in ("validation", "test"):
            np.testing.assert_array_equal(getattr(whole, subset), getattr(some, subset))
            np.testing.assert_array_equal(getattr(whole, subset), getattr(few, subset))
        assert (len(set(some.train)), len(set(few.train))) == (150, 37)
        # What is learnt of more rows is learnt of these as well.
        assert set(few.train) < set(some.train) < set(whole.train)
        if data.classes:
            labels = data.y[some.train]
            shares = np.bincount(data.y[whole.train]) / len(whole.train)
            assert np.abs(np.bincount(labels) - 150 * shares).max() <= 1


def test_rows_that_a_file_sets_count():
    by_file, fewer, all_rows = (
        nnbench.compose(["dataset=digits_200", *words])
        for words in ([], ["dataset.train_rows=50"], ["dataset.train_rows=null"])
    )
    assert by_file.dataset.option("train_rows") == 200
    assert fewer.dataset.option("train_rows") == 50
    assert all_rows.dataset.option("train_rows") is None
    assert build.dataset(by_file.dataset).train_rows == 200


def test_rows_are_drawn_by_the_seed():
    data = data_of("dataset=digits", "dataset.train_rows=40")
    whole = data_of("dataset=digits")
    first, again, other = (set(split(data, seed, *SIZES).train) for seed in (3, 3, 4))
    assert first == again
    assert first != other & set(split(whole, 3, *SIZES).train)
    # Of a permutation, so that no row is more likely to stay than another.
    kept = np.concatenate([split(data, seed, *SIZES).train for seed in range(40)])
    assert len(set(kept)) > 1000


@pytest.mark.parametrize("count", [4, 5, 11, 60])
def test_every_class_keeps_a_row(count):
    y = np.repeat([0, 1, 2, 3], [500, 8, 6, 5])
    data = replace(classification("rare", np.zeros((len(y), 1)), y, "here"), train_rows=count)
    for seed in range(20):
        kept = y[split(data, seed, *SIZES).train]
        assert len(kept) == count
        assert set(kept) == {0, 1, 2, 3}


def test_own_test_set_stays_as_it_is():
    y = np.arange(200) % 2
    data = replace(classification("own", np.zeros((200, 1)), y, "here"), test_rows=50)
    few = split(replace(data, train_rows=9), 0, *SIZES)
    np.testing.assert_array_equal(few.test, np.arange(150, 200))
    assert (len(few.train), len(few.validation)) == (9, 15)


@pytest.mark.parametrize("target", [[], [f"dataset._target_={__name__}.waves"]])
@pytest.mark.parametrize("value", ["0", "-1", "1.5", "x", "true", "[3]", "''"])
def test_invalid_row_number_is_refused_before_loading(target, value):
    with pytest.raises(InvalidRunError) as refusal:
        nnbench.compose([*target, f"dataset.train_rows={value}"])
    message = str(refusal.value)
    assert re.fullmatch(
        r"dataset\.train_rows=.*: must be a whole number, 1 or more, or null for all", message
    )


@pytest.mark.parametrize(
    ("words", "allowed"),
    [
        (["dataset.train_rows=1259"], "1259: must be at most 1258, the rows of the training set"),
        (["dataset.train_rows=9"], "9: must be at least 10, one for each class"),
        (["dataset=moons", "dataset.train_rows=1e6"], "1000000: must be at most 700, the rows"),
        (
            [f"dataset._target_={__name__}.waves", "dataset.train_rows=211"],
            "211: must be at most 2",
        ),
    ],
)
def test_too_many_or_too_few_rows_are_refused(words, allowed):
    planned = plan([(nnbench.compose(words), [0, 1])], jobs=1)
    assert planned.work == []
    (error,) = {str(error) for error in planned.data_errors.values()}
    assert error.startswith(f"dataset.train_rows={allowed}")
    assert "\n" not in error
    with pytest.raises(ConfigError, match=rf"^{re.escape(error)}$"):
        nnbench.train(nnbench.compose([*words, "epochs=1"]))


@pytest.mark.parametrize("count", [0, -3, 2.5, "x"])
def test_rows_of_configuration_in_program_are_checked_too(count):
    config = nnbench.compose(["dataset=iris", "epochs=1"])
    options = {**(config.dataset.options or {}), "train_rows": count}
    dataset = replace(config.dataset, options=options)
    with pytest.raises(InvalidRunError, match=rf"^dataset\.train_rows={count}: must be a whole"):
        nnbench.train(replace(config, dataset=dataset))


def test_impossible_sizes_are_named_in_a_program():
    config = nnbench.compose(["dataset=iris", "epochs=1", "test_size=0.01"])
    with pytest.raises(ConfigError, match=r"^test_size=0\.01: no valid split of iris"):
        nnbench.train(config)


def test_all_rows_of_training_set_are_the_most():
    whole, all_rows = (
        split(data_of("dataset=wine", *rows), 0, *SIZES)
        for rows in ([], ["dataset.train_rows=124"])
    )
    np.testing.assert_array_equal(np.sort(whole.train), np.sort(all_rows.train))


def test_train_rows_are_a_setting_unless_null():
    usual, null, some, more = (
        nnbench.compose(["dataset=iris", *words])
        for words in ([], ["dataset.train_rows=null"], ["dataset.train_rows=20"],
                      ["dataset.train_rows=21.0"])
    )  # fmt: skip
    assert run_key(usual, "data") == run_key(null, "data")
    assert len({run_key(config, "data") for config in (usual, some, more)}) == 3
    assert "dataset.train_rows" not in usual.flat()
    assert some.flat()["dataset.train_rows"] == 20
    assert type(more.flat()["dataset.train_rows"]) is int


def test_sweep_over_training_rows_loads_the_data_once():
    sizes = [[], ["dataset.train_rows=30"], ["dataset.train_rows=60"]]
    configs = [nnbench.compose(["dataset=digits", *words]) for words in sizes]
    planned = plan([(config, [0]) for config in configs], jobs=1)
    assert [planned.dataset(config).train_rows for config in configs] == [0, 30, 60]
    assert len({id(data.x) for data in planned.data.values()}) == 1
    assert planned.runs == 3


def test_runs_train_and_scale_on_rows_they_keep():
    config = nnbench.compose(["dataset=diabetes", "dataset.train_rows=30", "batch_size=full"])
    data = build.dataset(config.dataset)
    configs = [config.repeated(seed) for seed in (0, 5)]
    batches = build.stack([settle_with_data(config, data) for config in configs], data).batches
    assert batches.train.shape == (2, 30)
    for run, seed in enumerate((0, 5)):
        rows = split(data, seed, config.validation_size, config.test_size).train
        np.testing.assert_allclose(batches.scaling(run).x_mean, data.x[rows].mean(axis=0))


def test_stacked_runs_are_the_runs_alone():
    words = ["dataset=digits", "dataset.train_rows=50", "epochs=3", "depth=1", "width=8"]
    configs = nnbench.compose_all([*words, "seeds=3"])
    stacked = nnbench.train_stack(configs)
    for config, result in zip(configs, stacked, strict=True):
        assert nnbench.train(config).final == result.final
