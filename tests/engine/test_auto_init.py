"""The initialiser where nobody names one."""

import numpy as np
import pytest

from nnbench.engine.auto_init import HIDDEN, Auto, SmallNormal
from nnbench.options.catalogue import names
from tests.build_small import built


def test_hidden_layers_can_begin_from_every_initialiser():
    assert sorted(HIDDEN) == names("init")
    for name, kind in HIDDEN.items():
        assert kind() == built("init", name)


@pytest.mark.parametrize("name", sorted(HIDDEN))
def test_only_outputs_are_small(name):
    auto, shape = Auto(name), (300, 200)
    weights, plain = (init(np.random.default_rng(1), shape) for init in (auto, built("init", name)))
    np.testing.assert_array_equal(weights, plain)
    assert (auto.adjusts, auto.kind) == (HIDDEN[name].adjusts, HIDDEN[name].__name__)

    outputs = auto.output(np.random.default_rng(1), shape)
    assert outputs.std() == pytest.approx((0.01 / 300) ** 0.5, rel=0.01)
    assert auto.output == SmallNormal()
    assert not auto.output.adjusts


def test_an_unknown_initialiser_is_refused():
    with pytest.raises(ValueError, match="hidden=hee: must be one of glorot, he, "):
        Auto("hee")
