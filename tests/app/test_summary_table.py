import re
from contextvars import ContextVar
from dataclasses import replace

import pytest
from rich.cells import cell_len

from nnbench.app import terminal
from nnbench.app.summary import Summary
from nnbench.app.summary_table import ROWS, shortened, show_summary
from nnbench.options import overrides
from tests.app.build_results import ended


def cells(lines):
    """The cells of each row of a table."""
    heading = next(number for number, line in enumerate(lines) if "━" in line or "─" in line)
    return [re.split(r"\s{2,}", line.strip()) for line in lines[heading + 1 :] if line.strip()]


@pytest.fixture
def printed(monkeypatch):
    """Text printed for a list of results, on a screen of 80 columns."""
    console = terminal.Console(width=80, record=True, quiet=False)
    monkeypatch.setattr(terminal, "CONSOLE", console)

    def show(*results, skipped=()):
        summary = Summary(dict(skipped))
        for result in results:
            summary.add(result)
        show_summary(summary)
        return console.export_text()

    show.console = console
    return show


def test_equal_settings_stand_in_order_of_numbers(printed):
    lines = printed(*(ended(depth=d, seed=s) for d in (10, 2) for s in (0, 1))).splitlines()

    assert cells(lines) == [
        ["2", "2", "0.900 ± 0.000", "0.900 ± 0.000", "0.50"],
        ["10", "2", "0.900 ± 0.000", "0.900 ± 0.000", "0.50"],
    ]


def test_best_setting_comes_first_failures_last(printed):
    results = [ended(0.7, depth=1), ended(0.9, depth=3), ended(None, "failed", "x", depth=2)]

    assert [row[0] for row in cells(printed(*results).splitlines())[:3]] == ["3", "1", "2"]


def test_settings_are_sorted_within_their_data_set(printed):
    results = [
        ended(test, dataset=dataset, depth=depth)
        for dataset, depth, test in (
            ("iris", 1, 0.5), ("iris", 3, 0.6), ("digits", 1, 0.4), ("digits", 3, 0.3),
        )
    ]  # fmt: skip

    rows = cells(printed(*results).splitlines())

    assert [row[:2] for row in rows] == [
        ["digits", "1"], ["digits", "3"], ["iris", "3"], ["iris", "1"],
    ]  # fmt: skip


def test_one_setting_shows_its_depth(printed):
    assert "depth" in printed(ended())


def test_fate_and_reason_of_lost_runs_are_told(printed):
    text = printed(
        ended(None, "diverged", "loss was inf"),
        ended(None, "failed", "no such [file]", seed=1),
        skipped={"makes no sense": 3},
    )

    assert "2, 1 diverged, 1 failed" in text.replace("\n", " ")
    assert "1 diverged: loss was inf" in text
    assert "1 failed: no such [file]" in text
    assert "3 skipped: makes no sense" in text


def test_reasons_are_cut_but_counted(printed):
    ends = [ended(None, "diverged", f"exploded at step {n}", seed=n) for n in range(20)]

    text = printed(*ends, ended(None, "diverged", "exploded at step 7", seed=99))

    assert "2 diverged: exploded at step 7" in text
    assert text.count("exploded at step") == terminal.REASONS
    assert f"and {20 - terminal.REASONS} more runs" in text


def test_run_that_stalled_has_figures_and_a_reason(printed):
    text = printed(ended(0.1, reason="stalled: train_loss never fell"))

    assert "0.100" in text
    assert "1 finished, but stalled: train_loss never fell" in text


def test_names_are_no_markup(printed):
    results = [replace(r, config=replace(r.config, dtype="[red]x")) for r in [ended()]]

    assert "[red]x" in printed(*results, ended())


def test_long_tables_are_cut(printed):
    text = printed(*(ended(depth=d) for d in range(ROWS + 5)))

    assert "and 5 more settings" in text


def test_lost_runs_count_as_the_worst(printed):
    lost = [ended(None, "diverged", "exploded", seed=s) for s in (1, 2)]

    assert "~ 0.900" in printed(ended(0.9), ended(0.95, seed=3), ended(0.97, seed=4), *lost)
    assert "—" in printed(ended(0.9), *lost)


@pytest.mark.parametrize("figure", [-5.55e15, -1.6e33, 1e300, 1.7e308])
def test_wide_numbers_push_no_column_out(printed, figure):
    text = printed(*(ended(test=sign * figure, depth=1, seed=sign) for sign in (1, -1, 1)))

    assert "…" not in text
    (row,) = cells(text.splitlines())
    assert len(row) == 5
    assert row[-1] == "0.50"


@pytest.mark.parametrize("figure", [float("nan"), float("inf"), -float("inf")])
def test_figures_that_are_no_numbers_count_as_worst(printed, figure):
    text = printed(*(ended(test=t, depth=1, seed=s) for s, t in enumerate((0.9, 0.8, figure))))

    assert "~ 0.800" in text
    assert "nan" not in text


def test_no_ended_run_prints_a_line(printed):
    lines = printed(skipped={"makes no sense": 3}).splitlines()

    assert lines == ["no run ended, so there are no scores", "3 skipped: makes no sense"]


@pytest.mark.parametrize(("word", "name"), [("macs=10", "macs"), ("flops=10", "flops")])
def test_reasons_name_keys_as_typed(printed, monkeypatch, word, name):
    monkeypatch.setattr(overrides, "TYPED", ContextVar("TYPED", default=(word,)))

    lines = printed(skipped={"flops=10: no width comes near": 2}).splitlines()

    assert lines[-1] == f"2 skipped: {name}=10: no width comes near"


def test_a_narrow_screen_breaks_no_name(printed):
    results = [
        ended(optimizer=name, activation=activation, norm=norm, depth=depth)
        for name in ("schedule_free_adamw", "rmsprop_momentum")
        for activation in ("hard_sigmoid", "leaky_relu")
        for norm in ("layer", "batch")
        for depth in (1, 3)
    ]

    text = printed(*results)

    assert max(map(len, text.splitlines())) <= 80
    words = [row[0] for row in cells(text.splitlines())]
    assert len(words) == 4 * len(results)
    assert set(words) == {
        "optimizer=schedule_free_adamw", "optimizer=rmsprop_momentum", "activation=hard_sigmoid",
        "activation=leaky_relu", "norm=layer", "norm=batch", "depth=1", "depth=3",
    }  # fmt: skip


@pytest.mark.parametrize("width", [80, 60])
def test_no_word_of_a_table_is_broken(printed, width):
    names = ("schedule_free_adamw_of_mine", "rmsprop_momentum", "größe_größe_größe_größe_größe")
    ends = ((-5.55e15, "finished"), (None, "diverged"), (None, "failed"))
    results = [
        ended(
            test, status, "" if test else "x", seed=seed, norm=norm, depth=depth, dtype=name,
            activation="hard_sigmoid" if depth == 1 else "leaky_relu",
        )
        for name in names
        for norm in ("layer", "batch")
        for depth in (1, 3)
        for seed, (test, status) in enumerate(ends)
    ]  # fmt: skip

    printed.console.width = width
    text = printed(*results)

    assert max(map(len, text.splitlines())) <= width
    assert {"runs", "validation", "test", "seconds"} <= set(text.split())
    words = set(re.split(r"[\s,]+", text))
    assert {"diverged", "failed", "norm=layer", "norm=batch"} <= words


def test_wide_characters_are_counted_as_they_are_shown():
    assert shortened("数据集=深度学习的数据", 21) == "数据集=深度学习的数据"
    cut = shortened("数据集=深度学习的数据", 20)
    assert cut == "数据集=深…习的数据"
    assert cell_len(cut) <= 20
