"""Tables of runs as a notebook shows them: a few columns of many, escaped."""

import pandas as pd

from nnbench.notebook.runs_table import MOST_COLUMNS, RunsTable

from ..pages.markup import tags, text_of
from ..report.runs import depths, run, table

FILL = {f"gradient_norm/{layer}_dense": 0.1 for layer in range(MOST_COLUMNS)}


def wide(runs):
    return RunsTable(runs.assign(model="mlp", epochs=50, **FILL))


def test_wide_table_shows_varied_settings_and_results():
    runs = wide(
        table(*(run(seed, depth, 0.9, l1=depth / 10) for seed in (0, 1) for depth in (1, 3)))
    )
    runs["batch_size"] = [16, 32, 64, 128]

    html = runs._repr_html_()

    # l1 follows from depth, epochs are the same in all.
    assert runs.shown_columns() == [
        "run_id", "dataset", "depth", "width", "lr", "optimizer", "seed", "model",
        "status", "best_epoch", "best_validation_accuracy", "test_accuracy",
    ]  # fmt: skip
    assert f"12 of {runs.shape[1]} columns" in text_of(html)
    assert "gradient_norm" not in html
    assert len(runs.columns) == runs.shape[1]


def test_reasons_are_shown_where_there_are_any():
    runs = wide(depths({1: [0.9, 0.8], 3: [0.9, 0.8]}))
    assert "reason" not in runs.shown_columns()

    runs.loc[0, "reason"] = "train_loss exploded"

    assert runs.shown_columns()[-1] == "reason"


def test_selected_columns_are_shown_as_they_are():
    runs = wide(depths({1: [0.9, 0.8]}))

    selected = runs[["gradient_norm/1_dense", "run_id"]]

    assert isinstance(selected, RunsTable)
    assert selected._repr_html_() == pd.DataFrame(selected)._repr_html_()


def test_no_name_in_a_table_becomes_markup():
    hostile = "<img src=x onerror=alert(1)>\x1b[2J\u202e"
    runs = RunsTable({"dataset": [hostile], hostile: ["</td><script>x</script>"]})

    html = runs._repr_html_()

    assert tags(html) <= {"div", "style", "table", "thead", "tbody", "tr", "th", "td"}
    assert not set(html) & set("\x1b\u202e")
    assert "<img src=x onerror=alert(1)>\\x1b[2J\\u202e" in text_of(html)


def test_empty_table_is_shown():
    assert "depth" in wide(depths({1: [0.9]})).iloc[:0]._repr_html_()
