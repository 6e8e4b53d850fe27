"""The scales of one run: raw inputs as its network sees them, and its outputs in raw units."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nnbench.engine.arrays import Array


@dataclass(frozen=True)
class Scaling:
    """Inputs as `Batches` hands them to a run, bit for bit, and its outputs in the data's units.

    All are float64; those of the targets are 0 and 1 where there are classes.
    """

    x_mean: Array
    """(features,): mean of the run's training set."""
    x_std: Array
    """(features,): its standard deviation; infinite where the training set is constant."""
    y_mean: Array
    """(outputs,): what an output of 0 says."""
    y_std: Array
    """(outputs,): what one unit of an output says."""

    def inputs(self, x: Array, dtype: npt.DTypeLike) -> Array:
        """Raw rows (rows, *in_shape) as the network sees them; a missing number is the mean."""
        # A constant feature is zero, not left unscaled as by scikit-learn: on digits some test rows
        # would be 42 standard deviations away in such a column.
        with np.errstate(over="ignore", invalid="ignore"):
            scaled = ((x - self.x_mean) / self.x_std).astype(dtype)
        scaled[np.isnan(scaled)] = 0
        return scaled

    def targets(self, outputs: Array) -> Array:
        """Outputs (rows, outputs) in the units of the data."""
        return outputs.astype(np.float64) * self.y_std + self.y_mean


def as_scaling(arrays: Mapping[str, Array]) -> Scaling:
    """The scales that a model keeps, by name, also as engines up to 6 kept them.

    Those standardised twice: with the moments of all rows first, (features,), then with those of
    the training set at every place, (1, *in_shape). Raises TypeError or KeyError for other names.
    """
    if "x_centre" not in arrays:
        return Scaling(**arrays)
    centre, spread = arrays["x_centre"], arrays["x_spread"]
    mean, factor = (arrays[name].reshape(-1, len(centre))[0] for name in ("x_mean", "x_factor"))
    with np.errstate(divide="ignore"):
        std = spread / factor.astype(np.float64)
    return Scaling(centre + spread * mean, std, arrays["y_centre"], arrays["y_unit"])
