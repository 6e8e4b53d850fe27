"""The scales of one run: what its network sees of raw inputs, and what its outputs say."""

from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Array


@dataclass(frozen=True)
class Scaling:
    """Inputs as `Batches` hands them to a run, bit for bit, and its outputs in the data's units.

    All are plain arrays; those of the targets are 0 and 1 where there are classes.
    """

    x_centre: Array
    """(features,): mean of all rows, as `x_spread` is their standard deviation."""
    x_spread: Array
    x_mean: Array
    """(1, *in_shape), of what is left: mean of the run's training part, and one by its standard
    deviation, or 0."""
    x_factor: Array
    y_centre: Array
    """(outputs,): what an output of 0 says."""
    y_unit: Array
    """(outputs,): what one unit of an output says."""

    def inputs(self, x: Array) -> Array:
        """What the network sees of raw rows (rows, *in_shape); of a missing number, the mean."""
        seen = ((x - self.x_centre) / self.x_spread).astype(self.x_mean.dtype)
        seen -= self.x_mean
        seen *= self.x_factor
        seen[np.isnan(seen)] = 0
        return seen

    def targets(self, outputs: Array) -> Array:
        """What outputs (rows, outputs) say, in the units of the data."""
        return outputs.astype(np.float64) * self.y_unit + self.y_centre
