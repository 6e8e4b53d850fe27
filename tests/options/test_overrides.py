import pytest

from nnbench.options.overrides import as_word


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (None, "null"), (True, "True"), (0.1, "0.1"), (1e-8, "1e-08"), ("adam", "adam"),
        ([1, "a b"], "[1, 'a b']"), ({"depth": [1, 3], "lr": None}, "{depth: [1, 3], lr: null}"),
    ],
)  # fmt: skip
def test_settings_are_written_as_hydra_reads_them(value, word):
    assert as_word(value) == word
