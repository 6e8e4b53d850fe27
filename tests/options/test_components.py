import pytest

import nnbench
from nnbench.options import components
from nnbench.run.config import Component
from nnbench.run.errors import ConfigError


def test_users_class_is_found_by_its_path():
    own = "optimizer._target_=tests.options.test_components.Backwards"
    config = nnbench.compose([own, "epochs=1", "dataset=iris"])
    assert nnbench.train(config).status in ("finished", "diverged")


class Backwards:
    """Gradient ascent, which nobody ships."""

    def init(self, params):
        return ()

    def step(self, params, state, rate, t):
        params.values += rate * params.grads


def test_what_is_no_class_or_function_is_refused():
    with pytest.raises(ConfigError, match="must be a class or function"):
        components.locate("loss", Component("pi", "math.pi"))
