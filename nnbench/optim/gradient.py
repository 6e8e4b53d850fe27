"""Clipping and penalties, applied to a gradient before the optimizer's step."""

from dataclasses import dataclass

import numpy as np

from nnbench.engine.arrays import Array, Column, ParamStack, norms


@dataclass(frozen=True)
class GradientTransform:
    """Clipping of the loss's gradient, then the gradients of penalties.

        gradient ← gradient · min(1, clip_norm / ‖gradient‖)
        gradient ← min(max(gradient, −clip_value), clip_value)
        gradient ← gradient + l2 · params + l1 · sign(params)

    None leaves a step out. The norm is that of all parameters of a run together (Pascanu et al.
    2013). Penalties come last, as where an optimizer of PyTorch's adds its weight_decay to what
    has been clipped, and act on all parameters, as that does: on biases and norms too. References:
    optax.clip_by_global_norm, optax.clip.
    """

    clip_norm: Column | None = None
    clip_value: Column | None = None
    l1: Column | None = None
    l2: Column | None = None

    def apply(self, params: ParamStack, scratch: Array) -> None:
        """Change the gradients in place; `scratch` is as large as they are."""
        gradients = params.grads
        if self.clip_norm is not None:
            lengths = norms(gradients, scratch)
            # A gradient of 0 stays what it is.
            lengths[lengths == 0] = 1
            gradients *= np.minimum(1, self.clip_norm / lengths)
        if self.clip_value is not None:
            np.clip(gradients, -self.clip_value, self.clip_value, out=gradients)
        if self.l2 is not None:
            np.multiply(params.values, self.l2, out=scratch)
            gradients += scratch
        if self.l1 is not None:
            np.sign(params.values, out=scratch)
            scratch *= self.l1
            gradients += scratch

    def penalty(self, params: ParamStack) -> Array:
        """The penalty added to the loss of every run, (runs,)."""
        values = params.values
        l1, l2 = (np.reshape(0 if c is None else c, -1) for c in (self.l1, self.l2))
        squares = np.add.reduce(np.square(values), axis=1)
        total: Array = l1 * np.add.reduce(np.abs(values), axis=1) + l2 / 2 * squares
        return total
