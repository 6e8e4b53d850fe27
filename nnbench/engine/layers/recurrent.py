"""The recurrent layer, which reads step after step and remembers."""

from copy import copy
from math import prod

import numpy as np

from nnbench.engine.arrays import Array, Views, Workspace, zeros
from nnbench.engine.initializers import Initializer
from nnbench.engine.layers.cell import Cell, Memory, by_step
from nnbench.engine.layers.layer import Layer, Plan


def by_run(array: Array) -> Array:
    """(…, batch, runs, units) as products take it, (runs, …, batch, units)."""
    return np.moveaxis(array, -2, 0)


def in_rows(array: Array) -> Array:
    """(gates, steps, batch, runs, units) as (runs, gates, steps · batch, units)."""
    gates, steps, batch, *run_and_units = array.shape
    return by_run(array.reshape(gates, steps * batch, *run_and_units))


class Recurrent(Layer):
    """The state after every step, (runs, batch, steps, features) → (runs, batch, steps, units).

    Each gate of the cell has weights for the input and for the state before, and a bias for
    either, as in PyTorch: parameters are the inputs' weights gate by gate, the states' weights,
    the inputs' biases, the states' biases. The state before the first step is zero.

    Back-propagation goes through all steps, or with `truncation` through so many at a time: the
    steps are cut into pieces of that length, counted from the end, and no gradient passes from one
    to the one before (Williams & Peng 1990). `backwards` reads from the last step to the first.
    """

    def __init__(
        self,
        units: int,
        cell: Cell,
        init: Initializer,
        recurrent_init: Initializer,
        truncation: int | None = None,
        *,
        backwards: bool = False,
    ) -> None:
        self.units, self.cell = units, cell
        self.init, self.recurrent_init = init, recurrent_init
        self.truncation = truncation
        self.order = slice(None, None, -1 if backwards else 1)

    def plan(self, in_shape: tuple[int, ...]) -> Plan:
        steps, features = in_shape
        units, gates = self.units, self.cell.gates
        kinds = ((self.init, (features, units)), (self.recurrent_init, (units, units)))

        def initialise(rng: np.random.Generator, block: Array) -> None:
            weights = [init(rng, shape).ravel() for init, shape in kinds for _ in range(gates)]
            end = sum(matrix.size for matrix in weights)
            block[:end], block[end:] = np.concatenate(weights), 0
            self.cell.first_biases(block[end : end + gates * units].reshape(gates, units))

        matrices = tuple(shape for _, shape in kinds for _ in range(gates))
        products = steps * sum(map(prod, matrices))
        return Plan(
            (steps, units), (*matrices, *[(units,)] * (2 * gates)), initialise, products=products
        )

    def bind(self, in_shape: tuple[int, ...], views: Views, work: Workspace) -> None:
        (steps, features), units, gates = in_shape, self.units, self.cell.gates
        runs, batch = work.runs, work.batch
        self.weights, self.dweights = views.parameter(gates, features, units)
        self.recurrent, self.drecurrent = views.parameter(gates, units, units)
        self.biases, self.dbiases = views.parameter(2, gates, 1, units)

        def buffer(*shape: int) -> Array:
            if units > 1:
                return zeros((*shape, batch, runs, units), work.dtype)
            # Products with vectors come out in other bits where their numbers are apart.
            return np.moveaxis(work.buffer((*shape, batch, units)), 0, -2)

        self.memory = Memory(
            gates=buffer(gates, steps),
            states=buffer(1 + steps),
            recurrent=buffer(gates),
            drecurrent=buffer(gates, steps),
            dinput=buffer(self.cell.apart, steps),
        )
        self.cell = copy(self.cell)
        self.cell.bind(self.memory, work)
        self.y, self.dx = work.activations((steps, units)), work.activations(in_shape)
        self.x = work.buffer((steps, batch, features + 1))
        """The inputs, and beside them ones, so that biases are one more row of the weights."""
        self.x[..., features:] = 1
        self.affine = work.buffer((gates, features + 1, units))
        self.daffine = work.buffer((gates, features + 1, units))
        # In the order gate, step, batch, run, unit a gate at a step is one piece of memory: adding
        # to a gate of four runs takes 1.3 µs instead of 4.1 with the runs outermost.
        self.dstates, self.dh, self.dh_gates = buffer(steps), buffer(), buffer(gates)
        self.bind_rows(work)
        self.bind_steps()

    def bind_rows(self, work: Workspace) -> None:
        """Views and buffers for products of all steps, in which those of a gate are one matrix."""
        steps, batch, features = self.x.shape[-3:]
        gates, units = len(self.memory.gates), self.units
        self.x_rows = self.x.reshape(work.runs, 1, steps * batch, features)
        self.before_rows = in_rows(self.memory.states[None, :-1])
        self.gate_rows = in_rows(self.memory.gates)
        self.drecurrent_rows = in_rows(self.memory.drecurrent)
        same = gates - self.cell.apart
        self.dgate_rows = [
            (slice(same), in_rows(self.memory.drecurrent[:same])),
            (slice(same, None), in_rows(self.memory.dinput)),
        ]
        """Gradients with respect to the inputs' products, by gates."""
        # Two rows of ones, since one is a vector, which takes OpenBLAS 280 µs instead of 19.
        self.ones = np.ones((2, steps * batch), work.dtype)
        self.sums = work.buffer((gates, 2, units))
        self.turned = work.buffer((gates, units, units))
        self.dx_gates = work.buffer((gates, steps * batch, features))
        self.dx_rows = work.buffer((steps * batch, features))

    def bind_steps(self) -> None:
        """Views step by step, so that none has to be made while the steps are taken."""
        self.before = [by_run(state[None]) for state in self.memory.states[:-1]]
        self.of_state, self.of_dstate = by_run(self.memory.recurrent), by_run(self.dh_gates)
        self.dstate = list(self.dstates)
        self.drecurrent_steps = [by_run(step) for step in by_step(self.memory.drecurrent)]
        self.dh_by_gate = list(self.dh_gates)

    def forward(self, x: Array, *, train: bool) -> Array:
        self.x[..., :-1] = x.swapaxes(1, 2)[:, self.order]
        self.affine[..., :-1, :], self.affine[..., -1:, :] = self.weights, self.biases[:, 0]
        self.cell.add_biases(self.affine[..., -1:, :], self.biases[:, 1])
        np.matmul(self.x_rows, self.affine, out=self.gate_rows)
        for t, before in enumerate(self.before):
            np.matmul(before, self.recurrent, out=self.of_state)
            self.cell.forward(t)
        self.y[:, :, self.order] = self.memory.states[1:].transpose(2, 1, 0, 3)
        return self.y

    def backward(self, dy: Array, *, need_dx: bool) -> Array:
        self.dstates[self.order] = dy.transpose(2, 1, 0, 3)
        self.through_time()
        for gates, rows in self.dgate_rows:
            np.matmul(self.x_rows.swapaxes(2, 3), rows, out=self.daffine[:, gates])
        self.dweights[:], self.dbiases[:, 0] = self.daffine[..., :-1, :], self.daffine[..., -1:, :]
        np.matmul(self.before_rows.swapaxes(2, 3), self.drecurrent_rows, out=self.drecurrent)
        np.matmul(self.ones, self.drecurrent_rows, out=self.sums)
        self.dbiases[:, 1] = self.sums[:, :, :1]
        if need_dx:
            for gates, rows in self.dgate_rows:
                affine = self.affine[:, gates].swapaxes(2, 3)
                np.matmul(rows, affine, out=self.dx_gates[:, gates])
            np.add.reduce(self.dx_gates, axis=1, out=self.dx_rows)
            dx = self.dx_rows.reshape(self.x.shape)[..., :-1]
            self.dx[:, :, self.order] = dx.swapaxes(1, 2)
        return self.dx

    def through_time(self) -> None:
        """Write the gradients of all gates, from the last step to the first."""
        self.cell.cut()
        self.turned[:] = self.recurrent.swapaxes(2, 3)
        dh, steps = self.dh, len(self.dstate)
        dh[:] = 0
        for t in reversed(range(steps)):
            if t == steps - 1 or (t + 1) % self.cell.at_once == 0:
                self.cell.prepare(slice(t - t % self.cell.at_once, t + 1))
            dh += self.dstate[t]
            self.cell.backward(t, dh)
            if self.truncation and (steps - t) % self.truncation == 0:
                dh[:] = 0
                self.cell.cut()
            elif t:
                np.matmul(self.drecurrent_steps[t], self.turned, out=self.of_dstate)
                for dh_gate in self.dh_by_gate:
                    dh += dh_gate


class Bidirectional(Layer):
    """Two recurrent layers, one of which reads backwards, and their outputs side by side.

    (runs, batch, steps, features) → (runs, batch, steps, 2 · units) (Schuster & Paliwal 1997).
    """

    def __init__(self, onwards: Recurrent, backwards: Recurrent) -> None:
        self.both = (onwards, backwards)

    def plan(self, in_shape: tuple[int, ...]) -> Plan:
        forwards, other = (layer.plan(in_shape) for layer in self.both)

        def initialise(rng: np.random.Generator, block: Array) -> None:
            forwards.initialise(rng, block[: forwards.size])
            other.initialise(rng, block[forwards.size :])

        steps, units = forwards.out_shape
        shapes, products = forwards.shapes + other.shapes, forwards.products + other.products
        return Plan((steps, 2 * units), shapes, initialise, products=products)

    def bind(self, in_shape: tuple[int, ...], views: Views, work: Workspace) -> None:
        self.both = (copy(self.both[0]), copy(self.both[1]))
        for layer in self.both:
            layer.bind(in_shape, views, work)
        self.y = work.activations(self.plan(in_shape).out_shape)
        self.dx = work.activations(in_shape)

    def forward(self, x: Array, *, train: bool) -> Array:
        onwards, backwards = (layer.forward(x, train=train) for layer in self.both)
        return np.concatenate([onwards, backwards], axis=-1, out=self.y)

    def backward(self, dy: Array, *, need_dx: bool) -> Array:
        onwards, backwards = (
            layer.backward(half, need_dx=need_dx)
            for layer, half in zip(self.both, np.split(dy, 2, axis=-1), strict=True)
        )
        return np.add(onwards, backwards, out=self.dx)


class Last(Layer):
    """The state after the last step, (runs, batch, steps, units) → (…, units).

    It is the output at the last step; of a layer that reads both ways, the first step's half of the
    backward reading.
    """

    def __init__(self, *, bidirectional: bool = False) -> None:
        self.bidirectional = bidirectional

    def plan(self, in_shape: tuple[int, ...]) -> Plan:
        return Plan(in_shape[-1:])

    def bind(self, in_shape: tuple[int, ...], views: Views, work: Workspace) -> None:
        units = in_shape[-1]
        half = units // 2 if self.bidirectional else units
        self.ends = ((-1, slice(None, half)), (0, slice(half, None)))
        self.y, self.dx = work.activations((units,)), work.activations(in_shape)

    def forward(self, x: Array, *, train: bool) -> Array:
        for step, span in self.ends:
            self.y[..., span] = x[:, :, step, span]
        return self.y

    def backward(self, dy: Array, *, need_dx: bool) -> Array:
        self.dx[:] = 0
        for step, span in self.ends:
            self.dx[:, :, step, span] = dy[..., span]
        return self.dx
