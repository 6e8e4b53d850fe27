"""Stored references, and their completeness."""

import json

import numpy as np
import pytest

from nnbench.verification.references import DIRECTORY, FILES, read
from tests.build_small import options

PATHS = sorted(DIRECTORY.glob("*.npz"))


def test_references_are_small():
    assert sum(path.stat().st_size for path in PATHS) < 640_000


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_references_name_what_made_them(path):
    with np.load(path) as file:
        versions = json.loads(str(file["versions"]))

    assert {"torch", "numpy"} <= set(versions)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_cases_are_of_options_that_exist(path):
    _, cases = read(path.stem)

    of_file = [group for group, files in FILES.items() if path.stem in files][:1]
    for case in cases.values():
        (group,) = [case["group"]] if "group" in case else of_file
        # What is done to a gradient is no option of a group, but keys of its own.
        assert group == "gradient" or case["option"] in options(group)


def test_trajectories_differ_from_each_other():
    """So that none can stand in for another."""
    arrays, cases = read("optimizers")

    ends = {arrays[case][-1].round(6).tobytes() for case in cases}

    # Without weight decay, where it is decoupled makes no difference.
    twins = [case for case in cases if case.startswith("adamw") and case.endswith(" 0.0")]
    assert len(ends) == len(cases) - len(twins)
    assert arrays["steps"].max() >= 100
