"""Help on keys: made from the fields of configurations, which also decide what is allowed."""

import re

import pytest
import yaml

from nnbench.commands.help import MEANINGS, keys
from nnbench.options.catalogue import ROOT
from nnbench.options.keys import ALLOWED

CONFIG = ROOT / "conf" / "config.yaml"
HELP = " ".join(keys(CONFIG).split())


@pytest.mark.parametrize("key", ALLOWED)
def test_help_explains_key_with_default_and_limits(key):
    default = yaml.safe_load(CONFIG.read_text("utf-8"))[key]
    text = f"{MEANINGS[key].removesuffix('.')} ({ALLOWED[key]})"
    shown = re.search(rf" {key}: (\S+ )?{re.escape(text)}", f" {HELP}")

    assert ALLOWED[key](default)
    assert shown
    assert key == "limits" or yaml.safe_load(shown[1]) == default


def test_limits_of_memory_and_disk_name_their_unit():
    assert "memory: null GB for all processes together; null: the free memory" in HELP
    assert "disk: null GB on disk; null: the free space" in HELP


def test_config_says_nothing_that_fields_say():
    settings = CONFIG.read_text("utf-8").partition("# The network")[2].partition("hydra:")[0]

    assert re.findall(r"^.*\S +# .*$", settings, re.M) == []


def test_help_fits_into_a_hundred_columns():
    assert max(map(len, keys(CONFIG).splitlines())) == 100
