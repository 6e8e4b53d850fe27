"""The small real data sets that come with scikit-learn."""

from dataclasses import replace

from sklearn import datasets

from nnbench.data.dataset import Dataset, classification, regression

LOADERS = {
    "digits": (datasets.load_digits, classification),
    "digits_rows": (datasets.load_digits, classification),
    "iris": (datasets.load_iris, classification),
    "wine": (datasets.load_wine, classification),
    "breast_cancer": (datasets.load_breast_cancer, classification),
    "diabetes": (datasets.load_diabetes, regression),
    "linnerud": (datasets.load_linnerud, regression),
}

UCI = "CC BY 4.0 (UCI Machine Learning Repository)"
LICENCES = {
    **dict.fromkeys(("digits", "digits_rows", "iris", "wine", "breast_cancer"), UCI),
    "diabetes": "not stated (Efron et al. 2004, Least angle regression)",
    "linnerud": "not stated (Tenenhaus 1998, La régression PLS)",
}

SHAPES = {"digits": (8, 8, 1), "digits_rows": (8, 8)}
"""Of one example, where it is more than a row of a table."""


def load(name: str) -> Dataset:
    """The bundled data set of that name. Raises ValueError if there is none."""
    if name not in LOADERS:
        raise ValueError(f"name={name}: must be one of {', '.join(LOADERS)}")
    loader, make = LOADERS[name]
    bunch = loader()
    x, y = bunch.data, bunch.target
    shape = SHAPES.get(name, x.shape[1:])
    made = make(name, x.reshape(-1, *shape), y, f"sklearn.datasets.{loader.__name__}")
    names = tuple(map(str, bunch.target_names)) if made.classes else ()
    return replace(made, licence=LICENCES[name], class_names=names)
