"""Layer normalisation."""

from math import prod

import numpy as np

from nnbench.allowed import POSITIVE, require
from nnbench.engine.arrays import Array, Views, Workspace, zeros
from nnbench.engine.layers.layer import Layer, Plan, ones_then_zeros


class LayerNorm(Layer):
    """y = scale · (x − mean) / √(variance + epsilon) + shift, a mean and a variance an example.

    Both are over an example's features, the last axis, and so do not depend on the batch (Ba et
    al. 2016). Reference: torch.nn.LayerNorm.
    """

    def __init__(self, epsilon: float = 1e-5) -> None:
        require("epsilon", epsilon, POSITIVE)
        self.epsilon = epsilon

    def plan(self, in_shape: tuple[int, ...]) -> Plan:
        features = in_shape[-1]
        return Plan(in_shape, ((features,), (features,)), ones_then_zeros)

    def bind(self, in_shape: tuple[int, ...], views: Views, work: Workspace) -> None:
        features, rows = in_shape[-1], work.batch * prod(in_shape[:-1])
        self.shape = (work.runs, rows, features)
        self.scale, self.dscale = views.parameter(1, features)
        self.shift, self.dshift = views.parameter(1, features)
        self.y = work.activations(in_shape)
        self.normal, self.scratch = (zeros(self.shape, work.dtype) for _ in range(2))
        # Products with these take means over features and sums over the batch.
        self.mean_of = np.full((features, 1), 1 / features, work.dtype)
        self.sum_of = np.ones((1, rows), work.dtype)

    def forward(self, x: Array, *, train: bool) -> Array:
        x, y = x.reshape(self.shape), self.y.reshape(self.shape)
        np.subtract(x, x @ self.mean_of, out=self.normal)
        np.square(self.normal, out=self.scratch)
        self.factor = 1 / np.sqrt(self.scratch @ self.mean_of + self.epsilon)
        self.normal *= self.factor
        np.multiply(self.normal, self.scale, out=y)
        y += self.shift
        return self.y

    def backward(self, dy: Array, *, need_dx: bool) -> Array:
        flat = dy.reshape(self.shape)
        np.multiply(flat, self.normal, out=self.scratch)
        np.matmul(self.sum_of, self.scratch, out=self.dscale)
        np.matmul(self.sum_of, flat, out=self.dshift)
        # What moving one feature does to the mean and the variance of its example.
        flat *= self.scale
        np.multiply(flat, self.normal, out=self.scratch)
        self.normal *= self.scratch @ self.mean_of
        flat -= flat @ self.mean_of
        flat -= self.normal
        flat *= self.factor
        return dy
