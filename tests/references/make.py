"""Makes the reference figures of `verify`, with other implementations.

    python -m tests.references.make

The files that are stored were made with PyTorch 2.13.0 (CPU), NumPy 2.4.6, optax 0.2.8 and JAX
0.10.2; each holds the versions that made it. Everything is float64, but for extremes.npz.

`cases` in each file is JSON: for every name of an array, the option of conf/ and its settings.
"""

from tests.references import (
    elementwise,
    extremes,
    layered,
    lbfgs,
    networks,
    optimizers,
    schedules,
    trainings,
)

if __name__ == "__main__":
    for maker in (
        elementwise, optimizers, schedules, layered, lbfgs, trainings, networks, extremes
    ):  # fmt: skip
        maker.main()
