import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import QuotedString

import nnbench
from nnbench.options.overrides import as_word, override, with_names
from nnbench.options.quoting import quoted
from nnbench.run.errors import ConfigError


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (None, "null"), (True, "True"), (0.1, "0.1"), (1e-8, "1e-08"), ("adam", "adam"),
        ([1, "a b"], "[1, 'a b']"), ({"depth": [1, 3], "lr": None}, "{depth: [1, 3], lr: null}"),
    ],
)  # fmt: skip
def test_settings_are_written_as_hydra_reads_them(value, word):
    assert as_word(value) == word


@pytest.mark.parametrize(
    ("word", "named"),
    [
        ("macs=5000", "flops=5000"), ("+macs=5000", "+flops=5000"),
        ("compare=macs", "compare=flops"),
        ("compare=[depth,macs]", "compare=[depth,flops]"), ("budget=macs", "budget=flops"),
        ("where={macs: 5000}", "where={flops: 5000}"), ("experiment=macs", "experiment=macs"),
        ("where={depth: 1, macs : [5, 6]}", "where={depth: 1, flops : [5, 6]}"),
        ("where={dataset: csv-macs}", "where={dataset: csv-macs}"),
        ("where={dataset: [macs, iris]}", "where={dataset: [macs, iris]}"),
        ("+compare=['macs', lr]", "+compare=['flops', lr]"),
        ("compare=model.macs", "compare=model.macs"), ("~macs", "~flops"),
        ("macsimum=1", "macsimum=1"), ("flops=5000", "flops=5000"), ("report", "report"),
    ],
)  # fmt: skip
def test_macs_is_another_name_of_flops(word, named):
    assert with_names(word) == named


@pytest.mark.parametrize(
    "value",
    ["postgresql://me:a%20b@host:5432/db", "a@b", "50%", "a*b?", "a|b", "a b", "a,b", "it's", "a=b",
     "é", "[1]", "{a}", "(b)", "#1", "~", "a\\", "a b\\", "'", "\\'", "a;b", "&", "<>", "^", "a:b"],
)  # fmt: skip
def test_hydra_reads_text_that_word_was_made_of(value):
    setting = OverridesParser.create().parse_override(quoted(override("tracking.uri", value)))
    read = setting.value()
    assert (read.text if isinstance(read, QuotedString) else read) == value


def test_addresses_need_no_quotes():
    address = "postgresql://me:***@host:5432/db"
    assert override("tracking.uri", address) == f"tracking.uri={address}"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["macs=-5"], "macs=-5: must be"), (["flops=-5"], "flops=-5: must be"),
        (["macs=5000", "width=3"], "width=3: macs=5000 solves for the width"),
        (["params=9", "macs=9"], "macs=9: must be null with params=9"),
    ],
)  # fmt: skip
def test_errors_name_a_key_as_typed(words, message):
    with pytest.raises(ConfigError) as error:
        nnbench.compose(words)

    assert str(error.value).startswith(message)
