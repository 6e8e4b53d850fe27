from contextvars import ContextVar
from dataclasses import replace

import pytest

from nnbench.app import terminal
from nnbench.app.summary import ROWS, Summary, show_summary
from nnbench.options import overrides
from nnbench.run.result import RunResult
from tests.build_small import run


def ended(test=0.9, status="finished", reason="", **settings):
    final = {"best_validation_accuracy": test, "test_accuracy": test} if test is not None else {}
    return RunResult(run(**settings), status, None, final, seconds=0.5, reason=reason)


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

    return show


def test_row_for_every_setting_in_order_of_numbers(printed):
    lines = printed(*(ended(depth=d, seed=s) for d in (10, 2) for s in (0, 1))).splitlines()

    rows = [line.split("│")[1:-1] for line in lines if line.startswith("│")]
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["2", "2", "0.900 ± 0.000", "0.900 ± 0.000", "0.50"],
        ["10", "2", "0.900 ± 0.000", "0.900 ± 0.000", "0.50"],
    ]


def test_keys_that_follow_from_others_are_left_out():
    """An optimizer's options and default learning rate follow from its name."""
    summary = Summary({})
    for optimizer in ("adam", "momentum"):
        for depth in (1, 2):
            summary.add(ended(optimizer=optimizer, depth=depth))

    assert summary.varied() == ["optimizer", "depth"]


def test_option_that_varies_by_itself_is_shown():
    summary = Summary({})
    for noise in (0.1, 0.2):
        summary.add(ended(dataset="moons", changes={"dataset": {"noise": noise}}))

    assert summary.varied() == ["dataset.noise"]


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


def test_validation_error_is_infinite_if_run_was_lost():
    summary = Summary({})
    summary.add(ended(0.9))
    assert summary.validation_error() == pytest.approx(0.1)
    summary.add(ended(None, "diverged"))
    assert summary.validation_error() == float("inf")


@pytest.mark.parametrize("figure", [-5.55e15, -1.6e33, 1e300, 1.7e308])
def test_wide_numbers_push_no_column_out(printed, figure):
    text = printed(*(ended(test=sign * figure, depth=1, seed=sign) for sign in (1, -1, 1)))

    assert "…" not in text
    rows = [line for line in text.splitlines() if line.startswith("│")]
    assert [len(row.split("│")) for row in rows] == [7]
    assert rows[0].split("│")[-2].strip() == "0.50"


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
    words = [line.split("│")[1].strip() for line in text.splitlines() if line.startswith("│")]
    assert len(words) == 4 * len(results)
    assert set(words) == {
        "optimizer=sc…e_free_adamw", "optimizer=rm…rop_momentum", "activation=hard_sigmoid",
        "activation=leaky_relu", "norm=layer", "norm=batch", "depth=1", "depth=3",
    }  # fmt: skip
