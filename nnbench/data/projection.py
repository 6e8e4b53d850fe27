"""Tables of many columns, as two."""

from sklearn.decomposition import PCA
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nnbench.engine.arrays import Array


def two_components(x: Array) -> Array:
    """The first two principal components of the standardised columns, (rows, 2)."""
    steps = SimpleImputer(keep_empty_features=True), StandardScaler(), PCA(2, random_state=0)
    components: Array = make_pipeline(*steps).fit_transform(x)
    return components
