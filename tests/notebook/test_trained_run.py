"""Trained runs as a notebook shows them, and their charts."""

import json
from dataclasses import replace

import numpy as np
import pytest
import vl_convert

import nnbench
from nnbench.notebook.run_page import POINTS
from nnbench.notebook.trained_run import TrainedRun
from nnbench.run.result import History

from ..pages.markup import addresses, tags, text_of


@pytest.fixture(scope="module")
def trained():
    return {
        name: nnbench.train(nnbench.compose([f"dataset={name}", "epochs=4", "width=8"]))
        for name in ("iris", "diabetes")
    }


def drawn(chart):
    """The points of each panel: [{(set, epoch): value}], loss first."""
    specification = chart.to_dict()
    datasets = specification["datasets"]
    panels = []
    for panel in specification["hconcat"]:
        data = panel["data"] if "data" in panel else panel["layer"][-1]["data"]
        rows = json.loads(datasets[data["name"]])
        panels.append({(row.pop("set"), row.pop("epoch")): row for row in rows})
    return panels


@pytest.mark.parametrize(("name", "metric"), [("iris", "accuracy"), ("diabetes", "r2")])
def test_plot_draws_every_point_of_the_curves(trained, name, metric):
    run = trained[name]

    loss, score = drawn(run.plot())

    for panel, own in ((loss, "loss"), (score, metric)):
        assert set(panel) == {(s, e) for s in ("training", "validation") for e in range(5)}
        for (of_set, epoch), row in panel.items():
            curve = run.history.curves[f"{of_set.removesuffix('ing')}_{own}"]
            assert row[own] == pytest.approx(curve[epoch], rel=1e-5)


def test_plot_is_a_chart_that_vega_draws(trained):
    specification = trained["iris"].plot().to_dict()
    svg = vl_convert.vegalite_to_svg(specification)

    assert "dataset=iris, model=mlp, depth=3, width=8" in svg
    for text in ("loss (log)", "accuracy", "training", "validation"):
        assert text in svg


def test_long_curves_are_thinned_and_keep_both_ends(trained):
    run = trained["iris"]
    epochs = 5 * POINTS + 3
    curve = np.linspace(1.0, 0.0, epochs)
    curve[epochs // 2] = np.nan
    curves = {"train_loss": curve, "validation_loss": curve}
    history = History(np.arange(epochs), curves, (), np.empty(0), {})

    (loss,) = drawn(replace(run, history=history).plot())

    assert len(loss) <= 2 * POINTS
    assert {("training", 0), ("validation", epochs - 1)} <= set(loss)
    # A logarithmic axis has no zero.
    assert min(row["loss"] for row in loss.values()) > 0


def test_run_without_curves_says_why(trained):
    run = replace(trained["iris"], history=None, status="failed", reason="no\nfile <b>")

    with pytest.raises(ValueError, match=r"^this run \(failed\) left no curves: no\\nfile <b>$"):
        run.plot()
    html = run._repr_html_()
    assert "img" not in tags(html)
    assert "failed: no\nfile <b>" in text_of(html)


def test_display_has_the_metrics_of_each_set(trained):
    run = trained["iris"]

    html = run._repr_html_()

    text = text_of(html)
    assert f"test {100 * run.final['test_accuracy']:.1f}%" in text
    assert f"validation {100 * run.final['best_validation_accuracy']:.1f}%" in text
    assert f"At the best epoch, {run.final['best_epoch']:.0f} of 4; 211 parameters." in text
    assert len(addresses(html)) == 1
    assert addresses(html)[0].startswith("data:image/svg+xml;base64,")


def test_runs_of_a_stack_have_displays():
    configs = nnbench.compose_all(["dataset=iris", "epochs=1", "seeds=2"])

    results = nnbench.train_stack(configs)

    assert [type(result) for result in results] == [TrainedRun] * 2
    assert [result.config.seed for result in results] == [0, 1]
