"""Two compared keys in one picture."""

from nnbench.report.two import axis_and_colour, coloured, undrawn_text, values_of
from tests.report.runs import lost, run, table

from .sections.asking import findings


def comparison(names, keys=("activation", "depth"), gone=()):
    """Activations that are the worse the later their name comes, but none for the test part."""
    rows = [
        lost(s, d, activation=name) if name in gone and s == 0
        else run(s, d, test=i / 100, validation=0.9 - i / 100, activation=name)
        for s in range(2) for d in (1, 3) for i, name in enumerate(names)
    ]  # fmt: skip
    return findings(table(*rows), *keys).comparison


def test_the_key_with_an_order_is_the_axis():
    assert axis_and_colour(comparison(("relu", "tanh"))) == ("depth", "activation")
    both = comparison(("relu", "tanh"), ("depth", "activation"))
    assert axis_and_colour(both) == ("depth", "activation")


def test_of_two_keys_with_an_order_the_first_is_the_axis():
    runs = table(*(run(s, d, lr=lr) for s in range(2) for d in (1, 3) for lr in (0.1, 1.0)))
    assert axis_and_colour(findings(runs, "lr", "depth").comparison) == ("lr", "depth")


def test_values_of_a_key_are_in_order():
    assert values_of(comparison(("tanh", "relu")), "depth") == [1, 3]
    assert values_of(comparison(("tanh", "relu")), "activation") == ["relu", "tanh"]


def test_of_too_many_colours_those_best_on_the_validation_part_are_drawn():
    found = comparison("abcdefghij", gone="a")
    assert coloured(found, "activation") == list("bcdefghi")
    assert "Of the 10 values of activation, the 8 with" in undrawn_text(found, "activation")
    assert undrawn_text(comparison("abc"), "activation") == ""
