"""Layers that make fewer places of many."""

from math import prod

import numpy as np

from nnbench.engine.arrays import Array, Views, Workspace
from nnbench.engine.layers.layer import Layer, Plan
from nnbench.engine.layers.window import Window


class Pool(Layer):
    """The base of every pooling: windows side by side, `size` places on each axis.

    A remainder at the end of an axis is ignored. Raises ValueError where no window
    fits.
    """

    def __init__(self, size: int = 2) -> None:
        self.size = size

    def window(self, in_shape: tuple[int, ...]) -> Window:
        """The window, for an input shape."""
        axes = len(in_shape) - 1
        size, stride, none = (self.size,) * axes, (1,) * axes, (0,) * axes
        return Window(in_shape[:-1], size, size, stride, none)

    def plan(self, in_shape: tuple[int, ...]) -> Plan:
        window = self.window(in_shape)
        if min(window.positions) < 1:
            places = "×".join(map(str, window.size))
            raise ValueError(f"pool_size={self.size}: does not fit into {places} places")
        return Plan((*window.positions, in_shape[-1]))

    def bind(self, in_shape: tuple[int, ...], views: Views, work: Workspace) -> None:
        window, channels = self.window(in_shape), in_shape[-1]
        positions = prod(window.positions)
        self.x_shape = (work.runs, work.batch, window.nowhere, channels)
        self.dy_shape = (work.runs, work.batch, positions, channels)
        self.input_places = window.input_places.T.copy()
        self.left_over = self.input_places.size < window.nowhere
        self.y = work.activations((*window.positions, channels))
        self.dx = work.activations(in_shape)
        self.y_places, self.dx_places = self.y.reshape(self.dy_shape), self.dx.reshape(self.x_shape)
        self.tap = work.activations((positions, channels))

    def forget(self) -> None:
        """Set dx to 0 outside all windows; callers may have written there."""
        if self.left_over:
            self.dx[:] = 0


class MaxPool(Pool):
    """The largest number that a window sees, of each channel; of equal ones the first is it.

    Reference: torch.nn.MaxPool1d and MaxPool2d.
    """

    def bind(self, in_shape: tuple[int, ...], views: Views, work: Workspace) -> None:
        super().bind(in_shape, views, work)
        shape = (len(self.input_places), *self.dy_shape)
        self.is_largest = np.zeros(shape, bool)

    def forward(self, x: Array, *, train: bool) -> Array:
        places, largest = x.reshape(self.x_shape), self.y_places
        np.take(places, self.input_places[0], axis=2, out=largest, mode="clip")
        self.is_largest[0] = True
        for number, input_places in enumerate(self.input_places[1:], 1):
            np.take(places, input_places, axis=2, out=self.tap, mode="clip")
            larger = np.greater(self.tap, largest, out=self.is_largest[number])
            self.is_largest[:number] &= ~larger
            np.maximum(self.tap, largest, out=largest)
        return self.y

    def backward(self, dy: Array, *, need_dx: bool) -> Array:
        self.forget()
        for input_places, largest in zip(self.input_places, self.is_largest, strict=True):
            self.dx_places[:, :, input_places] = np.multiply(
                dy.reshape(self.dy_shape), largest, self.tap
            )
        return self.dx


class AveragePool(Pool):
    """The mean of what a window sees, of each channel.

    Reference: torch.nn.AvgPool1d and AvgPool2d.
    """

    def forward(self, x: Array, *, train: bool) -> Array:
        places, mean = x.reshape(self.x_shape), self.y_places
        np.take(places, self.input_places[0], axis=2, out=mean, mode="clip")
        for input_places in self.input_places[1:]:
            mean += np.take(places, input_places, axis=2, out=self.tap, mode="clip")
        mean /= len(self.input_places)
        return self.y

    def backward(self, dy: Array, *, need_dx: bool) -> Array:
        self.forget()
        dy /= len(self.input_places)
        for input_places in self.input_places:
            self.dx_places[:, :, input_places] = dy.reshape(self.dy_shape)
        return self.dx


class GlobalAverage(Layer):
    """The mean of each channel over all places, (runs, batch, …, channels) → (…, channels).

    Global average pooling (Lin et al. 2014).
    """

    def plan(self, in_shape: tuple[int, ...]) -> Plan:
        return Plan(in_shape[-1:])

    def bind(self, in_shape: tuple[int, ...], views: Views, work: Workspace) -> None:
        self.places = (work.runs, work.batch, prod(in_shape[:-1]), in_shape[-1])
        self.y = work.activations(in_shape[-1:])
        self.dx = work.activations(in_shape)
        self.ones = np.ones((1, self.places[2]), work.dtype)

    def forward(self, x: Array, *, train: bool) -> Array:
        # 6 µs where a reduction takes 67 (90 images of 8×8, 8 channels).
        np.matmul(self.ones, x.reshape(self.places), out=self.y[..., None, :])
        self.y /= self.places[2]
        return self.y

    def backward(self, dy: Array, *, need_dx: bool) -> Array:
        dy /= self.places[2]
        self.dx.reshape(self.places)[:] = dy[:, :, None]
        return self.dx
