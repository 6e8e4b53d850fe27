from dataclasses import replace

import pytest

import nnbench
from nnbench.run.errors import ConfigError


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lr": -1}, "^lr=-1: must be a finite number above 0"),
        ({"depth": "three"}, "^depth=three: must be a whole number"),
        ({"optimizer": "adm"}, "^optimizer=adm: must be a component"),
    ],
)
def test_value_set_in_a_program_is_checked_too(change, message):
    config = nnbench.compose(["dataset=iris", "epochs=1"])
    with pytest.raises(ConfigError, match=message):
        nnbench.train(replace(config, **change))
