"""Best settings at the end of what was tried."""

from dataclasses import replace

import pytest

from nnbench.report.analysis.grid_edges import edges
from nnbench.report.sections.limits import make as limits
from nnbench.report.text.verdict import verdicts
from tests.report.runs import NOISE, compared, findings_of, question, run, table


def at_ends(runs, compare="depth", **changes):
    return edges(compared(runs, compare, **changes), question(compare, **changes))


def tuned(best, depth=1, seeds=2, rates=(0.001, 0.01, 0.1), **changes):
    """Runs at learning rates, of which one is the best on the validation set."""
    return [
        run(s, depth, validation=0.9 if lr == best else 0.5, lr=lr, **changes)
        for lr in rates for s in range(seeds)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("best", "at"), [(0.001, [(0.001, False)]), (0.01, []), (0.1, [(0.1, True)])]
)
def test_either_end_is_an_edge(best, at):
    assert [
        (found_edge.value, found_edge.is_largest) for found_edge in at_ends(table(*tuned(best)))
    ] == at


def test_each_value_has_its_own_grid():
    """Grids of other values may go on where its own ends."""
    rows = [*tuned(0.01, 1, rates=(0.001, 0.01)), *tuned(0.01, 3, rates=(0.01, 0.1))]
    first, second = at_ends(table(*rows))

    assert (first.group.value, first.value, first.is_largest) == (1, 0.01, True)
    assert (second.group.value, second.value, second.is_largest) == (3, 0.01, False)
    assert first.further == pytest.approx((0.001, 0.01, 0.03))
    assert second.further == (0.0033, 0.01, 0.1)
    assert not second.is_drawn


def test_what_was_not_chosen_has_no_edge():
    rows = [*tuned(0.01, 1), *(run(s, 3, lr=0.1) for s in range(2))]
    assert at_ends(table(*rows), equal_budgets=False) == []


def test_what_equal_budgets_left_out_was_tried():
    """Depth 3 has two more rates than depth 1, above and below those that both have."""
    rows = [*tuned(0.1, 1, rates=(0.03, 0.1, 0.3)), *tuned(0.1, 3, rates=(0.01, 0.03, 0.1, 0.3, 1))]
    rows = [row for row in rows if (row["depth"], row["lr"]) not in {(1, 0.3)}]

    (edge,) = at_ends(table(*rows))
    assert (edge.group.value, edge.tried) == (1, (0.03, 0.1))


def test_zero_and_words_have_no_lower_end():
    rows = [run(s, d, 0.9 - p, dropout=p) for d in (1, 3) for p in (0.0, 0.5) for s in range(2)]
    assert at_ends(table(*rows)) == []
    rows = [run(s, d, activation=a) for d in (1, 3) for a in ("relu", "tanh") for s in range(2)]
    assert at_ends(table(*rows)) == []


def test_a_verdict_says_so_first():
    rows = [*tuned(0.1, 1, seeds=8), *tuned(0.01, 3, seeds=8)]
    assert verdicts(findings_of(table(*rows)))[0].startswith(
        "In 1 of 2 cases the best learning rate may lie beyond what was tried, so a wider"
    )


def test_yes_and_no_have_no_ends():
    rows = [run(s, d, residual=r) for d in (1, 3) for r in (True, False) for s in range(2)]
    assert at_ends(table(*rows)) == []


@pytest.mark.parametrize(
    ("key", "tried", "best", "beyond"),
    [
        ("lr", (0.01, 0.1), 0.1, (0.01, 0.1, 0.3)),
        ("lr", (0.03, 0.1), 0.03, (0.01, 0.03, 0.1)),
        ("depth", (1, 2, 3), 3, (1, 2, 3, 6)),
        ("depth", (1, 2, 3), 1, (0, 1, 2, 3)),
        # Nothing is as wide as that.
        ("batch_size", (1, 2, 3), 1, ()),
        ("batch_size", (2, 4), 2, (1, 2, 4)),
        # Nobody knows whether a number may be larger.
        ("dropout", (0.1, 0.5), 0.5, ()),
        ("optimizer.power", (1, 2), 2, ()),
    ],
)
def test_what_lies_beyond(key, tried, best, beyond):
    compare = "model" if key == "depth" else "depth"
    rows = [
        run(s, **{"depth": 1, compare: value, key: tried_value}, test=0.9 - abs(tried_value - best))
        for value in (1, 3) for tried_value in tried for s in range(2)
    ]  # fmt: skip
    found_edges = at_ends(table(*rows), compare)

    assert [edge.further for edge in found_edges] == [pytest.approx(beyond)] * 2


def test_command_goes_on_with_grid_and_with_search():
    few, many = ([lr / 100 for lr in range(1, count)] for count in (4, 16))
    drawn = [0.01234, 0.2345]
    listed = ",".join(map(str, [*many, 0.45]))
    for rates, words in (
        (few, "lr=0.01,0.02,0.03,0.09"),
        (many, f"lr={listed}"),
        (drawn, "search=8"),
    ):
        rows = [run(s, d, lr, lr=lr) for d in (1, 3) for lr in rates for s in range(2)]
        points = limits(findings_of(table(*rows))).points
        (command,) = [
            command for text, command in points if text.startswith("The best learning rate may")
        ]
        assert command.endswith(words)


@pytest.mark.parametrize(
    ("rates", "command", "word"),
    [
        # Fewer settings were compared than the search has drawn.
        ([0.01234, 0.2345], "python -m nnbench -m depth=1,3 search=40", "search=160"),
        ([0.1, 0.2], "python -m nnbench -m depth=1,3 lr=0.001,0.1,0.2", "lr=0.001,0.1,0.2,0.6"),
    ],
)
def test_the_command_keeps_what_was_typed(rates, command, word):
    rows = [run(s, d, lr, lr=lr) for d in (1, 3) for lr in rates for s in range(2)]
    seen = findings_of(table(*rows))
    seen = replace(seen, question=replace(seen.question, commands=(command,)))
    (wider,) = [
        line for text, line in limits(seen).points if text.startswith("The best learning rate may")
    ]
    assert word in wider.split()


def test_tried_values_outside_where_make_no_edge():
    runs = table(*tuned(0.1), *tuned(0.1, 3))
    assert len(at_ends(runs)) == 2
    assert at_ends(runs, where={"lr": [0.01, 0.1]}) == []


def test_section_is_named_only_where_it_has_commands():
    runs = table(*tuned(0.1, seeds=8), *tuned(0.1, 3, seeds=8))
    seen = findings_of(runs)
    assert "has the commands" in verdicts(seen)[0]
    several = replace(seen, question=replace(seen.question, commands=tuple("abcd")))
    assert verdicts(several)[0].endswith("may change what follows.")
    # Nobody knows how far a probability goes.
    rows = [run(s, d, 0.9 + NOISE[s] * d, validation=p, dropout=p)
            for d in (1, 3) for p in (0.1, 0.5) for s in range(6)]  # fmt: skip
    sentences = [text for text in verdicts(findings_of(table(*rows))) if "best dropout" in text]
    assert len(sentences) == 1
    assert sentences[0].endswith("may change what follows.")


def test_edge_at_one_layer_is_none_with_sizes():
    for size, count in ((None, 2), (5000, 0)):
        rows = [run(s, d, 0.9 - d / 10, model=model, params=size)
                for model in ("mlp", "cnn") for d in (1, 2, 3) for s in range(2)]  # fmt: skip
        assert len(at_ends(table(*rows), "model")) == count


def test_sizes_are_written_with_all_their_digits():
    rows = [run(s, d, params=size, test=size / 9e6)
            for d in (1, 3) for size in (1234567, 2000000) for s in range(2)]  # fmt: skip
    points = limits(findings_of(table(*rows))).points
    (command,) = [command for text, command in points if text.startswith("The best params may")]
    assert command.endswith("params=1234567,2000000,4000000")
