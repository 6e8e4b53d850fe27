"""The course of every optimizer on a small network, against another implementation's."""

from functools import partial

import numpy as np
import pytest

from nnbench.optim import ahead
from nnbench.verification.references import FILES, course, read
from tests.build_small import component, options


def courses_of(optimizer):
    """Asks for the course of a stack of cases of an optimizer; all cases; what is expected."""
    for file in FILES["optimizer"]:
        arrays, options_of = read(file)
        cases = [case for case in options_of.values() if case["option"] == optimizer]
        if cases:
            expected = np.stack([arrays[case["name"]] for case in cases], axis=1)
            return partial(course, file, component("optimizer", optimizer)), cases, expected
    raise AssertionError(f"{optimizer} has no trajectory yet; add one to tests/references")


@pytest.mark.parametrize("optimizer", options("optimizer"))
def test_optimizer_takes_the_course_of_its_reference(optimizer):
    """Stack whose runs differ in learning rate, weight decay and hyperparameters."""
    course_of, cases, expected = courses_of(optimizer)

    np.testing.assert_allclose(course_of(cases), expected, rtol=1e-10)


@pytest.mark.parametrize("optimizer", options("optimizer"))
def test_trajectory_continues_beyond_precomputed_tables(optimizer, monkeypatch):
    course_of, cases, _ = courses_of(optimizer)
    expected = course_of(cases)

    monkeypatch.setattr(ahead, "STEPS_AHEAD", 7)

    np.testing.assert_allclose(course_of(cases), expected, rtol=1e-10)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", options("optimizer"))
def test_run_takes_its_own_course_in_a_stack(optimizer, dtype):
    course_of, cases, _ = courses_of(optimizer)

    together = course_of(cases, dtype)

    for position, case in enumerate(cases):
        np.testing.assert_array_equal(course_of([case], dtype)[:, 0], together[:, position])


def test_every_optimizer_is_compared():
    cases = [case for file in FILES["optimizer"] for case in read(file)[1].values()]

    assert {case["option"] for case in cases} == set(options("optimizer"))
