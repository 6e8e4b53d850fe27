"""Gradients of any size, in float32: finite where another implementation is, and right."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnbench.engine.arrays import ParamStack, Tensor, norms
from nnbench.optim.gradient import GradientTransform
from nnbench.optim.wrappers import SAM, Lookahead
from nnbench.options.catalogue import option
from nnbench.verification.references import read
from tests.build_small import built, options
from tests.references.read import cases

TENSORS = (Tensor(0, (3, 2)), Tensor(6, (3,)))
SIZE = 9
COMPARED = (1e-14, 1e18)
"""Sizes of gradients whose products are numbers in the references."""
NOT_BEYOND = {"adafactor": 1e18, "soap": 1e18, "yogi": 1e18}
"""Cases in which the references' squares overflow to NaN."""
OPTIMIZERS = [
    case for case in cases("extremes") if read("extremes")[1][case]["group"] == "optimizer"
]


def made_of(case):
    """The optimizer of a case, and its learning rate."""
    cases = read("extremes")[1][case]
    own = hasattr(built("optimizer", case), "weight_decay")
    decay = {"weight_decay": 0.0} if own else {}
    return built("optimizer", case, **cases["options"], **decay), cases["lr"]


def course(optimizer, gradients, start, lr, dtype):
    """Parameters after every step along the gradients, (steps, size)."""
    params = ParamStack(1, SIZE, dtype, TENSORS)
    params.values[:] = start
    state, rate, after = optimizer.init(params), np.full((1, 1), lr, dtype), []
    for t, gradient in enumerate(gradients, start=1):
        params.grads[:] = gradient
        params.losses[:] = 1 / t
        with np.errstate(all="ignore"):
            optimizer.step(params, state, rate, t)
        after.append(params.values[0].copy())
    return np.stack(after)


@pytest.mark.parametrize("case", OPTIMIZERS)
def test_optimizer_is_finite_where_its_reference_is(case):
    arrays, _ = read("extremes")
    optimizer, lr = made_of(case)
    for magnitude, expected in zip(arrays["magnitudes"], arrays[case], strict=True):
        gradients = (arrays["gradients"] * magnitude).astype("float32")
        start = arrays["start"].astype("float32")

        after = course(optimizer, gradients, start, lr, "float32")

        assert np.isfinite(after[np.isfinite(expected)]).all()
        if COMPARED[0] <= magnitude <= COMPARED[1]:
            moved = expected[-1] != start
            np.testing.assert_allclose(after[:, moved], expected[:, moved], rtol=1e-4, atol=1e-5)


def sizes(largest=1e30):
    """Gradients of nine parameters in eight steps, each of a size of its own."""
    exponent = st.floats(-38, np.log10(largest))
    number = st.builds(lambda e, sign: sign * 10**e, exponent, st.sampled_from([-1.0, 1.0]))
    rows = st.lists(st.just(0.0) | number, min_size=SIZE, max_size=SIZE)
    return st.lists(rows, min_size=8, max_size=8).map(lambda g: np.array(g, "float32"))


@pytest.mark.parametrize("name", options("optimizer"))
def test_optimizer_stays_finite(name):
    optimizer, lr = built("optimizer", name), option("optimizer", name).option("lr")

    @settings(max_examples=30, deadline=None)
    @given(sizes(NOT_BEYOND.get(name, 1e30)))
    def finite(gradients):
        for kind in (optimizer, Lookahead(optimizer, 3) if name != "lbfgs" else optimizer):
            assert np.isfinite(course(kind, gradients, 1.0, lr, "float32")).all()

    finite()


@pytest.mark.parametrize("name", ["adam", "adamw", "amsgrad", "nadam", "radam", "adamax", "lamb"])
@pytest.mark.parametrize(("size", "steps"), [(8e17, 2000), (1e19, 40)])
def test_huge_gradient_freezes_nothing(name, size, steps):
    """After some of this size, whose squares a thousandfold are infinite, as in float64."""
    gradients = size * np.random.default_rng(0).uniform(0.9, 1.1, (steps, SIZE))
    optimizer = built("optimizer", name)

    single, double = (course(optimizer, gradients, 1.0, 1e-3, d) for d in ("float32", "float64"))

    if name != "radam":  # Whose first steps are as long as the gradient.
        assert (np.diff(single, axis=0) != 0).all()
    # A hundredth of a step.
    np.testing.assert_allclose(single, double, rtol=1e-4, atol=1e-5)


@settings(max_examples=100, deadline=None)
@given(sizes(), st.sampled_from([1e-3, 1.0, 1e3]))
def test_norms_of_any_size(gradients, limit):
    """Norms of clipping and of ascent: both are as long as stated."""
    params = ParamStack(len(gradients), SIZE, "float32", TENSORS)
    params.grads[:] = gradients
    exact = np.sqrt(np.square(gradients, dtype="float64").sum(axis=1))
    with np.errstate(all="ignore"):
        lengths = norms(params.grads, np.empty_like(params.grads))[:, 0]
        GradientTransform(clip_norm=limit).apply(params, np.empty_like(params.grads))
        clipped = np.sqrt(np.square(params.grads, dtype="float64").sum(axis=1))
        params.grads[:] = gradients
        sam = SAM(built("optimizer", "sgd"), limit)
        sam.climb(params, sam.init(params))
    climbed = np.sqrt(np.square(params.values, dtype="float64").sum(axis=1))

    np.testing.assert_allclose(lengths, exact, rtol=1e-5, atol=1e-44)
    np.testing.assert_allclose(clipped, np.minimum(exact, limit), rtol=1e-5, atol=1e-44)
    far = exact > limit * 1e-37
    np.testing.assert_allclose(climbed[far], limit, rtol=1e-5)
    assert np.isfinite(params.values).all()


@pytest.mark.parametrize("parts", [(slice(None),), (slice(0, 4), slice(4, 4), slice(4, 9))])
def test_norms_of_parts(parts):
    array = np.random.default_rng(0).normal(size=(3, SIZE))
    array[1], array[2, 4:] = np.nan, np.inf

    actual = norms(array, np.empty_like(array), parts)

    expected = [[np.linalg.norm(row[span]) for span in parts] for row in array]
    np.testing.assert_allclose(actual, expected, rtol=1e-14)
