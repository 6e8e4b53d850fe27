import pytest

from nnbench.options.overrides import as_word, with_names


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
        ("macsimum=1", "macsimum=1"), ("flops=5000", "flops=5000"), ("report", "report"),
    ],
)  # fmt: skip
def test_macs_is_another_name_of_flops(word, named):
    assert with_names(word) == named
