"""The sections that every inspection has: probes, similarity, method."""

import altair as alt
import numpy as np
import pandas as pd

from nnbench.engine.arrays import Array
from nnbench.inspection.findings import Findings
from nnbench.inspection.outputs import MOST, title_of
from nnbench.pages import Section, Table
from nnbench.pages.cells import Cell, Number, count_cell, metric_cell
from nnbench.pages.figures import UNORDERED, Figure, axis_of, chart
from nnbench.pages.wording import METRIC_NAMES, count_text, metric_text

WRITTEN = 12
"""Layers, at most, of which each pair has its number written into it."""


def layers(findings: Findings) -> Section:
    """What can be read from each layer, and in how many directions it speaks."""
    metric = findings.metric
    name = METRIC_NAMES[metric]
    rows: list[list[Cell]] = [
        [
            layer.title,
            count_cell(layer.numbers),
            count_cell(layer.varying),
            metric_cell(metric, layer.train_score),
            metric_cell(metric, layer.validation_score),
            Number(f"{layer.effective_rank:.2f}", layer.effective_rank),
        ]
        for layer in findings.layers
    ]
    table = Table(
        name="layers",
        columns=("layer", "numbers", "that vary", f"probe, training ({name})",
                 f"probe, validation ({name})", "effective rank"),
        rows=rows,
        data=pd.DataFrame(
            [
                {
                    "layer": layer.name, "numbers": layer.numbers, "varying": layer.varying,
                    f"probe_train_{metric}": layer.train_score,
                    f"probe_validation_{metric}": layer.validation_score,
                    "effective_rank": layer.effective_rank,
                }
                for layer in findings.layers
            ]
        ),
        notes=notes(findings),
    )  # fmt: skip
    text = (
        "If layers go from simple to complex features, a linear model reads more and more from "
        "them, layer by layer, until the last is about as good as the network itself.",
    )
    return Section(
        "layers",
        "What a linear model reads from each layer",
        text,
        tables=[table],
        figures=[course(findings)],
    )


def notes(findings: Findings) -> list[str]:
    """What has to be known to read the table."""
    made = [f"The network itself: {metric_text(findings.metric, findings.own_score)}."]
    if findings.metric == "accuracy":
        share = 100 / len(findings.validation)
        made.append(f"One example of the validation part counts for {share:.2f} points.")
    averaged = [layer.title for layer in findings.layers if layer.averaged]
    if averaged:
        made.append(
            f"Of {', '.join(averaged)}, which put out more than {MOST:,} numbers, the mean of each "
            "channel over all places."
        )
    early = [layer.title for layer in findings.layers if not layer.probe.converged]
    if early:
        made.append(f"The probe of {', '.join(early)} was stopped before it had converged.")
    return made


def course(findings: Findings) -> Figure:
    """Probe and effective rank by layer."""
    metric, name = findings.metric, METRIC_NAMES[findings.metric]
    frame = pd.DataFrame(
        [
            {"layer": layer.name, "part": part, "score": score, "rank": layer.effective_rank}
            for layer in findings.layers
            for part, score in (
                ("training", layer.train_score),
                ("validation", layer.validation_score),
            )
        ]
    )
    order = [layer.name for layer in findings.layers]
    x = alt.X("layer:O", sort=order, title="layer", axis=alt.Axis(labelAngle=0, labelOverlap=True))
    parts = ["training", "validation", "the network, validation"]
    colour = alt.Color(
        "part:N", title="", sort=parts, scale=alt.Scale(domain=parts, range=list(UNORDERED[:3])),
        legend=alt.Legend(symbolOpacity=1, columns=2, labelLimit=220),
    )  # fmt: skip
    y = alt.Y("score:Q", title=name, axis=axis_of(metric), scale=alt.Scale(zero=False))
    form = ".1%" if metric == "accuracy" else ".3f"
    tooltip = ["layer:O", "part:N", alt.Tooltip("score:Q", title=name, format=form)]
    lines = (
        chart(frame)
        .mark_line(point=alt.OverlayMarkDef(size=45), strokeWidth=1.8)
        .encode(x=x, y=y, color=colour, tooltip=tooltip)
    )
    own = pd.DataFrame([{"score": findings.own_score, "part": parts[2]}])
    rule = chart(own).mark_rule(strokeWidth=1.8, strokeDash=[5, 4]).encode(y=y, color=colour)
    ranks = (
        chart(frame[frame["part"] == "validation"])
        .mark_bar(color=UNORDERED[0], opacity=0.75)
        .encode(
            x=x,
            y=alt.Y("rank:Q", title="effective rank"),
            tooltip=["layer:O", alt.Tooltip("rank:Q", title="effective rank", format=".2f")],
        )
        .properties(title="directions in use")
    )
    caption = (
        f"{name.capitalize()} of linear probes by layer, with the network's own as a dashed line, "
        "and the effective rank of what each layer puts out."
    )
    probed = alt.layer(lines, rule).properties(title="linear probes")
    return Figure("probes", caption, [probed, ranks], panels_a_row=2, clickable=False)


def similarity(findings: Findings) -> Section:
    """How alike the layers are, two by two."""
    names = list(findings.names)
    frame = pd.DataFrame(
        [
            {"first": a, "second": b, "cka": None if np.isnan(value) else float(value),
             "text": "" if np.isnan(value) else f"{value:.2f}"}
            for a, row in zip(names, findings.similarity, strict=True)
            for b, value in zip(names, row, strict=True)
        ]
    )  # fmt: skip
    axis = alt.Axis(labelAngle=0, labelOverlap=True, ticks=False, domain=False)
    x = alt.X("second:O", sort=names, title="layer", axis=axis)
    y = alt.Y("first:O", sort=names, title="layer", axis=axis)
    scale = alt.Scale(domain=[0, 1], scheme="purples")
    base = chart(frame)
    panel = base.mark_rect().encode(
        x=x,
        y=y,
        color=alt.Color("cka:Q", title="linear CKA", scale=scale, legend=None),
        tooltip=["first:O", "second:O", alt.Tooltip("cka:Q", title="linear CKA", format=".3f")],
    )
    if len(names) <= WRITTEN:
        ink = alt.condition("datum.cka > 0.55", alt.value("white"), alt.value("#1d1f27"))
        panel = alt.layer(
            panel, base.mark_text(fontSize=11).encode(x=x, y=y, text="text:N", color=ink)
        )
    silent = [title_of(name) for i, name in enumerate(names) if np.isnan(findings.similarity[i, i])]
    text = [
        "1 means that two layers say the same of the examples but for a rotation and a scale; 0 "
        "that nothing linear connects them. Blocks of layers that are alike do little to each "
        "other's outputs.",
    ]
    if silent:
        text.append(f"For all examples the same comes from {', '.join(silent)}: dead layers.")
    data = frame.drop(columns="text")
    table = Table(
        name="similarity",
        columns=("layer", *names),
        rows=[
            [a, *(Number("—" if np.isnan(cka) else f"{cka:.2f}", cka) for cka in row)]
            for a, row in zip(names, findings.similarity, strict=True)
        ],
        data=data,
        folded=True,
    )
    caption = "Linear CKA between all pairs of layers; darker is more alike."
    figure = Figure("similarity", caption, [panel], square=True, clickable=False)
    return Section("similarity", "How alike the layers are", text, tables=[table], figures=[figure])


def method(findings: Findings) -> Section:
    """How the figures were made."""
    regression = findings.metric == "r2"
    kind = "ridge regression" if regression else "logistic regression"
    score = "R² (the mean over targets)" if regression else "accuracy"
    return Section("method", "How this was measured", points=[(text, "") for text in (
        f"A probe is scikit-learn's {kind} with its usual penalty, on standardised outputs of a "
        f"layer: fitted to {rows_text(findings.train, findings.parts.train)} of the training part, "
        f"{score} on {rows_text(findings.validation, findings.parts.validation)} of the validation "
        "part. The input is what the network gets, standardised.",
        "What a hidden layer puts out is taken after its norm and activation and, in a residual "
        "network, after its input was added. Of images and sequences all places count, before any "
        f"pooling; of more than {MOST:,} numbers, the mean of each channel.",
        "The effective rank is the exponential of the entropy of the normalised singular values of "
        "the centred outputs (Roy & Vetterli 2007), on the training rows of the probes: a layer "
        "that uses k directions equally has k.",
        "Linear CKA is centred kernel alignment (Kornblith et al. 2019), on the same rows.",
        "The best epoch was chosen on the validation part as well, so that the network's own "
        "figure flatters it a little. A probe that reads more shows that it is easier to read "
        "linearly, not that the network uses it.",
    )])  # fmt: skip


def rows_text(taken: Array, part: Array) -> str:
    """How many rows of a part were looked at."""
    if len(taken) == len(part):
        return f"all {count_text(len(part), 'example')}"
    return f"{len(taken):,} of {count_text(len(part), 'example')}"
