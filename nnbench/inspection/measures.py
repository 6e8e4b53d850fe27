"""Measures of a layer's outputs, and of the similarity of two layers."""

import numpy as np

from nnbench.engine.arrays import Array


def effective_rank(outputs: Array) -> float:
    """Effective number of directions that outputs (rows, numbers) use.

    It is the exponential of the entropy of the singular values of the centred outputs, divided by
    their sum (Roy & Vetterli 2007); 0 if all rows are the same.
    """
    centred = centre(outputs)
    values = np.linalg.svd(centred, compute_uv=False)
    # What is left of a constant by rounding is no direction.
    floor = np.linalg.norm(outputs) * np.finfo(float).eps * max(outputs.shape)
    shares = values[values > floor] / values[values > floor].sum()
    return float(np.exp(-(shares * np.log(shares)).sum())) if shares.size else 0.0


def linear_cka(first: Array, second: Array) -> float:
    """Similarity of two layers on the same rows, (rows, numbers) each: from 0 to 1.

    The linear centred kernel alignment of Kornblith et al. 2019, to which rotations, reflections
    and common scales of a layer make no difference. NaN if a layer says the same of all rows.
    """
    x, y = centre(first), centre(second)
    own = norm_of_products(x, x), norm_of_products(y, y)
    return norm_of_products(x, y) ** 2 / (own[0] * own[1]) if all(own) else np.nan


def norm_of_products(x: Array, y: Array) -> float:
    """The root of the inner product of the two kernels: the norm of xᵀy."""
    rows, numbers = len(x), max(x.shape[1], y.shape[1])
    if numbers <= rows:
        return float(np.linalg.norm(x.T @ y))
    # The same by way of the rows, of which there are fewer.
    return float(np.sqrt(max(((x @ x.T) * (y @ y.T)).sum(), 0.0)))


def centre(outputs: Array) -> Array:
    """Outputs less their mean, in double precision; constants become exactly 0."""
    exact = outputs.astype(np.float64)
    centred: Array = np.where(np.ptp(exact, axis=0) > 0, exact - exact.mean(axis=0), 0.0)
    return centred


def varying(outputs: Array) -> int:
    """Number of outputs that vary between rows."""
    return int((np.ptp(outputs, axis=0) > 0).sum())
