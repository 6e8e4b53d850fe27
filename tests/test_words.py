"""Any words at all: an exit code, at most one line of errors, no traceback, nothing written."""

from unicodedata import category

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nnbench.options.keys import KEYS

VALUES = [
    "1", "-1", "1e9", "1e400", "nan", "-inf", "true", "null", "''", "'a b'", "abc", "[1]", "[a,b]",
    "{a: 1}", "{}", "[]", "${nope}", "${width}", "${oc.env:NOPE}", "${oc.env:", "1,2", "a,b",
    "range(1,3)", "range(3,1)", "range(1,3,0)", "interval(0,1)", "choice(a,b)", "glob(*)",
    "shuffle(1,a)", "sort(1,a)", "tag(x,1)", "int(a)", "../../x", "=3", "\n", "\t", "\x1b[2J", "é",
    "\udcff", "9" * 5000, "x" * 5000, "$(id)", "`id`", "'", '"', "\\", "a:b", "???", "_self_",
]  # fmt: skip
KEY = st.sampled_from(
    [
        *KEYS, "optimizer.lr", "optimizer.beta1", "optimizer._target_", "optimizer.search.lr",
        "dataset.samples", "tracking.uri", "tracking.model", "sections.curves", "sweeps", "nope",
        "hydra", "hydra.mode", "hydra.launcher", "hydra/launcher", "hydra.sweeper.params",
        "hydra.searchpath", "hydra.foo", "optimizer@x", "a.b.c", "", ".", "depth.x", "where.depth",
    ]
)  # fmt: skip
SETTING = st.builds(
    lambda sign, key, equals, value: f"{sign}{key}{equals}{value}",
    st.sampled_from(["", "", "", "+", "++", "~"]),
    KEY,
    st.sampled_from(["=", "=", "=", "=", "", "=="]),
    st.one_of(st.sampled_from(VALUES), st.text(max_size=5).filter(lambda t: "\0" not in t)),
)
FLAG = st.sampled_from(["-m", "--multirun", "--cfg", "job", "--nope", "-x", "--resolve", "--", "-"])
COMMAND = st.sampled_from(["", "", "", "train", "report", "sync", "inspect", "replay", "data"])


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(command=COMMAND, words=st.lists(st.one_of(SETTING, SETTING, SETTING, FLAG), max_size=4))
def test_any_words_are_answered_in_a_line(command, words, call):
    words = [command, *words] if command else words
    if "-h" in words:
        return
    code, _, err = call(*words)
    assert code in (0, 1, 2)
    assert (code == 0) == (err == ""), (words, err)
    assert err.count("\n") <= 1, (words, err)
    assert "Traceback" not in err
    assert not any(category(character) == "Cc" for character in err.rstrip("\n")), (words, err)
