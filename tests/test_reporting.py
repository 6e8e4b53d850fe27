"""What a report is asked, from the words of a command line and back to them."""

import pytest

from nnbench import composition
from nnbench.reporting import as_word, compared, words

ASKED = [
    ["compare=depth"],
    ["compare=[depth,optimizer]", "reference=[3,adam]"],
    ["compare=dataset.noise", "reference=0.5"],
    ["compare=residual", "reference=true"],
    ["compare=lr", "where={dataset: [digits, wine], depth: [1, 3]}"],
    ["compare=lr", "where={dataset.noise: 0.1, patience: null, residual: false}"],
    ["compare=lr", "where={optimizer: 'it''s: x', lr: 1e-05}"],
    ["compare=lr", "metric=test_loss", "budget=params", "target=0.95", "equivalence=0.01"],
    ["compare=lr", "equal_budgets=false", "experiment=a (b), c"],
]


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_a_report_asks_for_itself_again(asked):
    asked = [word.replace("''", "\\'") for word in asked]
    sweep = composition.compose_job([quoted(word) for word in asked]).sweep
    command, *again = words(sweep, compared(sweep))

    assert command == "report"
    repeated = composition.compose_job(again).sweep
    assert repeated == sweep
    # What is usual needs no word.
    assert len(again) == len([word for word in asked if not word.startswith("experiment=")]) + 1


def quoted(word):
    """An experiment's name as Hydra wants it."""
    key, _, value = word.partition("=")
    return f"{key}='{value}'" if key == "experiment" else word


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
    ("compare", "keys"), [(None, ()), ("depth", ("depth",)), (["lr", "depth"], ("lr", "depth"))]
)
def test_what_is_compared(compare, keys):
    sweep = composition.compose_job([f"compare={as_word(compare)}"]).sweep

    assert compared(sweep) == keys
