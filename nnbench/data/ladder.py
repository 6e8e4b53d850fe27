"""The depth ladder: functions of which theory says how much depth is worth for them."""

from functools import reduce
from typing import Annotated, TypeAlias

import numpy as np

from nnbench.allowed import NOT_NEGATIVE, SHARE, checked, whole
from nnbench.data.dataset import Dataset, classification, regression
from nnbench.data.memory_needed import require_room
from nnbench.data.pool import Seed, from_pool
from nnbench.engine.arrays import Array

FEWEST = 10
"""Fewest rows that can be split into three sets."""

DEEPEST = 1000
"""Hidden layers of a teacher, at most: each takes its time for every row."""

STEEPEST = 20
"""Folds, at most: numbers of float32 are hardly closer to each other than slopes would be."""

Samples: TypeAlias = Annotated[int, whole(FEWEST)]
Count: TypeAlias = Annotated[int, whole(1)]
Share: TypeAlias = Annotated[float, SHARE]
Spread: TypeAlias = Annotated[float, NOT_NEGATIVE]


@from_pool(most=lambda options: 2 ** (options["bits"] + options["distractors"]))
@checked
def parity(
    name: str,
    samples: Samples,
    data_seed: Seed,
    bits: Count,
    distractors: Annotated[int, whole(0)],
    noise: Share,
) -> Dataset:
    """Parity: 1 if an odd number of the first `bits` inputs is 1, the others being -1.

    `distractors` inputs say nothing, and `noise` is the share of labels that are wrong. No two rows
    are the same, so that none can be known by heart.
    """
    inputs = bits + distractors
    require_room(samples, inputs, samples=samples, bits=bits, distractors=distractors)
    rng = np.random.default_rng(data_seed)
    x = different_bits(rng, samples, inputs)
    labels = flipped(rng, x[:, :bits].sum(axis=1) % 2, noise)
    return classification(name, 2.0 * x - 1, labels, "nnbench.data.ladder.parity")


@from_pool()
@checked
def xor(name: str, samples: Samples, data_seed: Seed, noise: Spread) -> Dataset:
    """Exclusive or: 1 if one of two inputs is 1 and the other -1, each corner equally often.

    `noise` is the standard deviation of what points are off the corners.
    """
    require_room(samples, 2, samples=samples)
    rng = np.random.default_rng(data_seed)
    bits = (np.arange(samples)[:, None] >> np.arange(2)) & 1
    x = 2.0 * bits - 1 + noise * rng.normal(size=bits.shape)
    return classification(name, x, bits[:, 0] ^ bits[:, 1], "nnbench.data.ladder.xor")


@from_pool()
@checked
def sawtooth(
    name: str,
    samples: Samples,
    data_seed: Seed,
    folds: Annotated[int, whole(1, STEEPEST)],
    noise: Spread,
) -> Dataset:
    """A wave of 2^(folds - 1) teeth over the numbers from 0 to 1: the tent map, `folds` times.

    `noise` is the standard deviation of what is added; the teeth are 1 high.
    """
    require_room(samples, 2, samples=samples)
    rng = np.random.default_rng(data_seed)
    x = rng.uniform(0, 1, (samples, 1))
    y = reduce(lambda t, _: 1 - np.abs(1 - 2 * t), range(folds), x)
    y = y + noise * rng.normal(size=y.shape)
    return regression(name, x, y, "nnbench.data.ladder.sawtooth")


@from_pool()
@checked
def composition(
    name: str,
    samples: Samples,
    data_seed: Seed,
    levels: Annotated[int, whole(1, 10)],
    noise: Spread,
) -> Dataset:
    """A binary tree of h(a, b) = sin(2a - b + ab) over 2^levels numbers from -1 to 1.

    `noise` is the standard deviation of what is added.
    """
    require_room(samples, 2**levels, samples=samples)
    rng = np.random.default_rng(data_seed)
    x = y = rng.uniform(-1, 1, (samples, 2**levels))
    for _ in range(levels):
        a, b = y[:, ::2], y[:, 1::2]
        y = np.sin(2 * a - b + a * b)
    y = y + noise * rng.normal(size=y.shape)
    return regression(name, x, y, "nnbench.data.ladder.composition")


@from_pool()
@checked
def spirals(
    name: str,
    samples: Samples,
    data_seed: Seed,
    arms: Annotated[int, whole(2)],
    turns: Spread,
    noise: Spread,
) -> Dataset:
    """Arms of a spiral, a class each; `noise` is what points are off, the spiral's radius being 1.

    After Lang & Witbrock (1988), whose two arms make three turns.
    """
    require_room(samples, 2 + min(arms, samples), samples=samples, arms=arms)
    rng = np.random.default_rng(data_seed)
    labels = np.arange(samples) % arms
    # Points lie as close to each other outside as inside.
    radius = np.sqrt(rng.uniform(0.01, 1, samples))
    angle = 2 * np.pi * (turns * radius + labels / arms)
    x = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    x = x + noise * rng.normal(size=x.shape)
    return classification(name, x, labels, "nnbench.data.ladder.spirals")


@from_pool()
@checked
def checkerboard(
    name: str,
    samples: Samples,
    data_seed: Seed,
    cells: Annotated[int, whole(2)],
    dimensions: Count,
    noise: Share,
) -> Dataset:
    """Black or white on a board of `cells` a side; a share of labels, `noise`, is wrong."""
    require_room(samples, dimensions, samples=samples, dimensions=dimensions)
    rng = np.random.default_rng(data_seed)
    x = rng.uniform(0, 1, (samples, dimensions))
    labels = flipped(rng, np.floor(x * cells).astype(int).sum(axis=1) % 2, noise)
    return classification(name, x, labels, "nnbench.data.ladder.checkerboard")


@from_pool()
@checked
def deep_linear(
    name: str, samples: Samples, data_seed: Seed, features: Count, outputs: Count, noise: Spread
) -> Dataset:
    """Linear functions of normal inputs, whose strengths halve from one to the next.

    `noise` is the standard deviation of what is added; the strongest has a deviation of 1.
    """
    if outputs > features:
        raise ValueError(f"outputs={outputs}: must be at most features={features}")
    # Directions are a matrix beside the rows.
    require_room(samples + outputs, features + outputs, samples=samples, features=features)
    # Streams of their own: the function does not depend on the number of rows.
    teacher, rng = np.random.default_rng(data_seed).spawn(2)
    x = rng.normal(size=(samples, features))
    directions = np.linalg.qr(teacher.normal(size=(features, outputs)))[0]
    mixing = np.linalg.qr(teacher.normal(size=(outputs, outputs)))[0]
    y = x @ directions * 0.5 ** np.arange(outputs) @ mixing
    y = y + noise * rng.normal(size=y.shape)
    return regression(name, x, y, "nnbench.data.ladder.deep_linear")


@from_pool()
@checked
def deep_relu(
    name: str,
    samples: Samples,
    data_seed: Seed,
    features: Count,
    teacher_depth: Annotated[int, whole(1, DEEPEST)],
    teacher_width: Count,
    noise: Spread,
) -> Dataset:
    """Outputs of a random network of `teacher_depth` hidden relu layers for normal inputs.

    `noise` is the standard deviation of what is added to targets, which have a deviation of 1.
    """
    sizes = {"samples": samples, "features": features, "teacher_width": teacher_width}
    # Weights of a layer are a matrix beside the rows.
    require_room(samples + teacher_width, max(features, teacher_width), **sizes)
    # Streams of their own: the function does not depend on the number of rows.
    teacher, rng = np.random.default_rng(data_seed).spawn(2)
    x = y = rng.normal(size=(samples, features))
    for _ in range(teacher_depth):
        weights = teacher.normal(size=(y.shape[1], teacher_width)) * np.sqrt(2 / y.shape[1])
        y = np.maximum(y @ weights + 0.1 * teacher.normal(size=teacher_width), 0)
    y = y @ teacher.normal(size=(teacher_width, 1))
    y = (y - y.mean()) / (y.std() or 1)
    y = y + noise * rng.normal(size=y.shape)
    return regression(name, x, y, "nnbench.data.ladder.deep_relu")


def different_bits(rng: np.random.Generator, rows: int, bits: int) -> Array:
    """Rows of 0 and 1, (rows, bits), no two of which are the same."""
    require_enough(rows, 2**bits)
    if bits > 60:
        # More than a whole number can hold, and too many for any to come twice.
        return rng.integers(2, size=(rows, bits))
    inputs: Array = (distinct(rng, 2**bits, rows)[:, None] >> np.arange(bits)) & 1
    return inputs


def require_enough(samples: int, needed: int) -> None:
    """Raise ValueError for more rows than there are different ones."""
    if samples > needed:
        raise ValueError(f"samples={samples}: must be at most {needed}, as many as there are")


def distinct(rng: np.random.Generator, end: int, count: int) -> Array:
    """Different whole numbers below `end`, in random order."""
    if end <= 2**20:
        return rng.permutation(end)[:count]
    numbers = np.unique(rng.integers(end, size=2 * count))
    while len(numbers) < count:
        numbers = np.unique(np.concatenate([numbers, rng.integers(end, size=count)]))
    return rng.permutation(numbers)[:count]


def flipped(rng: np.random.Generator, labels: Array, share: float) -> Array:
    """The labels 0 and 1, a share of which are the other."""
    wrong: Array = rng.permutation(len(labels)) < round(share * len(labels))
    return labels ^ wrong
