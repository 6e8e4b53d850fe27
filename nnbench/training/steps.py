"""The steps of an epoch: which rows, with what rate, into what average."""

from collections.abc import Iterator

import numpy as np

from nnbench.engine.arrays import Array
from nnbench.training.state import Step, Training


def steps_of(training: Training, epoch: int) -> Iterator[Step]:
    """The steps of an epoch, with its rows in an order that is drawn for it.

    Observed are its last step on a whole batch and, for epoch 0, the very first of all.
    """
    rates, weights = rates_of(training, epoch), average_weights(training, epoch)
    order = np.stack(
        [
            training.streams["order"][run].permutation(rows)
            for run, rows in zip(training.active, training.batches.train, strict=True)
        ]
    )
    batch, done = training.batch, (epoch - 1) * training.steps
    count = order.shape[1] // batch
    whole = order[:, : count * batch].reshape(-1, count, batch).swapaxes(0, 1)
    batches = [(training.whole, rows) for rows in np.ascontiguousarray(whole)]
    if training.remainder is not None:
        batches.append((training.remainder, order[:, count * batch :]))
    for number, (passes, rows) in enumerate(batches):
        t = done + number + 1
        shows = (0,) * (t == 1) + (epoch,) * (number == count - 1)
        weight = weights[number] if weights is not None else None
        yield Step(passes, rows, rates[number], weight, t, shows)


def rates_of(training: Training, epoch: int) -> Array:
    """The learning rate of each active run at each step of an epoch, (steps, active, 1)."""
    total = training.epochs * training.steps
    steps = np.arange((epoch - 1) * training.steps, epoch * training.steps)
    losses = training.recorder.curves["validation_loss"][:, 1:epoch]
    rates = []
    for run in training.active:
        config, schedule = training.stack.configs[run], training.stack.schedules[run]
        measured = schedule.after_epochs(losses[run], training.epochs)
        rates.append(config.rate * schedule(steps, total) * measured)
    return np.stack(rates, axis=1)[..., None].astype(training.batches.dtype)


def average_weights(training: Training, epoch: int) -> Array | None:
    """Weights of the parameters of each active run in their average, as `rates_of`."""
    steps = np.arange((epoch - 1) * training.steps, epoch * training.steps)
    weights = [average(steps, training.steps, training.epochs) for average in training.averages]
    if not weights:
        return None
    return np.stack(weights, axis=1)[..., None].astype(training.batches.dtype)
