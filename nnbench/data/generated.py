"""Data sets that scikit-learn generates, of any size and noise."""

from typing import Any

from sklearn import datasets

from nnbench.data.dataset import Dataset, classification, regression

GENERATORS = {
    "make_moons": classification,
    "make_circles": classification,
    "make_blobs": classification,
    "make_classification": classification,
    "make_gaussian_quantiles": classification,
    "make_hastie_10_2": classification,
    "make_regression": regression,
    "make_friedman1": regression,
    "make_friedman2": regression,
    "make_friedman3": regression,
    "make_swiss_roll": regression,
    "make_s_curve": regression,
}


def generate(name: str, generator: str, samples: int, data_seed: int, **options: Any) -> Dataset:
    """`samples` points of scikit-learn's `generator`, which `options` are handed to."""
    if generator not in GENERATORS:
        raise ValueError(f"generator={generator}: must be one of {', '.join(GENERATORS)}")
    make = getattr(datasets, generator)
    x, y = make(n_samples=samples, random_state=data_seed, **options)
    return GENERATORS[generator](name, x, y, f"sklearn.datasets.{generator}")
