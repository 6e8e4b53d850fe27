"""The user's own files: tables and arrays, and the errors of invalid ones."""

import gzip
import pickle
import warnings
import zipfile
from dataclasses import replace
from urllib.error import HTTPError, URLError

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnbench
from nnbench.assembly import build
from nnbench.composition import jobs
from nnbench.data import csv_files, openml
from nnbench.data.batches import Batches
from nnbench.data.split import split
from nnbench.run.errors import ConfigError
from nnbench.sweep.plan import run_key
from tests.build_small import component

TABLE = "size,colour,note,kind\n" + "".join(
    f"{i / 4},{('red', 'blue', '')[i % 3]},{'big dog' if i % 2 else 'cat'},{'ab'[i % 2]}\n"
    for i in range(40)
)


@pytest.fixture
def written(tmp_path):
    def write(text, name="data.csv"):
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return write


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """A working directory with nothing in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    return tmp_path


def loaded(path, target="kind", option="csv", **options):
    chosen = component("dataset", option)
    settings = {"path": str(path), **({"target": target} if option == "csv" else {}), **options}
    return build.dataset(replace(chosen, options={**chosen.options, **settings}))


def test_numbers_stay_and_categories_become_one_hot(written):
    data = loaded(written(TABLE), drop=["note"])

    assert (data.task, data.classes, data.x.shape) == ("classification", 2, (40, 4))
    np.testing.assert_array_equal(data.x[:, 0], np.arange(40) / 4)
    # In sorted order, what is missing last: blue, red, missing.
    np.testing.assert_array_equal(data.x[:3, 1:], [[0, 1, 0], [1, 0, 0], [0, 0, 1]])
    np.testing.assert_array_equal(data.y, np.arange(40) % 2)


@given(
    st.lists(
        st.tuples(st.one_of(st.none(), st.floats(-1e6, 1e6)), st.sampled_from(["p", "q", "r r"])),
        min_size=4,
        max_size=40,
    ),
    st.integers(1, 7),
)
@settings(max_examples=25, deadline=None)
def test_any_table_comes_back_whatever_the_pieces(tmp_path_factory, rows, piece):
    path = tmp_path_factory.mktemp("tables") / "any.csv"
    frame = pd.DataFrame(rows, columns=["number", "word"]).assign(y=np.arange(len(rows)) / 3)
    frame.to_csv(path, index=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_files, "ROWS", piece)
        data = loaded(path, "y")

    numbers = frame["number"].astype(float).notna().any()
    if numbers:
        np.testing.assert_array_equal(data.x[:, 0], frame["number"].astype(float))
    expected = pd.get_dummies(frame["word"], dtype=float)
    np.testing.assert_array_equal(data.x[:, int(numbers) :], expected)
    np.testing.assert_array_equal(data.y[:, 0], frame["y"])
    assert data.task == ("regression" if len(rows) > 3 else data.task)


def test_late_words_make_a_whole_column_of_words(written, monkeypatch):
    monkeypatch.setattr(csv_files, "ROWS", 4)
    cells = ["1", "01", "1", "01", "x", "x", "1", "01"]
    path = written("a,y\n" + "".join(f"{cell},{i % 2}\n" for i, cell in enumerate(cells)))

    data = loaded(path, "y")

    # In sorted order: 01, 1, x.
    np.testing.assert_array_equal(data.x.argmax(axis=1), [1, 0, 1, 0, 2, 2, 1, 0])


@pytest.mark.parametrize(
    ("values", "task"),
    [
        (["0", "1", "2"], "classification"),
        (["a", "b", "c"], "classification"),
        (["True", "False", "True"], "classification"),
        (["0.5", "1", "2"], "regression"),
        ([str(i) for i in range(30)], "regression"),
    ],
)
def test_task_is_what_the_target_looks_like(written, values, task):
    rows = [f"{i},{value}" for i, value in enumerate(values * 3)]

    assert loaded(written("\n".join(["a,y", *rows])), "y").task == task


def test_task_can_be_said(written):
    path = written("a,y\n" + "".join(f"{i},{i % 3}\n" for i in range(12)))

    assert loaded(path, "y", task="regression").task == "regression"


def test_text_is_hashed(written):
    data = loaded(written(TABLE), text="note", text_features=64, drop=["size", "colour"])

    assert data.x.shape == (40, 64)
    assert len(np.unique(data.x, axis=0)) == 2
    # Two words and their pair; one word.
    assert [np.count_nonzero(row) for row in data.x[:2]] == [1, 3]

    beside = loaded(written(TABLE), text="note", text_features=64)
    np.testing.assert_array_equal(beside.x[:, 4:], data.x)


def test_rows_have_the_shape_that_is_asked_for(written):
    rows = np.arange(72.0).reshape(6, 12)
    lines = [",".join([*map(str, row), str(i % 2)]) for i, row in enumerate(rows)]
    path = written("\n".join([",".join([*"abcdefghijkl", "y"]), *lines]))

    np.testing.assert_array_equal(loaded(path, "y", shape=[6, 2]).x, rows.reshape(6, 6, 2))


def test_cells_may_be_separated_by_tabs(written):
    tabs = written(TABLE.replace(",", "\t"), "tabs.csv")

    expected = loaded(written(TABLE)).fingerprint
    assert {loaded(tabs, separator=tab).fingerprint for tab in ("\t", r"\t")} == {expected}


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zip", ".parquet"])
def test_compressed_files_and_parquet_are_the_same_data(written, tmp_path, suffix):
    frame = pd.read_csv(written(TABLE))
    path = tmp_path / f"data.csv{suffix}"
    if suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False)

    assert loaded(path).fingerprint == loaded(tmp_path / "data.csv").fingerprint


def test_second_file_is_test_part_of_every_run(written):
    test = "size,colour,note,kind\n7,green,cat,a\n8,red,cat,b\n9,red,dog,a\n"
    data = loaded(written(TABLE), test_path=written(test, "test.csv"))

    for seed in (0, 1):
        parts = split(data, seed, 0.1, 0.2)
        np.testing.assert_array_equal(data.x[parts.test][:, 0], [7, 8, 9])
        assert len(parts.validation) == 4
        rest = np.sort(np.r_[parts.train, parts.validation])
        np.testing.assert_array_equal(rest, np.arange(40))
    without = replace(data, test_rows=0)
    assert without.fingerprint != data.fingerprint


def test_what_is_missing_becomes_mean_of_training_part(written):
    rng = np.random.default_rng(0)
    x = rng.normal(5, 3, (60, 3))
    x[rng.random(x.shape) < 0.2] = np.nan
    path = written("")
    pd.DataFrame(x, columns=list("abc")).assign(y=np.arange(60) % 2).to_csv(path, index=False)
    data = loaded(path, "y")
    subsets = split(data, 3, 0.1, 0.2)
    batches = Batches(data, [subsets], "float64")

    got, _ = np.empty((1, len(subsets.test), 3)), np.empty((1, len(subsets.test), 2))
    batches.gather(subsets.test[None], got, _)

    train = x[subsets.train]
    mean, std = np.nanmean(train, axis=0), np.nanstd(train, axis=0)
    filled = np.where(np.isnan(x[subsets.test]), mean, x[subsets.test])
    np.testing.assert_allclose(got[0], (filled - mean) / std, atol=1e-12)
    assert f"{np.isnan(x).sum()} missing numbers: each run fills in the mean" in data.note


def test_column_without_training_numbers_is_left_out():
    x = np.full((30, 1), np.nan)
    x[25:] = 4
    data = replace(build.dataset(component("dataset", "iris")), x=x, y=np.arange(30) % 2, classes=2)
    subsets = replace(split(data, 0, 0.1, 0.2), train=np.arange(20))
    got, targets = np.empty((1, 10, 1)), np.empty((1, 10, 2))

    Batches(data, [subsets], "float64").gather(np.arange(20, 30)[None], got, targets)

    np.testing.assert_array_equal(got, 0)


def test_missing_numbers_train(written):
    rows = [f"{i if i % 5 else ''},{i % 7},{i % 2}" for i in range(60)]
    words = [f"dataset.path={written(chr(10).join(['a,b,y', *rows]))}", "dataset.target=y"]

    result = nnbench.train(nnbench.compose(["dataset=csv", *words, "epochs=2", "depth=1"]))

    assert result.status == "finished"


def test_key_depends_on_content_and_not_on_path(written):
    first, moved, other = (
        written(TABLE),
        written(TABLE, "m.csv"),
        written(TABLE + "1,,,a\n", "o.csv"),
    )
    words = ["dataset=csv", "dataset.target=kind"]

    def key(path):
        config = nnbench.compose([*words, f"dataset.path={path}"])
        return run_key(config, build.dataset(config.dataset).fingerprint)

    assert key(first) == key(moved) != key(other)


def npz(tmp_path, **arrays):
    np.savez(tmp_path / "data.npz", **arrays)
    return tmp_path / "data.npz"


def test_arrays_of_an_npz(tmp_path):
    x, y = np.arange(120.0).reshape(20, 3, 2), np.arange(20) % 2
    path = npz(tmp_path, x=x[:15], y=y[:15], x_test=x[15:], y_test=y[15:])

    data = loaded(path, option="npz")

    assert (data.task, data.test_rows) == ("classification", 5)
    np.testing.assert_array_equal(data.x, x)
    np.testing.assert_array_equal(split(data, 1, 0.1, 0.2).test, np.arange(15, 20))


def test_numbers_of_an_npz_are_a_regression(tmp_path):
    data = loaded(npz(tmp_path, x=np.ones((5, 2)), y=np.arange(10.0).reshape(5, 2)), option="npz")

    assert (data.task, data.outputs) == ("regression", 2)


def refused(*words):
    """The error of an invalid sweep; checks that nothing is written."""
    from nnbench.app.experiment import run_sweep

    with pytest.raises(ConfigError) as caught:
        run_sweep([jobs.compose_job([*words, "jobs=1"])], "here")
    assert "\n" not in str(caught.value)
    return str(caught.value)


LONG = "a,kind\n" + "".join(f"w{i},{i % 2}\n" for i in range(1200))
FEW = "a,kind\n" + "1,x\n1,y\n" * 4


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        (None, {}, "dataset.path=data.csv: no such file"),
        (None, {"path": "."}, "dataset.path=.: is a directory, not a file"),
        ("", {}, "dataset.path=data.csv: is empty"),
        ("a,y\n", {}, "dataset.path=data.csv: has no rows"),
        ("a,kid\n1,2\n", {}, "dataset.target=kind: did you mean kid? there are a, kid"),
        ("a,kind\n1,x\n2,x\n", {}, "dataset.target=kind: every row has 'x', there is nothing"),
        ("a,kind\n1,x\n2,y\n3,x\n", {}, "kind: 2 classes in 3 rows, of which 'y' has 1 row only"),
        ("a,kind\n" + "1,x\n" * 98 + "3,y\n4,y\n", {}, "100 rows, of which 'y' has 2 rows only"),
        ("a,kind\n1,x\n2,\n3,x\n", {}, "dataset.target=kind: 1 of 3 rows have no target; remove"),
        ("a,kind\n1,x\n2\n3,x\n", {}, "reading it failed: expected 2 cells in line 3, found 1"),
        ("a,kind\n1,x\n2,x,3\n3,x\n", {}, "reading it failed: Error tokenizing data."),
        ("a,kind\n1,x,7\n2,x,3\n", {}, "reading it failed: rows have more cells than the header"),
        ("a,kind\n" + "w,x\nv,y\n" * 3, {"shape": "[1]"}, "shape=[1]: column 'a' has text"),
        ("a,b,kind\n" + "1,2,x\n1,2,y\n" * 3, {"shape": "[3]"}, "shape=[3]: must have as m"),
        (FEW, {"shape": "[0]"}, "shape=[0]: must be one to three whole"),
        (FEW, {"task": "fun"}, "dataset.task=fun: must be one of classification, regr"),
        (FEW, {"task": "regression"}, "task=regression needs numbers, but there is 'x'"),
        (FEW, {"text": "b"}, "dataset.text=b: must be one of a, kind"),
        (FEW, {"text": "a", "text_features": 0}, "text_features=0: must be a whole number"),
        (FEW, {"drop": "[b]"}, "dataset.drop=b: must be one of a, kind"),
        (FEW, {"drop": "[a]"}, "target=kind: there is no other column"),
        (FEW.replace("1", "inf"), {}, "column 'a' has a number that is larger than 1e+100"),
        (FEW.replace("1", "-1e200"), {}, "column 'a' has a number that is larger than 1e+100"),
        ("a,kind\n1,1e200\n2,0.5\n", {}, "kind: every number must be finite, and no larger than"),
        ("a,kind\n1,0.5\n2,1.5\n3,n/k\n", {}, "must be a number in every row, but there is 'n/k'"),
        ("a,a,kind\n1,2,x\n1,3,y\n", {}, "reading it failed: two columns are called 'a'"),
        (FEW, {"text": "kind"}, "dataset.text=kind: must be another column than target"),
        (FEW, {"text": "a", "drop": "[a]"}, "dataset.drop=a: must be another column than text"),
        (FEW, {"shape": "[true]"}, "shape=[True]: must be a list, each a whole number or null"),
        (FEW, {"separator": "abc"}, "dataset.separator=abc: must be one character"),
        (FEW, {"test_path": "no.csv"}, "dataset.test_path=no.csv: no such file"),
        (LONG, {}, "column 'a' has 1,200 different words"),
    ],
)  # fmt: skip
def test_unreadable_file_is_one_line(empty, text, options, message):
    if text is not None:
        (empty / "data.csv").write_text(text)
    arguments = {"path": "data.csv", "target": "kind", **options}

    assert message in refused("dataset=csv", *(f"dataset.{k}={v}" for k, v in arguments.items()))
    assert [path.name for path in empty.iterdir()] == (["data.csv"] if text is not None else [])


@pytest.mark.parametrize(
    ("test", "message"),
    [
        ("size,note,kind\n7,cat,a\n", "has no column 'colour', as path has"),
        (TABLE.replace("\n1.0,", "\nbig,"), "column 'size' has text, where path has numbers"),
    ],
)
def test_the_test_part_has_the_same_columns(written, test, message):
    with pytest.raises(ConfigError, match=f"test_path=.*: {message}"):
        loaded(written(TABLE), test_path=written(test, "test.csv"))


@pytest.mark.parametrize("kinds", ["c", "ac"])
def test_class_of_the_test_part_alone_is_refused(written, kinds):
    test = "size,colour,note,kind\n" + "".join(f"1,red,cat,{kind}\n" for kind in kinds * 2)

    with pytest.raises(ConfigError, match="target=kind: the class 'c' must have two rows or more"):
        loaded(written(TABLE), test_path=written(test, "test.csv"))


def test_class_of_the_test_arrays_alone_is_refused(empty):
    x, y = np.ones((4, 2)), np.array([0, 1, 0, 1])
    npz(empty, x=x, y=y, x_test=x, y_test=y + 1)

    assert "y: the class 2 must have two rows or more" in refused(
        "dataset=npz", "dataset.path=data.npz"
    )


def test_word_among_numbers_is_told(written):
    data = loaded(written("a,b,y\n1,u,0\n2,3,1\n?,v,0\n4,w,1\n5,u,0\n6,u,1\n"), "y")

    assert data.x.shape == (6, 10)
    assert "a has '?' among its numbers; a, b one-hot" in data.note


@pytest.mark.parametrize("form", [{}, {"decimal": ","}])
def test_word_among_decimal_commas_is_told(written, form):
    rows = "".join(f"1.{i}00,5{i};{i % 2}\n" for i in range(1, 9))
    path = written(f"a;y\nk. A.;0\n{rows}")

    data = loaded(path, "y", separator=";", **form)
    assert "a has 'k. A.' among its numbers" in data.note
    assert "\"dataset.missing=['k. A.']\" takes what is no number in a for missing" in data.note
    assert loaded(path, "y", separator=";", missing=["k. A."], **form).x[1, 0] == 1100.51
    with pytest.raises(ConfigError, match=r"must be a number in every row, but there is 'k. A.'"):
        loaded(path, "a", separator=";", **form)
    with pytest.raises(ConfigError, match=r"task=regression needs numbers, but there is 'k. A.'"):
        loaded(path, "a", separator=";", task="regression", **form)


@pytest.mark.parametrize("option", ["csv", "npz"])
def test_path_must_be_said(empty, option):
    assert refused(f"dataset={option}") == (
        f"dataset.path=???: must be set; conf/dataset/{option}.yaml describes it"
    )


class Boom:
    def __reduce__(self):
        return (pytest.fail, ("executed",))


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        (None, "path=data.npz: reading it as .npz failed"),
        ({"x": np.ones((4, 2))}, "must have the arrays x and y, and with x_test also y_test"),
        ({"x": np.ones((4, 2)), "y": np.arange(3)}, "y must have a row for each of the 4 of x"),
        ({"x": np.ones(4), "y": np.arange(4)}, "x must be numbers of shape (rows, …)"),
        ({"x": np.array([["a"]]), "y": np.arange(1)}, "x must be numbers of shape (rows, …)"),
        ({"x": np.ones((2, 2)), "y": np.array([Boom(), Boom()])}, "Object arrays cannot be loaded"),
        ({"x": np.ones((2, 2)), "y": np.array([0.5, np.nan])}, "every number of y must be finite"),
        ({"x": np.ones((2, 2)), "y": np.zeros(2)}, "y: every row has 0.0, there is nothing"),
        ({"x": np.ones((2, 2)), "y": np.ones(2) * 1j}, "y must be numbers or words; it is complex"),
        ({"x": np.full((2, 2), -1e200), "y": np.arange(2)}, "x has a number that is larger than"),
    ],
)  # fmt: skip
def test_wrong_arrays_are_said_in_one_line(empty, arrays, message):
    if arrays is None:
        (empty / "data.npz").write_bytes(pickle.dumps([Boom()]))
    else:
        npz(empty, **arrays)

    assert message in refused("dataset=npz", "dataset.path=data.npz")
    assert [path.name for path in empty.iterdir()] == ["data.npz"]


@pytest.mark.parametrize(
    ("raised", "message"),
    [
        (URLError("no route"), "dataset.data_id=61: is not in "),
        (ConnectionResetError("gone"), "no connection to openml.org: gone"),
        (HTTPError("u", 412, "none", None, None), "not found on openml.org: HTTP Error 412"),
        (ValueError("wrong\nversion"), "dataset.data_id=61: wrong version"),
    ],
)
def test_missing_openml_data_is_one_line(empty, monkeypatch, raised, message):
    def fetch(**arguments):
        raise raised

    monkeypatch.setattr(openml, "fetch_openml", fetch)

    assert message in refused("dataset=openml", "dataset.data_id=61")
    assert list(empty.iterdir()) == []


def test_openml_out_of_reach_warns_of_nothing(empty, monkeypatch):
    def fetch(**arguments):
        warnings.warn("A network error occurred while downloading u. Retrying...", stacklevel=1)
        raise URLError("no route")

    monkeypatch.setattr(openml, "fetch_openml", fetch)

    assert "no connection to openml.org" in refused("dataset=openml", "dataset.data_id=61")


def test_openml_needs_a_name_or_a_number(empty):
    assert refused("dataset=openml") == (
        "dataset.data_id=null: must be a number, or null and data_name a name"
    )


def test_table_of_openml(monkeypatch):
    from sklearn.utils import Bunch

    frame = pd.DataFrame({"a": np.arange(8.0), "b": pd.Categorical(list("xyxyxyxy"))})
    frame["class"] = pd.Categorical(list("ppqqppqq"))
    bunch = Bunch(frame=frame, target_names=["class"], details={"id": "61", "licence": "Public"})
    monkeypatch.setattr(openml, "fetch_openml", lambda **arguments: bunch)
    chosen = component("dataset", "openml")

    data = build.dataset(replace(chosen, options={**chosen.options, "data_name": "mine"}))

    assert (data.x.shape, data.classes, data.licence) == ((8, 3), 2, "Public")
    assert data.source == "https://www.openml.org/d/61"


def test_broken_archives_are_said_in_one_line(tmp_path):
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"a,y\n1,2\n" * 99)[:-20])
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.csv", "a,y\n1,2\n")
        archive.writestr("b.csv", "a,y\n1,2\n")
    for name in ("a.csv.gz", "two.zip"):
        with pytest.raises(ConfigError, match="reading it failed"):
            loaded(tmp_path / name, "y")


@pytest.mark.parametrize("name", ["../../../x", "a\\b", "a?b", "%2e%2e", "a b", ""])
def test_path_like_name_is_never_requested(name, monkeypatch):
    monkeypatch.setattr(openml, "fetch_openml", lambda **_: pytest.fail("it was asked for"))
    with pytest.raises(ValueError, match=r"^data_name=.*: must be a name without spaces"):
        openml.load("openml", data_name=name)


def test_default_options_are_no_setting_of_a_run(written):
    """Runs that were tracked before there were these options keep their keys."""
    words = ["dataset=csv", "dataset.target=kind", f"dataset.path={written(TABLE)}"]
    plain = nnbench.compose(words)
    later = ("decimal", "thousands", "missing", "encoding", "skip_rows")
    null = nnbench.compose([*words, *(f"dataset.{key}=null" for key in later)])

    assert set(plain.dataset.options) == {
        "path", "target", "test_path", "task", "shape", "text", "text_features", "drop",
        "separator",
    }  # fmt: skip
    assert null == plain
    assert "dataset.missing" not in plain.flat()
    assert nnbench.compose([*words, "dataset.skip_rows=1"]).flat()["dataset.skip_rows"] == 1
