"""Stores a sample of MNIST-1D as the published program makes it.

    pip install --no-deps mnist1d && python -m tests.references.mnist1d

It needs matplotlib and requests too. tests/data/mnist1d.npz was made with mnist1d 0.0.2.post1,
NumPy 2.4.6 and SciPy 1.17.1.
"""

from pathlib import Path

import numpy as np

FILE = Path(__file__).parents[1] / "data" / "mnist1d.npz"
ROWS = 12
"""Signals of the sample: the first ones and the last ones."""


def main():
    """Write the file."""
    # Only needed here, and in no list of dependencies.
    from mnist1d.data import get_dataset_args, make_dataset

    arrays = {}
    for kind in ("plain", "shuffled"):
        settings = get_dataset_args()
        settings.shuffle_seq = kind == "shuffled"
        published = make_dataset(settings)
        x = np.concatenate([published["x"], published["x_test"]])
        arrays[kind] = np.concatenate([x[:ROWS], x[-ROWS:]])
        arrays[f"{kind}_sums"] = x.sum(axis=0)
        arrays["labels"] = np.concatenate([published["y"], published["y_test"]]).astype(np.uint8)
    np.savez_compressed(FILE, **arrays)


if __name__ == "__main__":
    main()
