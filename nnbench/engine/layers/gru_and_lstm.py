"""Kinds of cell: the simple one, the GRU and the LSTM."""

import numpy as np

from nnbench.engine.arrays import Array, Workspace, zeros_like
from nnbench.engine.layers.cell import Cell, Memory


def sigmoid(x: Array, out: Array) -> None:
    """1 / (1 + e⁻ˣ), through tanh, which neither overflows nor needs a division.

    All but the last pass are over x, one piece of memory, where those over `out` take longer.
    """
    x *= 0.5
    np.tanh(x, out=x)
    x += 1
    np.multiply(x, 0.5, out=out)


class SimpleCell(Cell):
    """h' = f(W x + b + U h + c) (Elman 1990). Reference: torch.nn.RNN."""

    def bind(self, memory: Memory, work: Workspace) -> None:
        super().bind(memory, work)
        self.content = self.new_content()
        self.x = list(self.content)

    def forward(self, t: int) -> None:
        (y,), (slope,) = self.values[t], self.slope[t]
        x = np.add(y, self.memory.recurrent[0], out=self.x[t])
        self.function.forward(x, y, slope)
        self.states[t + 1][:] = y

    def prepare(self, units: slice) -> None:
        (slopes,) = self.slopes_of(units)
        self.function.derivative(self.content[units], self.memory.gates[0, units], slopes)

    def backward(self, t: int, dh: Array) -> None:
        np.multiply(dh, self.slope[t][0], out=self.dvalues[t][0])
        dh[:] = 0


class GRU(Cell):
    """A gate r for how much of the state the new content is made of, and z for what is kept.

    n = f(W x + b + r · (U h + c)), h' = (1 − z) · n + z · h; gates are r, z, n (Cho et al. 2014).
    Reference: torch.nn.GRU.
    """

    gates = 3
    apart = 1

    def bind(self, memory: Memory, work: Workspace) -> None:
        super().bind(memory, work)
        self.content = self.new_content()
        self.products = zeros_like(self.content)
        """U h + c of the new content."""
        self.product_biases = zeros_like(memory.recurrent[2])
        self.scratch = zeros_like(memory.recurrent[2])
        self.of_gates, self.of_content = memory.recurrent[:2], memory.recurrent[2]
        self.views = [
            (values[:2], *values, x, product)
            for values, x, product in zip(self.values, self.content, self.products, strict=True)
        ]
        self.dviews = [
            (*slope, dn, *dvalues)
            for slope, dn, dvalues in zip(self.slope, memory.dinput[0], self.dvalues, strict=True)
        ]

    def add_biases(self, biases: Array, recurrent: Array) -> None:
        biases[:, :2] += recurrent[:, :2]
        self.product_biases[:] = recurrent[:, 2, 0]

    def forward(self, t: int) -> None:
        both, r, z, n, x, product = self.views[t]
        self.of_gates += both
        sigmoid(self.of_gates, out=both)
        np.add(self.of_content, self.product_biases, out=product)
        np.multiply(r, product, out=self.scratch)
        np.add(n, self.scratch, out=x)
        self.function.forward(x, n, self.slope[t][2])
        h, after = self.states[t], self.states[t + 1]
        np.subtract(h, n, out=after)
        after *= z
        after += n

    def prepare(self, units: slice) -> None:
        r, z, n = self.memory.gates[:, units]
        to_r, to_z, to_n = self.slopes_of(units)
        one_minus_z = np.subtract(1, z, out=self.memory.dinput[0, units])
        np.subtract(self.memory.states[units], n, out=to_z)
        to_z *= one_minus_z
        to_z *= z
        np.subtract(1, r, out=to_r)
        to_r *= r
        to_r *= self.products[units]
        self.function.derivative(self.content[units], n, to_n)
        to_n *= one_minus_z

    def backward(self, t: int, dh: Array) -> None:
        to_r, to_z, to_n, dn, dr, dz, dproduct = self.dviews[t]
        _, r, z, *_ = self.views[t]
        np.multiply(dh, to_n, out=dn)
        np.multiply(dn, to_r, out=dr)
        np.multiply(dh, to_z, out=dz)
        np.multiply(dn, r, out=dproduct)
        dh *= z


class LSTM(Cell):
    """A memory c beside the state, with gates o, i and k of what is shown, taken in and kept.

    c' = k · c + i · g and h' = o · f(c'), with g = f(…); gates are o, i, k, g (Hochreiter &
    Schmidhuber 1997, Gers et al. 2000). The bias of k begins at 1, so that the memory is kept
    at first (Jozefowicz et al. 2015). Reference: torch.nn.LSTM, which calls k f.
    """

    gates = 4

    def first_biases(self, biases: Array) -> None:
        biases[2] = 1

    def bind(self, memory: Memory, work: Workspace) -> None:
        super().bind(memory, work)
        self.content = self.new_content()
        self.memories = zeros_like(memory.states)
        self.activated_memories = zeros_like(memory.states[1:])
        """f(c')."""
        self.to_memory = zeros_like(self.activated_memories)
        self.dc = zeros_like(self.states[0])
        self.scratch = zeros_like(self.dc)
        self.of_gates, self.of_content = memory.recurrent[:3], memory.recurrent[3]
        self.c = list(self.memories)
        self.views = [
            (values[:3], *values, *others)
            for values, *others in zip(
                self.values, self.content, self.activated_memories, self.to_memory, strict=True
            )
        ]
        self.dviews = [
            (slope[0], slope[1:], dvalues[0], dvalues[1:])
            for slope, dvalues in zip(self.slope, self.dvalues, strict=True)
        ]

    def forward(self, t: int) -> None:
        three, o, i, k, g, x, activated_memories, to_memory = self.views[t]
        self.of_gates += three
        sigmoid(self.of_gates, out=three)
        np.add(g, self.of_content, out=x)
        self.function.forward(x, g, self.slope[t][3])
        c = np.multiply(k, self.c[t], out=self.c[t + 1])
        c += np.multiply(i, g, out=self.scratch)
        self.function.forward(c, activated_memories, to_memory)
        np.multiply(o, activated_memories, out=self.states[t + 1])

    def prepare(self, units: slice) -> None:
        gates, slopes = self.memory.gates[:, units], self.slopes_of(units)
        o, i, _, g = gates
        to_o, to_i, to_k, to_g = slopes
        np.subtract(1, gates[:3], out=slopes[:3])
        slopes[:3] *= gates[:3]
        activated_memories, to_memory = self.activated_memories[units], self.to_memory[units]
        to_o *= activated_memories
        to_i *= g
        to_k *= self.memories[units]
        self.function.derivative(self.content[units], g, to_g)
        to_g *= i
        # Last, since it may write over the memories after these steps.
        self.function.derivative(self.memories[1:][units], activated_memories, to_memory)
        to_memory *= o

    def backward(self, t: int, dh: Array) -> None:
        to_o, to_others, do, others = self.dviews[t]
        _, _, _, k, _, _, _, to_memory = self.views[t]
        np.multiply(dh, to_o, out=do)
        self.dc += np.multiply(dh, to_memory, out=self.scratch)
        np.multiply(self.dc, to_others, out=others)
        self.dc *= k
        dh[:] = 0

    def cut(self) -> None:
        self.dc[:] = 0
