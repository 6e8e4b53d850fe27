"""A view of MLflow's UI that shows the runs of an experiment as their sweep compares them.

MLflow keeps the views that people share by a link as tags of an experiment. Its usual view has
no setting and no score, and begins with charts of a single number each.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nnbench.options.components import is_number
from nnbench.run.config import Scalar
from nnbench.run.result import BestSetting
from nnbench.track.address import VIEW
from nnbench.track.failures import failures_suppressed
from nnbench.track.settings import SETTING
from nnbench.track.store import Store
from nnbench.track.stored_text import LONGEST

NAME = "nnbench"
"""The name of the view in a link."""

TAG = f"mlflow.sharedViewState.{NAME}"
"""Tag of the experiment that has it."""

BEST = "best_validation_"
"""Beginning of the name of the score by which settings are chosen."""

SECTIONS = {NAME: "Comparison", "metrics": "Model metrics", "system": "System metrics"}
"""The sections that charts are first in, by id; MLflow knows the others by their names."""


def share_view(
    store: Store,
    experiment_id: str,
    keys: Sequence[str],
    settings: Iterable[Mapping[str, Scalar]],
    best: Mapping[str, BestSetting],
) -> None:
    """Put the view of an experiment's newest sweep in place of the one before.

    `keys` are what the settings of its runs differ in, `best` has its best settings by data set. A
    store that fails is left alone.
    """
    words = {key for row in settings for key in keys if not is_number(row.get(key))}
    scores = dict.fromkeys(setting.metric for setting in best.values())
    view = view_of(
        keys,
        [key for key in keys if key not in words],
        [name.removeprefix(BEST) for name in scores],
    )
    text = json.dumps(view)
    if best and len(text) <= LONGEST:
        with failures_suppressed():
            store.client.set_experiment_tag(experiment_id, TAG, text)


def page_of(store: Store, experiment_id: str) -> str:
    """The page of an experiment within any MLflow UI, by the view if there is one."""
    tags = store.client.get_experiment(experiment_id).tags if experiment_id else {}
    view = f"/runs{VIEW}&viewStateShareKey={NAME}" if TAG in tags else VIEW
    return f"#/experiments/{experiment_id}{view}"


def view_of(
    keys: Sequence[str], numbers: Sequence[str], objectives: Sequence[str]
) -> dict[str, Any]:
    """The state of MLflow's page of runs: columns, groups, and charts.

    `numbers` are those of the keys that are numbers, `objectives` are accuracy or r2.
    """
    validation = [f"{BEST}{name}" for name in objectives]
    test = [f"test_{name}" for name in objectives]
    curves = ["validation_loss", *(f"validation_{name}" for name in objectives)]
    columns = [f"params.`{key}`" for key in (*keys, "seed")]
    scores = [f"metrics.`{name}`" for name in (*validation, *test, "n_params", "seconds")]
    parallel = {"selectedParams": list(numbers), "selectedMetrics": test, "showAllRuns": True}
    charts = [
        *(chart("LINE", name, metricKey=name, **LINE) for name in curves),
        *(chart("BAR", name, metricKey=name) for name in test),
        # Of groups, MLflow draws numbers alone.
        *([chart("PARALLEL", "parallel", **parallel)] if numbers else []),
    ]
    return {
        "selectedColumns": [*columns, *scores],
        # The parent run has none.
        "searchFilter": "params.seed LIKE '%'",
        "orderByKey": scores[len(validation)],
        "orderByAsc": False,
        "groupBy": {
            "aggregateFunction": "average",
            "groupByKeys": [{"mode": "tag", "groupByData": SETTING}],
        },
        "compareRunCharts": charts,
        "compareRunSections": [
            {"uuid": uuid, "name": name, "display": True, "isReordered": False}
            for uuid, name in SECTIONS.items()
        ],
        # Or the first section would be sorted among the others.
        "isAccordionReordered": True,
    }


LINE: Mapping[str, Any] = {
    "lineSmoothness": 0,
    "xAxisScaleType": "linear",
    "scaleType": "linear",
    "range": {},
    "xAxisKey": "step",
    "selectedXAxisMetricKey": "",
    "yAxisKey": "metric",
    "yAxisExpressions": [],
    "ignoreOutliers": False,
    "useGlobalXaxisKey": True,
    "useGlobalLineSmoothing": True,
}
"""Settings of a chart of lines as MLflow's UI makes them."""


def chart(kind: str, name: str, **settings: Any) -> dict[str, Any]:
    """A chart of the first section as MLflow's UI keeps it."""
    return {
        "type": kind,
        "uuid": f"{NAME}-{name}",
        "metricSectionId": NAME,
        "runsCountToCompare": 10,
        "deleted": False,
        "isGenerated": False,
        **settings,
    }
