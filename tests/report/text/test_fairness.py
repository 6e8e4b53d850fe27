from dataclasses import replace

import pytest

from nnbench.report.text.fairness import balance
from nnbench.report.text.verdict import verdicts
from tests.report.runs import RATES, compared, findings_of, question, run, table


def fairness_texts(runs, compare="optimizer", **changes):
    asked = question(compare, **changes)
    return list(balance(compared(runs, compare, **changes), asked))


def two(adam, sgd, **changes):
    """Runs of two optimizers at the depths of each."""
    return [
        run(seed, depth, optimizer=name, **changes)
        for name, depths in (("adam", adam), ("sgd", sgd)) for depth in depths for seed in (0, 1)
    ]  # fmt: skip


def test_what_is_balanced_needs_no_word():
    assert fairness_texts(table(*two((1, 2), (1, 2)))) == []
    # Data sets aren't compared with each other.
    assert fairness_texts(table(*two((1, 2), (1, 2)), *two((3, 4), (3, 4), dataset="wine"))) == []


def test_uneven_choice_suggests_the_shared_question():
    (text, command), *_ = fairness_texts(table(*two((1, 2, 3), (3, 4, 5))))

    assert text == (
        "Not every optimizer had the same choice of depth (1, 2 and 3 with adam on digits; 3, 4 "
        "and 5 with sgd on digits), so one may be better because of its depth."
    )
    assert command == (
        "python -m nnbench report experiment=trial compare=optimizer 'where={depth: 3}'"
    )


def test_shared_values_keep_earlier_filters():
    runs = table(*two((1, 2, 3), (2, 3, 4)), *two((1, 2), (1, 2), dataset="wine"))
    (_, command), *_ = fairness_texts(runs, where={"seed": [0, 1]})

    assert command.endswith("compare=optimizer 'where={seed: [0, 1], depth: [2, 3]}'")


def test_nothing_shared_leaves_a_comparison_for_each():
    ((text, command),) = fairness_texts(table(*two((1, 2), (3, 4))))

    assert text.endswith("one may be better because of its depth. No value is common to all.")
    assert command == ""

    others = [run(seed, depth, optimizer="lion") for depth in (2, 3) for seed in (0, 1)]
    ((text, command),) = fairness_texts(table(*two((1, 2), (3, 4)), *others))
    assert text.endswith("No value is common to all.")
    assert command.endswith("experiment=trial 'compare=[depth,optimizer]'")


def test_what_some_data_lack_is_not_asked_for():
    digits = [run(s, d, width=w) for d, widths in ((1, (8, 16)), (3, (8,)))
              for w in widths for s in (0, 1)]  # fmt: skip
    wine = [run(s, d, width=w, dataset="wine") for d in (1, 3) for w in (32, 64) for s in (0, 1)]

    (_, command), *_ = fairness_texts(table(*digits, *wine), "depth", equal_budgets=False)
    assert command.endswith("'where={width: [8, 32, 64]}'")

    # There is nothing that leaves both alike and something of each.
    wine = [run(s, d, width=w, dataset="wine") for d in (1, 3) for w in (16, 32) for s in (0, 1)]
    (_, command), *_ = fairness_texts(table(*digits, *wine), "depth", equal_budgets=False)
    assert command == ""


def test_excluded_choices_differ_from_choices_never_run():
    """One value has all rates at one width, the other at three: three settings are drawn."""
    rows = [
        run(seed, depth, lr=lr, width=width)
        for depth, widths in ((1, (2,)), (3, (4, 8, 16)))
        for width in widths for lr in RATES for seed in (0, 1)
    ]  # fmt: skip

    texts = dict(fairness_texts(table(*rows), "depth"))

    (of_rates,) = [text for text in texts if "choice of learning rate" in text]
    assert of_rates.endswith(
        "All were run, but some were left out, for equal budgets or missing seeds."
    )
    assert texts[of_rates] == ""
    (of_widths,) = [text for text in texts if "choice of width" in text]
    assert of_widths.endswith("No value is common to all.")


@pytest.mark.parametrize("key", ["lr", "weight_decay", "optimizer.beta1"])
def test_ranges_of_its_own_are_no_advantage(key):
    rows = [
        run(seed, optimizer=name, **{key: value})
        for name, values in (("adam", (0.1, 0.2)), ("sgd", (0.3, 0.4)))
        for value in values for seed in (0, 1)
    ]  # fmt: skip
    assert fairness_texts(table(*rows)) == []


def test_incomplete_settings_come_with_the_completing_command():
    rows = [run(seed, depth, lr=lr) for depth in (1, 3) for lr in (0.1, 0.2) for seed in range(3)]
    del rows[-2:]

    assert fairness_texts(table(*rows), "depth")[0] == (
        "Settings that lack seeds of others were left out: 1 setting of depth 3 on digits.",
        "python -m nnbench -m depth=1,3",
    )


def test_partial_seeds_suggest_a_report_on_others():
    """A grid that was run with six seeds, of which one setting was run with more."""
    rows = [run(seed, d, lr=lr) for d in (1, 3) for lr in RATES for seed in range(4, 10)]
    rows += [run(seed, 3, lr=0.1) for seed in range(3)]
    runs, asked = table(*rows), replace(question(), commands=(question().command,) * 2)

    assert next(iter(balance(compared(runs), asked))) == (
        "Seeds that not all settings have were left out: up to 3 seeds of depth 3 on digits.",
        "python -m nnbench report experiment=trial compare=depth "
        "'where={seed: [4, 5, 6, 7, 8, 9]}'",
    )
    # Of fewer seeds there would be no verdict, and of none nothing at all: all get all seeds.
    fewer = [row for row in rows if row["seed"] < 9 or row["depth"] == 3]
    elsewhere = [run(seed, d, dataset="wine") for d in (1, 3) for seed in range(6)]
    for others in (fewer, rows + elsewhere):
        text, command = next(iter(balance(compared(table(*others)), asked)))
        assert "left out" in text
        assert command == f"{question().command} seeds=10"
    said_first = "Take care: seeds that not all settings have were left out"
    assert any(sentence.startswith(said_first) for sentence in verdicts(findings_of(runs)))


def test_another_reference_than_was_asked_for_is_said():
    rows = [run(s, optimizer=name, dataset=data) for s in range(2)
            for data, names in (("iris", ("adam", "sgd", "lion")), ("wine", ("sgd", "lion")))
            for name in names]  # fmt: skip

    assert fairness_texts(table(*rows), reference="adam") == [
        (
            "The reference adam was not run everywhere; instead the others are compared with lion "
            "on wine.",
            "",
        )
    ]
    assert fairness_texts(table(*rows), reference="sgd") == []


def test_default_of_its_own_is_the_same_reference():
    """The usual learning rate depends on the optimizer."""
    rows = [run(s, optimizer=name, lr=lr) for s in range(2)
            for name, rates in (("adam", (0.001, 0.01)), ("sgd", (0.1, 0.01)))
            for lr in rates]  # fmt: skip
    assert fairness_texts(table(*rows), ("optimizer", "lr")) == []

    rows += [run(s, optimizer="momentum", lr=lr) for s in range(2) for lr in (0.3, 3)]
    ((text, _),) = fairness_texts(table(*rows), ("optimizer", "lr"))
    assert text.startswith("The reference is not the same everywhere")


def test_usual_reference_that_is_not_everywhere_is_said():
    rows = [run(s, d, dataset=data) for s in range(2)
            for data, depths in (("iris", (1, 3)), ("wine", (3, 6))) for d in depths]  # fmt: skip

    assert fairness_texts(table(*rows), "depth") == [
        (
            "The reference is not the same everywhere, since not all values were run everywhere: "
            "it is depth 1 on iris and depth 3 on wine.",
            "",
        )
    ]
    # A value that is missing is none of a reference.
    assert (
        fairness_texts(table(*rows[:-1], run(0, 3, dataset="wine")), "depth", where={"depth": 3})
        == []
    )


def test_unequal_seeds_are_said_before_the_verdict():
    runs = table(*(run(s, d) for d, seeds in ((1, 6), (3, 9)) for s in range(seeds)))

    assert (
        "Take care: not all had the same number of seeds: up to 9, but fewer for depth 1 on "
        "digits. Each mean is over its own seeds; differences are over common seeds."
    ) in verdicts(findings_of(runs))


def test_unlike_rates_are_noted_except_for_optimizers():
    rows = [run(s, d, lr=lr) for s in range(2)
            for d, rates in ((1, (0.1, 0.2)), (3, (0.2, 0.3))) for lr in rates]  # fmt: skip
    ((text, command),) = fairness_texts(table(*rows), "depth")
    assert text.startswith(
        "Not every depth had the same choice of learning rate (0.1 and 0.2 with depth 1"
    )
    assert command.endswith("'where={lr: 0.2}'")
