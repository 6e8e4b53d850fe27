import re
from io import StringIO

import pytest

from nnbench.app import terminal, training_view
from nnbench.app.summary import Summary
from nnbench.app.training_view import LINE_SECONDS, TrainingView
from nnbench.sweep.estimate import NOTHING
from nnbench.sweep.execute import Work
from nnbench.sweep.plan import Plan
from tests.app.build_results import ended

RUNS = [
    ended(0.5 + depth / 10 + seed / 100, depth=depth, seed=seed)
    for depth in (1, 3, 2)
    for seed in (0, 1)
]


@pytest.fixture
def console(monkeypatch):
    """A console that records; `is_live` says whether it is a terminal."""

    def make(*, is_live):
        screen = terminal.NeutralConsole(
            width=80, height=30, record=True, force_terminal=is_live, color_system=None,
            file=StringIO(),
        )  # fmt: skip
        monkeypatch.setattr(terminal, "CONSOLE", screen)
        return screen

    return make


@pytest.fixture
def view():
    """A view of a training of `RUNS`, and its time, which only tests change."""

    def make(summary, runs=RUNS):
        todo = Plan(work=[Work([result.config for result in runs], None)])
        view = None
        view = TrainingView(summary, todo, lambda: view.time if view else 100.0)
        view.time = 100.0
        return view

    return make


def add(view, *results):
    for result in results:
        view.summary.add(result)
        view.advance(view.todo.key(result.config))
        view.end(result)


def shown(console, view):
    console.print(view.rendered())
    return console.export_text()


def test_bar_shows_progress_of_running_work(console, view, monkeypatch):
    console(is_live=True)
    bar = view(Summary({}))
    updates = []

    def update(task, completed):
        if task == bar.task:
            updates.append(completed)

    monkeypatch.setattr(bar.bar, "update", update)
    for key, share in (
        ("a", 0.25), ("b", 0.5), ("a", 1.0), ("b", 0.75), ("b", 1.0), ("b", 1.0),
    ):  # fmt: skip
        bar.advance(key, share)

    assert updates == [0.25, 0.75, 1.5, 1.75, 2, 2]


def test_table_fills_as_settings_end(console, view):
    screen = console(is_live=True)
    filling = view(Summary({}))

    assert "depth" not in shown(screen, filling)
    add(filling, *RUNS[:2])
    first = shown(screen, filling)
    assert "0.605 ± 0.007" in first
    assert "0.805 ± 0.007" not in first
    assert "2/6" in first
    add(filling, *RUNS[2:4])
    second = shown(screen, filling)
    assert second.index("0.805 ± 0.007") < second.index("0.605 ± 0.007")


def test_table_fits_the_screen(console, view):
    screen = console(is_live=True)
    screen.height = training_view.OTHER_LINES + 2
    filling = view(Summary({}))
    add(filling, *RUNS)

    text = shown(screen, filling)

    assert "and 1 more setting" in text
    assert len(text.splitlines()) <= screen.height


def test_line_for_each_setting_without_terminal(console, view):
    screen = console(is_live=False)
    plain = view(Summary({}))

    add(plain, *RUNS[:3])
    assert screen.export_text() == "depth=1: test 0.605 ± 0.007 (2 runs)\n"
    plain.time += LINE_SECONDS - 1
    add(plain, RUNS[3])
    assert screen.export_text() == ""
    plain.time += 2
    add(plain, *RUNS[4:])
    assert screen.export_text() == "depth=2: test 0.705 ± 0.007 (2 runs)\n"


def test_single_setting_has_no_line(console, view):
    screen = console(is_live=False)
    plain = view(Summary({}), RUNS[:2])
    add(plain, *RUNS[:2])
    assert screen.export_text() == ""


def test_earlier_runs_of_a_setting_count(console, view):
    screen = console(is_live=False)
    summary = Summary({})
    summary.add_earlier(ended(0.8, depth=1, seed=7))
    plain = view(summary)

    add(plain, *RUNS[:2])

    assert screen.export_text() == "depth=1: test 0.670 ± 0.113 (3 runs)\n"


def test_plain_training_says_how_many_ended(console, view):
    console(is_live=False)
    plain = view(Summary({}))
    add(plain, *RUNS[:3])

    assert plain.state().startswith("3 of 6 ended")


@pytest.mark.parametrize("factor", [0.2, 1, 5], ids="estimate_times_{}".format)
@pytest.mark.parametrize("costs", [(1, 9), (9, 1)], ids=["small_first", "large_first"])
def test_time_left_counts_what_runs_take(console, costs, factor):
    """Half of the runs take nine times as long; the estimates are all wrong by a factor."""
    console(is_live=False)
    small, large = ([ended(depth=depth, seed=n) for n in range(2_000)] for depth in costs)
    works = [
        Work([r.config for r in runs], None, NOTHING._replace(seconds=2_000 * cost * factor))
        for runs, cost in zip((small, large), costs, strict=True)
    ]
    now = [0.0]
    view = TrainingView(Summary({}), Plan(work=works), lambda: now[0])
    whole = 2_000 * sum(costs)
    for runs, cost in zip((small, large), costs, strict=True):
        for result in runs:
            if now[0] >= whole / 10:
                break
            now[0] += cost
            view.advance(view.todo.key(result.config))

    text = view.state()
    left = float(re.search(r"about (\d+) s left", text)[1])
    assert whole - now[0] == pytest.approx(left, rel=0.05)
    assert float(str(view.bar.columns[-1](view.bar.tasks[0])).partition(":")[0]) == left // 3600


@pytest.mark.parametrize("is_live", [False, True])
def test_what_is_left_is_bar_or_lines(console, is_live):
    screen = console(is_live=is_live)
    summary = Summary({})
    todo = Plan(work=[Work([result.config for result in RUNS], None)])

    with training_view.training_view(summary, todo) as view:
        add(view, *RUNS)

    lines = [line for line in screen.export_text().splitlines() if line.strip()]
    if is_live:
        assert "6/6 runs" in lines[-1]
    else:
        assert lines == ["Training 6 runs …", "depth=1: test 0.605 ± 0.007 (2 runs)"]


def test_nothing_to_train_shows_nothing(console):
    screen = console(is_live=False)

    with training_view.training_view(Summary({}), Plan()):
        pass

    assert screen.export_text() == ""
