"""Data sets that scikit-learn generates, of any size and noise."""

from typing import Annotated, Any

from nnbench.allowed import checked, one_of, whole
from nnbench.data.dataset import Dataset, classification, regression
from nnbench.data.memory_needed import require_room
from nnbench.data.pool import Seed, from_pool

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

MOST_FEATURES = 10
"""Features of the generators without an option for them."""

BESIDE = ("centers", "n_classes", "n_clusters_per_class", "n_targets", "n_informative")
"""Options that say how many rows of numbers a generator draws beside the samples."""


@from_pool()
@checked
def generate(
    name: str,
    generator: Annotated[str, one_of(GENERATORS)],
    samples: Annotated[int, whole(1)],
    data_seed: Seed,
    **options: Any,
) -> Dataset:
    """`samples` points of scikit-learn's `generator`, called with `options`."""
    # Its class centres, directions and targets are so many rows of numbers as well.
    sizes = {"samples": samples, **{k: v for k, v in options.items() if type(v) is int and v > 0}}
    features = sizes.get("n_features", MOST_FEATURES) + sizes.get("n_targets", 1)
    beside = sum(sizes.get(key, 0) for key in BESIDE)
    require_room(samples + beside, features, **sizes)
    # A second to load, which a configuration that is only checked need not wait for.
    from sklearn import datasets

    make = getattr(datasets, generator)
    x, y = make(n_samples=samples, random_state=data_seed, **options)
    return GENERATORS[generator](name, x, y, f"sklearn.datasets.{generator}")
