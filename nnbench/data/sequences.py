"""Sequences and signals: what has to be remembered for how long is theirs to set.

No two rows are the same, so that none can be known by heart.
"""

from collections.abc import Callable, Mapping
from math import comb
from typing import Annotated, Any

import numpy as np

from nnbench.allowed import checked, whole
from nnbench.data.dataset import Dataset, classification, regression
from nnbench.data.ladder import (
    Count,
    Samples,
    Share,
    Spread,
    different_bits,
    flipped,
    require_enough,
)
from nnbench.data.memory_needed import require_room
from nnbench.data.pool import Seed, from_pool
from nnbench.engine.arrays import Array

MOST_SYMBOLS = 30_000_000
"""Symbols of all words together: half a minute's work."""

FEW_PAIRS = 60
"""Pairs of brackets beyond which there are more words than any number of samples."""


@from_pool(most=lambda options: 2 ** options["steps"])
@checked
def temporal_parity(
    name: str, samples: Samples, data_seed: Seed, steps: Count, noise: Share
) -> Dataset:
    """Parity over time: 1 if an odd number of all steps is 1, the others being -1.

    `noise` is the share of labels that are wrong.
    """
    require_room(samples, steps, samples=samples, steps=steps)
    rng = np.random.default_rng(data_seed)
    bits = different_bits(rng, samples, steps)
    labels = flipped(rng, bits.sum(axis=1) % 2, noise)
    source = "nnbench.data.sequences.temporal_parity"
    return classification(name, 2.0 * bits[..., None] - 1, labels, source)


@from_pool()
@checked
def adding(
    name: str, samples: Samples, data_seed: Seed, steps: Annotated[int, whole(2)], noise: Spread
) -> Dataset:
    """The sum of two numbers from 0 to 1, one in each half of the steps.

    A second input marks them with a 1. `noise` is the standard deviation of what is added to sums.
    Hochreiter & Schmidhuber (1997).
    """
    require_room(samples, 2 * steps, samples=samples, steps=steps)
    rng = np.random.default_rng(data_seed)
    x = np.zeros((samples, steps, 2))
    x[..., 0] = rng.uniform(0, 1, (samples, steps))
    rows, half = np.arange(samples), steps // 2
    marked = (rng.integers(half, size=samples), rng.integers(half, steps, size=samples))
    for step in marked:
        x[rows, step, 1] = 1
    y = np.sum([x[rows, step, 0] for step in marked], axis=0) + noise * rng.normal(size=samples)
    return regression(name, x, y, "nnbench.data.sequences.adding")


@from_pool(most=lambda options: 2 ** options["length"])
@checked
def copy(
    name: str, samples: Samples, data_seed: Seed, length: Count, gap: Count, noise: Spread
) -> Dataset:
    """Tell, after a `gap` of nothing, the `length` bits of -1 and 1 that were shown at first.

    A second input is 1 at the last step (Hochreiter & Schmidhuber 1997, Arjovsky et al. 2016; here
    all bits are told at once). `noise` is the standard deviation of what is added to bits as they
    are shown.
    """
    require_room(samples, 3 * length + 2 * gap, samples=samples, length=length, gap=gap)
    rng = np.random.default_rng(data_seed)
    bits = 2.0 * different_bits(rng, samples, length) - 1
    x = np.zeros((samples, length + gap, 2))
    x[:, :length, 0] = bits + noise * rng.normal(size=bits.shape)
    x[:, -1, 1] = 1
    return regression(name, x, bits, "nnbench.data.sequences.copy")


def most_words(options: Mapping[str, Any]) -> int:
    """Number of words that are drawn in a second, or there are enough of."""
    few: int = 1_000_000 // options["length"]
    return min(few, balanced_words(options["kinds"], options["length"]))


@from_pool(most=most_words)
@checked
def dyck(
    name: str,
    samples: Samples,
    data_seed: Seed,
    kinds: Count,
    length: Annotated[int, whole(2)],
    noise: Share,
) -> Dataset:
    """Balanced brackets of some kinds: 1 for balanced words, 0 for words with a single error.

    Words have `length` symbols, each an input of its own: the opening ones, then the closing
    (Chomsky & Schutzenberger 1963). `noise` is the share of labels that are wrong.
    """
    if length % 2:
        raise ValueError(f"length={length}: must be even, since every bracket has its other half")
    sizes = {"samples": samples, "kinds": kinds, "length": length}
    # One-hot, by way of a matrix with a one for each symbol.
    require_room(samples + 2 * kinds, 2 * kinds * length, **sizes)
    if samples * length > MOST_SYMBOLS:
        allowed = f"must be at most {MOST_SYMBOLS // samples} with samples={samples}"
        raise ValueError(f"length={length}: {allowed}, since symbols are drawn one by one")
    # Of the balanced ones, half of which are enough to be found by drawing.
    require_enough(samples, balanced_words(kinds, length))
    rng = np.random.default_rng(data_seed)
    words = different_words(rng, samples, kinds, length)
    labels = flipped(rng, np.arange(samples) % 2, noise)
    x = np.eye(2 * kinds)[words]
    return classification(name, x, labels, "nnbench.data.sequences.dyck")


def balanced_words(kinds: int, length: int) -> int:
    """Number of balanced words, or of more than anybody can ask for."""
    pairs = min(length // 2, FEW_PAIRS)
    words: int = comb(2 * pairs, pairs) // (pairs + 1) * kinds**pairs
    return words


def different_words(rng: np.random.Generator, count: int, kinds: int, length: int) -> Array:
    """Words (count, length), no two of which are the same: a near miss, then a balanced one."""
    words: dict[tuple[int, ...], Array] = {}
    while len(words) < count:
        symbols = word(rng, kinds, length)
        if len(words) % 2 == 0:
            symbols = near_miss(rng, symbols, kinds)
        words.setdefault(tuple(symbols.tolist()), symbols)
    return np.stack(list(words.values()))


def word(rng: np.random.Generator, kinds: int, length: int) -> Array:
    """A balanced word, (length,): kind of an opening bracket, or `kinds` more of a closing one."""
    symbols, open_kinds = np.empty(length, int), list[int]()
    for place in range(length):
        must_open, must_close = not open_kinds, len(open_kinds) == length - place
        if must_open or (not must_close and rng.integers(2)):
            open_kinds.append(int(rng.integers(kinds)))
            symbols[place] = open_kinds[-1]
        else:
            symbols[place] = kinds + open_kinds.pop()
    return symbols


def near_miss(rng: np.random.Generator, symbols: Array, kinds: int) -> Array:
    """A balanced word with a closing bracket of another kind, or with two symbols exchanged."""
    while True:
        wrong = symbols.copy()
        if kinds > 1 and rng.integers(2):
            place = rng.choice(np.flatnonzero(symbols >= kinds))
            wrong[place] = kinds + (symbols[place] - kinds + rng.integers(1, kinds)) % kinds
        else:
            places = rng.choice(len(symbols), 2, replace=False)
            wrong[places] = symbols[places[::-1]]
        if not balanced(wrong, kinds):
            return wrong


def balanced(symbols: Array, kinds: int) -> bool:
    """True if every bracket is closed by one of its kind, in the right order."""
    open_kinds = list[int]()
    for symbol in symbols.tolist():
        if symbol < kinds:
            open_kinds.append(symbol)
        elif not open_kinds or open_kinds.pop() != symbol - kinds:
            return False
    return not open_kinds


@from_pool()
@checked
def waveforms(
    name: str,
    samples: Samples,
    data_seed: Seed,
    steps: Annotated[int, whole(4)],
    periods: Spread,
    noise: Spread,
) -> Dataset:
    """Sine, square, triangle or sawtooth, at any phase and at half to one and a half the pitch.

    About so many `periods` are heard; `noise` is the standard deviation of what is added to waves
    of a power of 1.
    """
    require_room(samples, steps, samples=samples, steps=steps)
    rng = np.random.default_rng(data_seed)
    labels = np.arange(samples) % len(WAVES)
    pitch = periods * rng.uniform(0.5, 1.5, (samples, 1))
    phase = (pitch * np.arange(steps) / steps + rng.uniform(0, 1, (samples, 1))) % 1
    x = np.empty_like(phase)
    for label, wave in enumerate(WAVES):
        x[labels == label] = wave(phase[labels == label])
    x = x + noise * rng.normal(size=x.shape)
    return classification(name, x[..., None], labels, "nnbench.data.sequences.waveforms")


WAVES: tuple[Callable[[Array], Array], ...] = (
    lambda t: np.sqrt(2) * np.sin(2 * np.pi * t),
    lambda t: np.where(t < 0.5, 1.0, -1.0),
    lambda t: np.sqrt(3) * (1 - 4 * np.abs(t - 0.5)),
    lambda t: np.sqrt(3) * (2 * t - 1),
)
"""Waves over the share of a period that has passed; each has a mean square of 1."""
