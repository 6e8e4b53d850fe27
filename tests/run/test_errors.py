import pytest

from nnbench.run.errors import suggestion


def test_names_whose_spaces_would_be_lost_are_in_quotes():
    assert suggestion("income", [" income", "age"]) == (
        "did you mean ' income'? there are ' income', age"
    )
    assert suggestion("x", ["a  b", "c d"]) == "must be one of 'a  b', c d"


def test_a_word_of_any_length_is_looked_up_at_once():
    assert suggestion("x" * 10**7, ["depth"]) == "must be one of depth"


@pytest.mark.parametrize(
    ("typed", "meant"), [("adma", "adam"), ("admaw", "adamw"), ("rleu", "relu"), ("depht", "depth")]
)
def test_swapped_letters_come_first(typed, meant):
    names = ["adam", "adamax", "adamw", "depth", "elu", "prelu", "relu"]
    assert suggestion(typed, names).startswith(f"did you mean {meant}?")
