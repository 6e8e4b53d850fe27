"""Texts of single sections of a report."""

from dataclasses import replace

import numpy as np
import pytest

from nnbench.report import write_report
from nnbench.training.layer_statistics import weight_layers

from ..pages.charts import charts, figures_of
from .runs import TABLES, Curves, Kept, depths, question, report, run, table

pytestmark = pytest.mark.usefixtures("undrawn")


def test_norms_belong_to_the_weights_before_them():
    layers = ("1_dense", "2_batchnorm", "3_prelu", "4_dense", "5_dense", "6_layernorm")
    assert weight_layers(layers) == [range(3), range(3, 4), range(4, 6)]


def test_rate_at_the_edge_comes_with_a_command(tmp_path):
    readme = report(TABLES["learning rates"], tmp_path).readme.with_name("evidence.md").read_text()

    assert "The best learning rate may lie below the smallest that was tried, 0.001" in readme
    assert "python -m nnbench -m depth=1,3 lr=0.00033,0.001,0.01,0.1" in readme
    assert "one learning rate only" not in readme
    assert "figures/learning-rates.svg" in readme


def test_a_single_seed_supports_no_verdict(tmp_path):
    readme = (
        report(depths({1: [0.9], 3: [0.8]}), tmp_path).readme.with_name("evidence.md").read_text()
    )

    assert "One seed supports no verdict, since there is none below 6." in readme


def test_limits_are_said_with_commands(tmp_path):
    readme = (
        report(depths({1: [0.9] * 3, 3: [0.8] * 3}), tmp_path)
        .readme.with_name("evidence.md")
        .read_text()
    )

    assert "one learning rate only (0.001)" in readme
    assert "python -m nnbench -m depth=1,3 lr=0.0001,0.0003,0.001,0.003,0.01" in readme
    assert "With 3 seeds even a difference that all of them agree on has p = 0.25" in readme
    assert "python -m nnbench -m depth=1,3 seeds=20" in readme
    assert "All runs were on digits" in readme


def test_groups_of_unequal_size_are_named(tmp_path):
    readme = (
        report(depths({1: [0.9] * 3, 3: [0.8] * 2}), tmp_path)
        .readme.with_name("evidence.md")
        .read_text()
    )

    assert (
        "Not all had the same number of seeds: up to 3, but fewer for depth 3 on digits" in readme
    )


def test_vanished_gradient_has_a_place_on_its_axis(tmp_path):
    runs = TABLES["one seed"]
    curves = {
        name: replace(
            history,
            layer_statistics={k: 0 * f + 1e-30 for k, f in history.layer_statistics.items()},
        )
        for name, history in Curves(runs).items()
    }

    page = write_report(runs, Kept(curves), question(), tmp_path / "x").page.read_text()

    by_layer = [chart for chart in charts(page) if "layer, from the input" in str(chart)]
    logarithmic = [chart for chart in by_layer if "(log)" in str(chart)]
    drawn = [figure for chart in logarithmic for figure in figures_of(chart, "statistic")]
    assert len(drawn) >= 8
    assert set(drawn) == {1e-12}


def test_earlier_engines_are_left_out_of_layers(tmp_path):
    runs = TABLES["one seed"]
    curves = {
        name: replace(history, moments=np.empty(0, int), layer_statistics={})
        for name, history in Curves(runs).items()
    }

    report = write_report(runs, Kept(curves), question(), tmp_path / "x")

    assert "Learning curves" in report.page.read_text()
    assert "Layer statistics" not in report.page.read_text()


def test_layers_are_shown_in_few_panels(tmp_path):
    page = report(TABLES["one seed"], tmp_path).page.read_text()

    for title in ("before training", "at the end of training", "relative weight update per step",
                  "spread of the outputs", "dead units"):  # fmt: skip
        assert page.count(f"digits: {title}") == 1


def test_what_varied_besides_is_question_of_its_own(tmp_path):
    rows = [
        run(seed, depth, 0.8 + 0.1 * (norm == "batch"), norm=norm, lr=lr, **{"norm.momentum": lr})
        for depth in (1, 3)
        for norm in ("none", "batch")
        for lr in (0.1, 0.2)
        for seed in range(2)
    ]
    readme = report(table(*rows), tmp_path).readme.with_name("evidence.md").read_text()

    assert "python -m nnbench report experiment=trial compare=norm" in readme
    assert readme.endswith("\n")


def test_what_was_drawn_along_is_said(tmp_path):
    rows = [
        run(seed, depth, lr=lr, **{"optimizer.beta1": beta})
        for depth in (1, 3)
        for lr, beta in ((0.1, 0.5), (0.2, 0.7))
        for seed in range(2)
    ]
    readme = report(table(*rows), tmp_path).readme.with_name("evidence.md").read_text()

    assert "Also varied: learning rate (and with it optimizer.beta1)." in readme
    assert "the setting with the best smoothed mean validation curve was chosen" in readme
    assert "neighbouring points differ in those, too" in readme


def test_a_seed_that_chose_for_itself_is_said(tmp_path):
    rows = [run(0, d, lr=lr, **{"optimizer.beta1": lr}) for d in (1, 3) for lr in (0.1, 0.2)]
    readme = report(table(*rows), tmp_path).readme.with_name("evidence.md").read_text()

    assert (
        "One seed chose learning rate (and with it optimizer.beta1) for itself for depth 1 and 3 on"
        in readme
    )


def test_equal_and_unequal_budgets_are_stated(tmp_path):
    rows = [run(s, d, lr=lr) for d, n in ((1, 2), (3, 4)) for lr in range(1, n + 1) for s in (0, 1)]

    equal = report(table(*rows), tmp_path).readme.with_name("evidence.md").read_text()
    assert "Larger grids were subsampled to the same number of settings on each data set" in equal
    assert "shared settings first: depth 3 on digits" in equal
    assert "Not all had the same number of settings" not in equal

    asked = replace(question(), equal_budgets=False)
    free = write_report(table(*rows), Curves(table(*rows)), asked, tmp_path / "x")
    text = free.readme.with_name("evidence.md").read_text()
    assert "Not all had the same number of settings to choose from: up to 4, but fewer for" in text
    assert "were subsampled" not in text


@pytest.mark.parametrize(("best", "is_said"), [(10, True), (9, False)])
def test_runs_that_were_still_getting_better_are_said(best, is_said, tmp_path):
    rows = [run(s, d, epochs=10, best_epoch=best if s == 0 else 3) for d in (1, 3) for s in (0, 1)]

    readme = report(table(*rows), tmp_path).readme.with_name("evidence.md").read_text()

    assert ("In 50% of the compared runs the last epoch was the best" in readme) is is_said
    assert ("python -m nnbench -m depth=1,3 epochs=20" in readme) is is_said


def test_what_is_listed_in_part_says_so(tmp_path):
    rows = [run(seed, 3, optimizer=f"o{i}", lr=i + 1) for i in range(15) for seed in range(2)]
    readme = (
        report(table(*rows), tmp_path, compare="optimizer")
        .readme.with_name("evidence.md")
        .read_text()
    )

    assert "; and 3 more), so their effects are not separable" in readme


def test_how_near_equal_sizes_come_is_said(tmp_path):
    rows = [run(0, d, size_residual=r, params=99) for d, r in ((1, -0.021), (3, 0.004))]
    readme = report(table(*rows), tmp_path).readme.with_name("evidence.md").read_text()
    assert "All runs have a target size" in readme
    assert "off by at most 2.1%." in readme
    readme = report(table(*rows, run(0, 6)), tmp_path).readme.with_name("evidence.md").read_text()
    assert "Some runs have a target size;" in readme
    assert (
        "target size"
        not in report(table(run(0), run(0, 3)), tmp_path)
        .readme.with_name("evidence.md")
        .read_text()
    )
