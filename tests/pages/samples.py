"""Reports from made-up runs: one as large as reports become, one whose every name is an attack."""

import shlex
from dataclasses import replace

import numpy as np

from nnbench.report import write_report

from ..report.runs import RATES, Curves, lost, question, run, table

LONG = (
    "a_data_set_with_a_name_that_no_axis_has_room_for",
    "my_package.with.a.path.Activation(negative_slope=0.01)",
)
DATASETS = ("digits", "breast_cancer", "diabetes", "wine", LONG[0])
ACTIVATIONS = ("relu", "tanh", "sigmoid", "gelu", "leaky_relu", "hard_sigmoid", "softplus", LONG[1])

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><script>alert(1)</script>",
    "`x` | y | [z](javascript:alert(1)) ![i](http://evil.invalid/i.png)",
    "' onmouseover=alert(1) <!-- <script> -->",
    "two\nlines\n\n# a heading\n- an item\n<b>bold</b>",
    "{{ 7*7 }} {% raw %} ${alert(1)} \\u003cb\\u003e",
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
                        made = run(
                            seed, depth, figure, figure + 0.01, figure + 0.03, metric=metric,
                            dataset=name, lr=lr, n_params=1000 * (depth + 1), reason=reason,
                        )  # fmt: skip
                        rows.append(made)
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
    for number, name in enumerate(HOSTILE):
        for seed in range(3):
            for value in HOSTILE:
                settings = {"dataset": name, "activation": value, HOSTILE[1]: HOSTILE[number]}
                rows.append(run(seed, 1, 0.8 + number / 100 + seed / 1000, **settings))
        rows.append(lost(5, 1, dataset=name, activation=name, reason=name))
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
