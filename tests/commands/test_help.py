"""Comments of conf/config.yaml, which --help prints, beside the annotations that decide."""

import re

import pytest
from omegaconf import OmegaConf

from nnbench.commands.help import keys
from nnbench.options.catalogue import ROOT
from nnbench.options.keys import ALLOWED

CONFIG = ROOT / "conf" / "config.yaml"
SETTINGS = re.split(r"\n  (?=\w+:)", "\n" + keys(CONFIG))
COMMENTS = {
    text.partition(":")[0]: " ".join(re.findall(r"# (.*)", re.sub(r"\n    \w+:.*", "", text)))
    for text in SETTINGS
    if text.partition(":")[0] in ALLOWED
}
"""Key → its comment, whole."""


@pytest.mark.parametrize("key", ALLOWED)
def test_comments_agree_with_annotations(key):
    comment, allowed = COMMENTS[key], ALLOWED[key]
    default = OmegaConf.to_container(OmegaConf.load(CONFIG))[key]

    assert allowed(default)
    for word, value in (("null", None), ("true", True), ("0", 0)):
        assert not re.search(rf"(?<!\S){word}:", comment) or allowed(value)


@pytest.mark.parametrize("key", ["dtype", "budget"])
def test_comments_list_every_allowed_word(key):
    listed = re.findall(r"\w+", re.sub(r"^.*: |;.*", "", COMMENTS[key].partition(";")[0]))
    words = re.findall(r"\w+", ALLOWED[key].words.removeprefix("one of "))

    assert {*listed} - {"or"} == {*words} - {"or"}
