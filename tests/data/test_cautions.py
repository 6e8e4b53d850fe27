"""Cautions about splits, printed before training."""

from dataclasses import replace

import numpy as np
import pytest

from nnbench.data.cautions import cautions, notes
from nnbench.data.dataset import Dataset, classification, regression
from nnbench.track.inputs import as_source
from nnbench.track.read_runs import sizes
from tests.build_small import repeats, run

SEEDS = range(6)


def cautions_of(data, seeds=SEEDS):
    return list(cautions(data, list(seeds), 0.1, 0.2))


def numbers(y):
    return regression("numbers", np.zeros((len(y), 1)), np.asarray(y), "here")


def test_nothing_is_said_of_usual_data():
    assert cautions_of(numbers(np.arange(100))) == []
    assert (
        cautions_of(classification("classes", np.zeros((100, 1)), np.arange(100) % 4, "here")) == []
    )


def test_one_row_chooses_nothing():
    (note,) = [note for note in cautions_of(numbers(np.arange(10.0))) if "validation" in note]
    assert note == "the validation set has 1 row, too few to choose epochs and settings by"


@pytest.mark.parametrize(("rows", "noted"), [(94, True), (96, False)])
def test_ten_rows_are_enough(rows, noted):
    """A tenth of them, rounded, is the validation set."""
    for data in (
        numbers(np.arange(rows)),
        classification("classes", np.zeros((rows, 1)), np.arange(rows) % 2, "here"),
    ):
        assert bool(cautions_of(data)) == noted


def test_equal_targets_are_counted_over_the_splits():
    y = np.zeros(60)
    y[::20] = 100.5
    notes = cautions_of(numbers(y))

    assert any(
        note.startswith("all test targets are equal in ") and "of 6 splits" in note
        for note in notes
    )


def test_equal_targets_are_found_despite_rounding():
    data = numbers([0.1] * 99 + [0.7])
    assert "all test targets are equal in 1 of 1 splits" in " ".join(cautions_of(data, [0]))


def test_classes_that_a_test_set_lacks_are_named():
    y = np.r_[np.arange(100) % 3, np.zeros(20, int)]
    data = Dataset("own", "classification", np.zeros((120, 1)), y, 3, test_rows=20)
    assert cautions_of(data) == ["the test set has no row of 2 of the 3 classes"]
    # For reports, which have no rows.
    profile = as_source(data).profile
    assert (data.untested_classes, sizes(profile)["untested_classes"]) == (2, 2)
    assert replace(data, test_rows=0).untested_classes == 0


def test_each_note_appears_once_under_its_data():
    config = run()
    data = replace(numbers(np.arange(9.0)), note="9 rows")
    expected = [
        "9 rows",
        "the validation set has 1 row, too few to choose epochs and settings by",
        "the test set has 2 rows, too few to compare networks by",
    ]

    configs = [*repeats(config, [0, 1]), *repeats(replace(config, validation_size=0.15), [0])]

    assert list(notes({repr(config.dataset): data}, configs)) == [("numbers", n) for n in expected]

    smaller = replace(config, dataset=replace(config.dataset, options={"train_rows": 2}))
    both = {repr(config.dataset): data, repr(smaller.dataset): replace(data, train_rows=2)}
    assert list(notes(both, [*configs, smaller])) == [("numbers", n) for n in expected]
