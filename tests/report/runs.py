"""Tables of runs, as if read from a store."""

import json

import numpy as np
import pandas as pd

from nnbench.report import Question, outline, write_report
from nnbench.report.analysis.findings import find
from nnbench.report.compare.compare_runs import compare_runs
from nnbench.run.result import History, RunHistories
from nnbench.training.layer_statistics import STATISTICS

RATES = (0.001, 0.01, 0.1)
NOISE = np.array([0.01, -0.01, 0.02, -0.02, 0.0, 0.005])
"""Amounts that six seeds add to a score."""
COMMAND = "python -m nnbench -m depth=1,3"


def run(seed=0, depth=1, test=0.9, validation=None, train=None, metric="accuracy", **changes):
    """One row: a finished run with the given metrics."""
    validation = test if validation is None else validation
    row = {
        "status": "finished", "sweep": "s", "reason": "", "trouble": "", "layer": "",
        "artifacts": "", "seconds": 1.0, "stack_runs": 1,
        "dataset": "digits", "depth": depth, "width": 8, "lr": 0.001, "optimizer": "adam",
        "test_size": 0.2, "validation_size": 0.1, "seed": seed, "n_params": 10 + 5 * depth,
        "steps": 30, "best_epoch": 2, f"test_{metric}": test, f"test_{metric}_last": test,
        f"best_validation_{metric}": validation,
        f"best_train_{metric}": test if train is None else train,
        **changes,
    }  # fmt: skip
    key = repr({name: row[name] for name in row if not name.startswith(("test_a", "best_"))})
    return {"run_id": key, "key": key, **row}


def lost(seed=0, depth=1, status="diverged", reason="train_loss exploded", **changes):
    """One row: a run that diverged or failed."""
    row = run(seed, depth, status=status, reason=reason, **changes)
    prefixes = ("test_a", "best_", *(("n_params", "steps") if status == "failed" else ()))
    return {name: v for name, v in row.items() if not name.startswith(prefixes)}


def table(*rows):
    return pd.DataFrame(rows)


def depths(scores):
    """Runs by depth: {depth: test accuracies by seed}."""
    return table(*(run(s, d, test) for d, tests in scores.items() for s, test in enumerate(tests)))


def question(compare="depth", experiment="trial", command=COMMAND, **changes):
    keys = (compare,) if isinstance(compare, str) else tuple(compare)
    report = f"python -m nnbench report experiment={experiment} compare={','.join(keys)}"
    changes = {"sections": outline({}), **changes}
    changes = {"commands": (command,), **changes}
    return Question(experiment, keys, report_command=report, **changes)


def compared(runs, compare="depth", **changes):
    """The groups of a table of runs."""
    return compare_runs(runs, question(compare, **changes), Curves(runs))


def answered(runs, asked):
    """All that a report knows of a table of runs, whose curves are made up."""
    return find(runs, Curves(runs), asked)


def findings_of(runs, compare="depth", **changes):
    """The same, of a question that is made up as well."""
    return answered(runs, question(compare, **changes))


BEFORE = {"accuracy": 0.1, "r2": -0.2, "rmse": 9.0, "loss": 2.5}
"""Metrics of the network before training."""


class Kept(dict, RunHistories):
    """Histories by run_id."""


class Curves(RunHistories):
    """Made-up histories of the runs of a table: all epochs are as good as the best one.

    Where the best is the last, it is better by next to nothing, unless it is perfect.
    """

    def __init__(self, runs, epochs=4, without=()):
        self.rows = {row["run_id"]: row for row in runs.to_dict("records")}
        self.epochs = epochs
        self.without = without

    def __getitem__(self, run_id):
        row = self.rows[run_id]
        if row["status"] == "failed" or run_id in self.without:
            raise KeyError(run_id)
        epochs = 1 if row["status"] == "diverged" else self.epochs
        falling = np.exp(-np.arange(epochs, dtype=float))
        curves = {"train_loss": falling, "validation_loss": falling}
        for name, before in BEFORE.items():
            best = row.get(f"best_validation_{name}")
            if best is not None:
                course = np.array([before] + [best] * (epochs - 1), float)
                if row.get("best_epoch") == row.get("epochs"):
                    # Better by so little, whichever direction that is, that nothing else changes.
                    course[1:-1] += (-1e-9 if name in ("accuracy", "r2") else 1e-9) * (best != 1)
                curves[f"validation_{name}"] = course
        layers = tuple(f"{i + 1}_dense" for i in range(int(row["depth"]) + 1))
        return History(
            epochs=np.arange(epochs),
            curves=curves,
            layers=layers,
            moments=np.arange(epochs),
            layer_statistics=dict.fromkeys(STATISTICS, np.full((epochs, len(layers)), 0.5)),
        )

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)


def report(runs, tmp_path, **changes):
    return write_report(runs, Curves(runs), question(**changes), tmp_path / "reports" / "trial")


def as_strict(value):
    """The data of a report, read as strict JSON."""

    def refuse(name):
        raise ValueError(name)

    text = (value.page.parent / "report.json").read_text("utf-8")
    return json.loads(text, parse_constant=refuse)


TABLES = {
    "one run": table(run()),
    "one value": depths({3: [0.9, 0.8, 0.85]}),
    "one seed": depths({1: [0.9], 3: [0.8]}),
    "many seeds": depths({d: 0.9 - d / 100 + np.arange(20) / 1000 for d in (0, 1, 3)}),
    "all diverged": table(*(lost(s, d) for s in range(3) for d in (1, 3))),
    "all failed": table(*(lost(s, d, "failed", "no such file") for s in range(3) for d in (1, 3))),
    "some lost": table(run(0), lost(1), run(0, 3), run(1, 3)),
    "regression": table(*(run(s, d, 0.4, metric="r2") for s in range(6) for d in (1, 3))),
    "both tasks": table(
        *(run(s, d) for s in range(3) for d in (1, 3)),
        *(run(s, d, metric="r2", dataset="diabetes") for s in range(3) for d in (1, 3)),
    ),
    "learning rates": table(
        *(run(s, d, 0.9 - lr, lr=lr) for s in range(3) for d in (1, 3) for lr in RATES)
    ),
    "a rate that diverges": table(
        *(
            lost(s, d, lr=lr) if lr == 0.1 else run(s, d, 0.9 - lr, lr=lr)
            for s in range(3) for d in (1, 3) for lr in RATES
        )
    ),
    "missing settings": table(run(0, 1, width=None), run(0, 3)),
    "scores that are not numbers": table(run(0, 1, float("nan")), run(0, 3)),
    "many": table(
        *(
            run(s, d, 0.9 - d / 100 + s / 1000, dataset=name)
            for s in range(3) for d in range(9) for name in "abcdefg"
        )
    ),
}  # fmt: skip


def texts(table):
    """Cells of a table as they are shown, row by row."""
    return [[str(cell) for cell in row] for row in table.rows]
