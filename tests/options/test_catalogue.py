import ast
import inspect
import re
from itertools import pairwise
from pydoc import locate

import pytest
from omegaconf import OmegaConf

import nnbench
from nnbench.composition import jobs
from nnbench.options import catalogue
from nnbench.options.keys import OF_RUNS


@pytest.fixture(scope="module")
def composed():
    """The configuration without a choice; Hydra takes long for one, so all tests share it."""
    with jobs.composing([]):
        return jobs.compose("config")


def chosen(job, group):
    """The name of the option of a group in a job."""
    return getattr(job.runs[0] if group in OF_RUNS else job.sweep, group).name


def test_every_option_has_its_files_name_and_composes(composed):
    for group in jobs.GROUPS:
        for file in sorted((catalogue.ROOT / "conf" / group).glob("*.yaml")):
            option = catalogue.option(group, file.stem)
            assert option.name == file.stem
            if group == "tracking":
                continue
            values = OmegaConf.load(file)
            if "defaults" in values:
                nnbench.compose([f"{group}={file.stem}"])
                continue
            for key in OmegaConf.missing_keys(values):
                values[key] = "given"
            settings = composed.copy()
            OmegaConf.update(settings, group, values, merge=False)
            assert file.stem in (chosen(jobs.parse(settings), group), "auto")


def test_hydra_composes_an_option_of_every_group():
    last = {group: catalogue.names(group)[-1] for group in jobs.GROUPS if group != "tracking"}
    job = jobs.compose_job([f"{group}={name}" for group, name in last.items()])
    assert {group: chosen(job, group) for group in last} == last


def test_every_optimizer_has_search_ranges_outside_run_keys(composed):
    settings = jobs.plain(composed)
    for file in sorted((catalogue.ROOT / "conf" / "optimizer").glob("*.yaml")):
        written = OmegaConf.to_container(OmegaConf.load(file))
        low, high = written["search"]["lr"]
        assert low <= written["lr"] <= high, f"{file.stem} begins outside of its range"

        def config(values):
            return jobs.job_of({**settings, "optimizer": values}, {}).runs[0]

        for key, ends in written["search"].items():
            low, high = ends
            assert written[key] == 0 or low <= written[key] <= high, f"{file.stem}.{key}"
            for end in ends:
                run = config({**written, key: end})
                assert end in (getattr(run, key, None), run.optimizer.options.get(key))
        plain = config(written)
        assert plain.optimizer.name == file.stem
        assert not [key for key in plain.flat() if "search" in key]
        assert plain == config({**written, "search": {"lr": [1, 2]}})
        del written["search"]
        assert plain == config(written)


def test_typed_search_is_no_setting_of_a_run():
    plain = nnbench.compose(["optimizer=adam"])
    for words in ("optimizer.search.lr=[1,2]", "~optimizer.search"):
        assert nnbench.compose(["optimizer=adam", words]) == plain


def test_users_class_goes_by_its_path():
    config = nnbench.compose(["optimizer._target_=tests.options.test_catalogue.Own", "lr=0.5"])
    assert config.optimizer.name == "tests.options.test_catalogue.Own"
    assert config.optimizer.options == {"beta1": 0.9}
    assert config.lr == 0.5


class Own:
    def __init__(self, beta1):
        pass


SELF_EVIDENT = {"name", "_target_", "place", "defaults", "search", "lr"}
"""Keys of an option's file that mean the same in each; conf/README.md explains them."""


@pytest.mark.parametrize("group", jobs.GROUPS)
def test_every_argument_has_a_comment(group):
    lines = [
        (file.name, line)
        for file in sorted((catalogue.ROOT / "conf" / group).glob("*.yaml"))
        for line in file.read_text("utf-8").splitlines()
        if re.match(r"\w", line) and line.partition(":")[0] not in SELF_EVIDENT
    ]

    assert [(name, line) for name, line in lines if not re.search(r"\s# \S.{3}", line)] == []


@pytest.mark.parametrize("group", ["optimizer", "wrapper", "schedule"])
def test_every_hyperparameter_has_a_docstring(group):
    undocumented = {
        f"{kind.__name__}.{field.target.id}"
        for name in catalogue.names(group)
        if (target := catalogue.option(group, name).target)
        for kind in locate(target).__mro__[:-1]
        for field, text in pairwise([*ast.parse(inspect.getsource(kind)).body[0].body, None])
        if isinstance(field, ast.AnnAssign) and "ClassVar" not in ast.unparse(field.annotation)
        if not isinstance(text, ast.Expr)
    }

    assert undocumented <= {"Lookahead.inner", "SAM.inner"}
