"""Writes a file of reference figures."""

import json

import numpy as np
import torch

from nnbench.verification.references import DIRECTORY

VERSIONS = {"torch": torch.__version__, "numpy": np.__version__}


def save(name, cases, arrays, versions=VERSIONS):
    """Write one file."""
    path = DIRECTORY / f"{name}.npz"
    # Names such as "step, small" are fine for cases, less so for members of an archive.
    numbered = {f"case{i}": arrays.pop(case) for i, case in enumerate(cases)}
    listed = {f"case{i}": {"name": case, **cases[case]} for i, case in enumerate(cases)}
    np.savez_compressed(
        path, versions=json.dumps(versions), cases=json.dumps(listed), **numbered, **arrays
    )
