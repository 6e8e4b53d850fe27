"""Batch normalisation."""

from math import prod

import numpy as np

from nnbench.allowed import ABOVE_ZERO, POSITIVE, require
from nnbench.engine.arrays import Array, Views, Workspace, zeros
from nnbench.engine.layers.layer import Layer, Plan, ones_then_zeros


class BatchNorm(Layer):
    """y = scale · (x − mean) / √(variance + epsilon) + shift, a mean and a variance a feature.

    Those of the batch while training, which the gradient flows through; afterwards running means,
    into which every batch goes with the share `momentum` (Ioffe & Szegedy 2015). A batch of a
    single number a feature has no variance: it is treated as after training. Features are the last
    axis. Where other parameters are evaluated than trained (lookahead, schedule-free), evaluation
    takes plain means over the training set with those instead. Reference: torch.nn.BatchNorm1d.
    """

    over_batch = True
    momentum: float

    def __init__(self, momentum: float = 0.1, epsilon: float = 1e-5) -> None:
        require("momentum", momentum, ABOVE_ZERO)
        require("epsilon", epsilon, POSITIVE)
        self.momentum, self.epsilon = momentum, epsilon

    def plan(self, in_shape: tuple[int, ...]) -> Plan:
        features = in_shape[-1]
        statistics = (0.0,) * features + (1.0,) * features
        return Plan(in_shape, ((features,), (features,)), ones_then_zeros, statistics)

    def bind(self, in_shape: tuple[int, ...], views: Views, work: Workspace) -> None:
        features, self.rows = in_shape[-1], work.batch * prod(in_shape[:-1])
        self.shape = (work.runs, self.rows, features)
        self.scale, self.dscale = views.parameter(1, features)
        self.shift, self.dshift = views.parameter(1, features)
        self.running_mean, self.running_variance = (views.statistic(1, features) for _ in range(2))
        self.normal, self.scratch = (
            zeros(self.shape, work.dtype),
            zeros(self.shape, work.dtype),
        )
        self.y = work.activations(in_shape)
        # Products with these take means and sums over the batch.
        self.mean_of = np.full((1, self.rows), 1 / self.rows, work.dtype)
        self.sum_of = np.ones((1, self.rows), work.dtype)

    def forward(self, x: Array, *, train: bool) -> Array:
        x, y = x.reshape(self.shape), self.y.reshape(self.shape)
        self.of_batch = train and self.rows > 1
        if self.of_batch:
            mean = self.mean_of @ x
            np.subtract(x, mean, out=self.normal)
            np.square(self.normal, out=self.scratch)
            variance = self.mean_of @ self.scratch
            self.remember(mean, variance)
        else:
            variance = self.running_variance
            np.subtract(x, self.running_mean, out=self.normal)
        self.factor = 1 / np.sqrt(variance + self.epsilon)
        self.normal *= self.factor
        np.multiply(self.normal, self.scale, out=y)
        y += self.shift
        return self.y

    def remember(self, mean: Array, variance: Array) -> None:
        """Take the statistics of a batch into the running ones."""
        self.running_mean += self.momentum * (mean - self.running_mean)
        unbiased = variance * (self.rows / (self.rows - 1))
        self.running_variance += self.momentum * (unbiased - self.running_variance)

    def backward(self, dy: Array, *, need_dx: bool) -> Array:
        flat = dy.reshape(self.shape)
        np.multiply(flat, self.normal, out=self.scratch)
        np.matmul(self.sum_of, self.scratch, out=self.dscale)
        np.matmul(self.sum_of, flat, out=self.dshift)
        if self.of_batch:
            # What moving one row does to the mean and the variance of all.
            flat -= self.dshift / self.rows
            self.normal *= self.dscale / self.rows
            flat -= self.normal
        flat *= self.scale * self.factor
        return dy
