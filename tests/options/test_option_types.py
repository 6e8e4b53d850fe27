"""Every option of every file in conf/ takes values of its own kind, and names any other."""

import pytest

from nnbench.composition import jobs
from nnbench.options import catalogue
from nnbench.options.catalogue import SETTLED, option
from nnbench.options.components import is_number
from nnbench.options.kinds import name_of
from nnbench.options.option_types import kinds, typed
from nnbench.run.config import Component
from nnbench.run.errors import ConfigError, InvalidRunError

FILES = [
    (group, file.stem)
    for group in jobs.GROUPS
    for file in sorted((catalogue.ROOT / "conf" / group).glob("*.yaml"))
]
WRONG = {
    "bool": [0, 1, 10**18, 1.0, "true", "yes", None, [True], {"a": True}],
    "int": [True, False, 1.5, float("nan"), float("inf"), 1e400, "3", "word", None, [1], {"a": 1}],
    "float": [True, False, float("nan"), float("-inf"), "0.1", "word", None, [0.1], {"a": 0.1}],
    "str": [True, None, ["a"], {"a": 1}],
    "list": [True, 3, "a", {"a": 1}],
}


def options():
    """Group, file, option and usual value of everything in conf/ that has one."""
    for group, name in FILES:
        component = option(group, name)
        for key, usual in (component.options or {}).items():
            if key not in SETTLED.get(group, ()) and usual is not None and usual != "???":
                yield group, name, key, usual


OPTIONS = list(options())


def changed(group, name, key, value):
    component = option(group, name)
    return Component(name, component.target, {**component.options, key: value})


@pytest.mark.parametrize(("group", "name", "key", "usual"), OPTIONS)
def test_values_of_another_kind_are_named(group, name, key, usual):
    kind = kinds(group, name, option(group, name).target)[key]
    whole = is_number(usual) and kind in (int, int | None)
    sort = "int" if whole else "float" if is_number(usual) else type(usual).__name__
    for value in WRONG[sort]:
        may_be = (value is None and "null" in name_of(kind)) or (
            isinstance(value, str) and "text" in name_of(kind)
        )
        if may_be:
            continue
        with pytest.raises(ConfigError, match=rf"^{group}\.{key}=.*: must be (?!.*\n)") as caught:
            typed(group, changed(group, name, key, value))
        assert isinstance(caught.value, InvalidRunError) == (group not in ("tracking", "launcher"))


@pytest.mark.parametrize(("group", "name", "key", "usual"), OPTIONS)
def test_values_of_the_kind_stay_as_they_are(group, name, key, usual):
    value = typed(group, changed(group, name, key, usual)).option(key)
    assert (value, type(value)) == (usual, type(usual))


def test_whole_numbers_are_whole_however_they_are_written():
    moons = typed("dataset", changed("dataset", "moons", "samples", 1e3))
    assert (moons.option("samples"), type(moons.option("samples"))) == (1000, int)
    shape = changed("dataset", "csv", "shape", [8.0, 8, 1])
    assert repr(typed("dataset", shape).option("shape")) == "[8, 8, 1]"


def test_numbers_are_text_where_text_is_asked_for():
    assert typed("dataset", changed("dataset", "csv", "target", 2024)).option("target") == "2024"


def test_required_option_may_be_set_later():
    assert typed("dataset", option("dataset", "csv")).option("path") == "???"


def test_class_of_the_users_takes_what_it_likes():
    own = Component("mypackage.Mine", "mypackage.Mine", {"beta1": True, "plan": {"a": [None]}})
    assert typed("optimizer", own) is own


def test_another_name_does_not_free_a_shipped_class():
    adam = option("optimizer", "adam")
    with pytest.raises(ConfigError, match=r"^optimizer\.beta1=true: must be a number$"):
        typed("optimizer", Component("mine", adam.target, {"beta1": True}))


def test_what_stands_for_nothing_has_no_options():
    with pytest.raises(ConfigError, match=r"^norm\.x=1: none has no such option, see conf/norm$"):
        typed("norm", Component("none", "", {"x": 1}))
