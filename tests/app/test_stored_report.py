"""report.json as data: its recipe as words, and everything that is refused of it."""

import json
import re
import sys

import pytest

from nnbench.app import stored_report
from nnbench.app.stored_report import question_words, read_report, stored_reports, words_of
from nnbench.composition.jobs import compose_job
from nnbench.composition.shared import compose_jobs
from nnbench.options import catalogue
from nnbench.report.compare.runs_table import plain
from nnbench.run.config import SweepConfig
from nnbench.run.errors import ConfigError

OPTIONS = {key: catalogue.names(key) for key in ("optimizer", "schedule", "activation", "init")}

CONFIGURATIONS = [
    ["dataset=iris"],
    ["params=5000", "model=cnn", "residual=true", "norm=batch", "batch_size=full"],
    [
        "model=rnn",
        "dataset=mnist1d",
        "dataset.shuffled=true",
        "clip_norm=1",
        "dataset.train_rows=50",
    ],
    ["macs=9000", "optimizer=lion", "weight_decay=0.1", "optimizer.beta1=0.8", "wrapper=sam"],
    ["schedule=multistep", "average=ema", "init=orthogonal", "dtype=float64", "patience=3"],
    ["schedule=cosine", "schedule.warmup=0.25", "loss=focal", "activation=prelu", "dropout=0.5"],
    ["dataset=csv", "dataset.path='häuser, 1.csv'", "dataset.target=price", "dataset.decimal=','"],
    # Every option of each group, in as many configurations as the largest group has.
    *[
        [f"{key}={names[i % len(names)]}" for key, names in OPTIONS.items()]
        for i in range(max(map(len, OPTIONS.values())))
    ],
]

VALID = {
    "question": {
        "title": "Is it deep, or isn't it?", "compare": ["depth"], "where": {"lr": [0.1, 0.2]},
        "reference": 1, "metric": None, "budget": None, "target": None, "equivalence": 0.005,
        "equal_budgets": True,
    },
    "recipe": {
        "engine": 8, "seconds": 12.5, "seeds": [0, 1],
        "shared": {k: v for k, v in compose_job(["dataset=iris"]).settings[0].flat().items()
                   if k not in ("depth", "seed")},
        "settings": [{"values": {"depth": 1}, "digest": "ab"},
                     {"values": {"depth": 2}, "digest": ""}],
    },
}  # fmt: skip


def written(directory, **changes):
    """A directory with a report.json that differs from a valid one in some values of its parts."""
    data = json.loads(json.dumps(VALID))
    for name, value in changes.items():
        *parents, last = name.split("__")
        inner = data
        for key in parents:
            inner = inner[key]
        inner[last] = value
    (directory / "report.json").write_text(json.dumps(data), encoding="utf-8")
    return directory


def shared(**values):
    return {**VALID["recipe"]["shared"], **{k.replace("__", "."): v for k, v in values.items()}}


def as_stored(flat):
    """Values of a configuration as a recipe has them: no truth, whole float or solved width."""
    values = {key: str(value) if isinstance(value, bool) else plain(value)
              for key, value in flat.items() if key != "seed"}  # fmt: skip
    return values | {"width": None} if values["params"] or values["flops"] else values


@pytest.mark.parametrize("words", CONFIGURATIONS, ids=" ".join)
def test_words_compose_the_same_configuration(words):
    config = compose_job(words).settings[0]
    stored = as_stored(config.flat())

    (job,) = compose_jobs([list(words_of(stored, ()))])

    assert job.settings[0] == config


def test_report_is_its_settings_and_its_question(tmp_path):
    report = read_report(written(tmp_path))

    assert (report.engine, report.seconds, report.runs) == (8, 12.5, 4)
    assert [item.digest for item in report.settings] == ["ab", ""]
    assert [list(item.seeds) for item in report.settings] == [[0, 1], [0, 1]]
    assert compose_job(report.settings[1].words).settings[0].depth == 2
    sweep = compose_job(report.question).sweep
    assert isinstance(sweep, SweepConfig)
    assert (sweep.title, sweep.compare) == ("Is it deep, or isn't it?", ["depth"])
    assert (sweep.where, sweep.reference) == ({"lr": [0.1, 0.2]}, 1)
    assert list(question_words(VALID["question"]))


def test_seeds_may_differ(tmp_path):
    settings = [{"values": {"depth": d}, "digest": "", "seeds": [7 + d, d]} for d in (1, 2)]

    report = read_report(written(tmp_path, recipe__seeds=[], recipe__settings=settings))

    assert [list(item.seeds) for item in report.settings] == [[1, 8], [2, 9]]


REFUSED = {
    "an environment variable": ({"recipe__shared": shared(dtype="${oc.env:HOME}")}, "dtype="),
    "a variable in a title": ({"question__title": "${oc.env:HOME}?"}, "title="),
    "a variable in a list": ({"question__where": {"lr": ["${oc.env:HOME}"]}}, "where="),
    "a place to write to": ({"recipe__shared": shared(hydra__dir="/tmp")}, "hydra.dir is no key"),
    "a key of the sweep": ({"recipe__shared": shared(experiment="x")}, "experiment is no key"),
    "a class": ({"recipe__shared": shared(optimizer___target_="os.system")}, "is no key"),
    "a class as name": ({"recipe__shared": shared(optimizer="os.system")}, "optimizer=os.system:"),
    "a file as name": ({"recipe__shared": shared(optimizer="../config")}, "optimizer=../config:"),
    "no name": ({"recipe__shared": shared(optimizer=["adam"])}, "optimizer="),
    "no words": ({"recipe__shared": shared(**{"+depth=1 --x": 1})}, "is no key"),
    "a negative seed": ({"recipe__seeds": [-1]}, "seed=-1"),
    "a seed that is true": ({"recipe__seeds": [True]}, "seed="),
    "no seeds": ({"recipe__seeds": []}, "has no 'seeds'"),
    "a seed twice": ({"recipe__seeds": [1, 1]}, "seeds are"),
    "no settings": ({"recipe__settings": []}, "it has no runs"),
    "settings of text": ({"recipe__settings": "depth"}, "is damaged"),
    "no recipe": ({"recipe": None}, "an earlier version wrote it"),
    "another tool's": ({"question": "why"}, "is none of nnbench's"),
    "no engine": ({"recipe__engine": None}, "is damaged"),
    "endless seconds": ({"recipe__seconds": "ages"}, "is damaged"),
    "no question": ({"question": {}}, "has no 'compare'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_invalid_reports_are_refused_in_one_line(case, tmp_path):
    changes, expected = REFUSED[case]

    with pytest.raises(ConfigError, match=re.escape(expected)) as error:
        read_report(written(tmp_path, **changes))

    assert len(str(error.value).splitlines()) == 1
    assert len(str(error.value)) < 400


@pytest.mark.parametrize(
    ("content", "expected"),
    [(None, "has no readable report.json"), (b"", "no valid JSON"), (b'{"question": {', "no valid"),
     (b"[" * 100_000, "no valid JSON"), (b"\xff\xfe", "no valid JSON"),
     (b"[1]", "none of nnbench's")],
)  # fmt: skip
def test_other_files_are_refused(content, expected, tmp_path):
    if content is not None:
        (tmp_path / "report.json").write_bytes(content)
    with pytest.raises(ConfigError, match=expected):
        read_report(tmp_path)
    with pytest.raises(ConfigError, match="no such folder"):
        read_report(tmp_path / "absent")
    with pytest.raises(ConfigError, match="no such folder"):
        read_report(tmp_path / ("x" * 300))


def test_report_that_nests_too_deep_is_refused(tmp_path, monkeypatch):
    """The depth of JSON that is read depends on the version of Python."""
    entry = {"dataset": "digits"}
    for _ in range(2 * sys.getrecursionlimit()):
        entry = {"inner": entry}
    monkeypatch.setattr(stored_report, "read_data", lambda _: {**VALID, "groups": [entry]})

    with pytest.raises(ConfigError, match="is damaged: maximum recursion depth"):
        read_report(tmp_path)


def test_a_class_must_be_named_by_the_user(tmp_path):
    stored = written(tmp_path, recipe__shared=shared(optimizer="tests.own.Optimizer"))

    report = read_report(stored, ["tests.own.Optimizer"])

    assert "optimizer._target_=tests.own.Optimizer" in report.settings[0].words
    with pytest.raises(ConfigError, match=r"trust=\[…\]"):
        read_report(stored, ["tests.own.Other"])


def test_reports_of_a_folder_are_listed(tmp_path):
    for name in ("b", "a", "other"):
        (tmp_path / name).mkdir()
    written(tmp_path / "b")
    written(tmp_path / "a", recipe=None)

    listed = dict(stored_reports(tmp_path))

    assert list(listed) == [tmp_path / "a", tmp_path / "b"]
    assert listed[tmp_path / "a"] is None
    assert listed[tmp_path / "b"].runs == 4
