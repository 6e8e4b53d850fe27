"""The small real data sets that come with scikit-learn."""

from dataclasses import replace

from nnbench.data.dataset import Dataset, classification, regression

LOADERS = {
    "digits": ("load_digits", classification),
    "digits_200": ("load_digits", classification),
    "digits_rows": ("load_digits", classification),
    "iris": ("load_iris", classification),
    "wine": ("load_wine", classification),
    "breast_cancer": ("load_breast_cancer", classification),
    "diabetes": ("load_diabetes", regression),
    "linnerud": ("load_linnerud", regression),
}

UCI = "CC BY 4.0 (UCI Machine Learning Repository)"
LICENCES = {
    **dict.fromkeys(("digits", "digits_200", "digits_rows"), UCI),
    **dict.fromkeys(("iris", "wine", "breast_cancer"), UCI),
    "diabetes": "not stated (Efron et al. 2004, Least angle regression)",
    "linnerud": "not stated (Tenenhaus 1998, La régression PLS)",
}

SHAPES = {"digits": (8, 8, 1), "digits_200": (8, 8, 1), "digits_rows": (8, 8)}
"""Shape of one example, where it is more than a row of a table."""


def load(name: str) -> Dataset:
    """The bundled data set of that name. Raises ValueError if there is none."""
    if name not in LOADERS:
        raise ValueError(f"name={name}: must be one of {', '.join(LOADERS)}")
    # A second to load, which a configuration that is only checked need not wait for.
    from sklearn import datasets

    loader, make = LOADERS[name]
    bunch = getattr(datasets, loader)()
    x, y = bunch.data, bunch.target
    shape = SHAPES.get(name, x.shape[1:])
    data = make(name, x.reshape(-1, *shape), y, f"sklearn.datasets.{loader}")
    names = tuple(map(str, bunch.target_names)) if data.classes else ()
    return replace(data, licence=LICENCES[name], class_names=names)
