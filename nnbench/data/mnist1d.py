"""MNIST-1D: signals of ten classes, small, on which the kind of network and its depth matter."""

from dataclasses import replace

import numpy as np

from nnbench.allowed import checked
from nnbench.data.dataset import Dataset, classification
from nnbench.data.ladder import Samples, Spread
from nnbench.data.memory_needed import require_room
from nnbench.data.pool import Seed, from_pool
from nnbench.engine.arrays import Array

TEMPLATES = np.array([
    [5, 6, 6.5, 6.75, 7, 7, 7, 7, 6.75, 6.5, 6, 5],
    [5, 3, 3, 3.4, 3.8, 4.2, 4.6, 5, 5.4, 5.8, 5, 5],
    [5, 6, 6.5, 6.5, 6, 5.25, 4.75, 4, 3.5, 3.5, 4, 5],
    [5, 6, 6.5, 6.5, 6, 5, 5, 6, 6.5, 6.5, 6, 5],
    [5, 4.4, 3.8, 3.2, 2.6, 2.6, 5, 5, 5, 5, 5, 5],
    [5, 3, 3, 3, 3, 5, 6, 6.5, 6.5, 6, 4.5, 5],
    [5, 4, 3.5, 3.25, 3, 3, 3, 3, 3.25, 3.5, 4, 5],
    [5, 7, 7, 6.6, 6.2, 5.8, 5.4, 5, 4.6, 4.2, 5, 5],
    [5, 4, 3.5, 3.5, 4, 5, 5, 4, 3.5, 3.5, 4, 5],
    [5, 4, 3.5, 3.5, 4, 5, 5, 5, 5, 4.7, 4.3, 5],
])  # fmt: skip
"""A pen stroke of each digit, (classes, points)."""

PADDING = (36, 60)
"""Fewest and most zeros behind a stroke, before all is stretched to the same length."""

LENGTH = TEMPLATES.shape[1] + PADDING[1]
"""Steps of a signal while it is distorted."""

STEPS = 40
"""Steps of a signal as it is given."""

SCALE, SHIFT, SHEAR = 0.4, 48, 0.75
"""Range of the height, steps by which a stroke is moved at most (exclusive), range of the slope."""

SMOOTH_NOISE, WHITE_NOISE = 0.25, 0.02
"""Standard deviation of the noise before smoothing, which fills what is not stroke, and of the
noise on every step."""

SIGMA = 2
"""Steps over which the first is smoothed."""


@from_pool()
@checked
def mnist1d(name: str, samples: Samples, data_seed: Seed, noise: Spread, shuffled: bool) -> Dataset:
    """Strokes of ten digits, stretched, moved, sheared and noisy: (40, 1).

    After Greydanus & Kobak (2024), Scaling down deep learning with MNIST-1D; with `samples` 5000
    and `data_seed` 42 their arrays, to the bit. Both kinds of noise are multiplied by `noise`, 1
    as published. With `shuffled` the steps of all signals are in the same random order, so that
    neighbours say nothing of each other.
    """
    # Beside the rows, the signals of one class while they are distorted.
    require_room(samples, STEPS + LENGTH / 4, samples=samples)
    # The published generator, since other streams would give other signals.
    rng = np.random.RandomState(data_seed)
    labels = np.sort(np.arange(samples) % len(TEMPLATES))
    counts = np.bincount(labels)
    x = np.concatenate([
        signals(rng, stroke, count, noise) for stroke, count in zip(strokes(), counts, strict=True)
    ])  # fmt: skip
    order = rng.permutation(samples)
    x, labels = x[order], labels[order]
    if shuffled:
        x = x[..., rng.permutation(STEPS)]
    x = (x - x.mean()) / x.std()
    data = classification(name, x[..., None], labels, "nnbench.data.mnist1d.mnist1d")
    return replace(data, licence="Apache 2.0 (Greydanus & Kobak 2024, MNIST-1D)")


def strokes() -> Array:
    """The templates with a standard deviation of 1/6, beginning and ending at 0."""
    x = TEMPLATES - TEMPLATES.mean(axis=1, keepdims=True)
    x /= x.std(axis=1, keepdims=True)
    strokes: Array = (x - x[:, :1]) / 6
    return strokes


def signals(rng: np.random.RandomState, stroke: Array, count: int, noise: float) -> Array:
    """`count` signals of a stroke, (count, steps)."""
    from scipy.ndimage import gaussian_filter1d

    smooth, white = np.empty((2, count, LENGTH))
    zeros, height, shift, slope = np.empty((4, count))
    low, high = PADDING
    for row in range(count):
        # One by one, in the order of the published program.
        zeros[row] = low + int(rng.rand() * (high - low + 1))
        height[row] = 1 + SCALE * (rng.rand() - 0.5)
        shift[row] = rng.randint(SHIFT)
        smooth[row] = rng.randn(LENGTH)
        white[row] = rng.randn(LENGTH)
        slope[row] = SHEAR * (rng.rand() - 0.5)
    # What is exactly 0 behind the stroke tells where noise goes, so no point of it may be.
    x = np.empty((count, LENGTH))
    for padding in np.unique(zeros):
        stretched = resampled(np.append(stroke + 1e-8, np.zeros(int(padding)))[None], LENGTH)
        x[zeros == padding] = stretched
    x *= height[:, None]
    places = (np.arange(LENGTH) - shift[:, None].astype(int)) % LENGTH
    x = np.take_along_axis(x, places, axis=1)
    is_stroke = x != 0
    smooth = gaussian_filter1d(SMOOTH_NOISE * noise * smooth, SIGMA, axis=1)
    x = np.where(is_stroke, x, smooth) + WHITE_NOISE * noise * white
    return resampled(x - slope[:, None] * np.linspace(-0.5, 0.5, LENGTH), STEPS)


def resampled(x: Array, steps: int) -> Array:
    """Rows (rows, points) on a grid of `steps` points, linearly interpolated."""
    old, new = np.linspace(0, 1, x.shape[1]), np.linspace(0, 1, steps)
    index = np.clip(np.searchsorted(old, new, side="right") - 1, 0, len(old) - 2)
    slopes = (x[:, index + 1] - x[:, index]) / (old[index + 1] - old[index])
    values: Array = slopes * (new - old[index]) + x[:, index]
    values[:, -1] = x[:, -1]
    return values
