import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser

from nnbench.options.quoting import quoted


def read(word):
    """The value of a word, with plain texts, as Hydra reads it; a list for a sweep."""
    value = OverridesParser.create().parse_override(quoted(word)).value()
    if hasattr(value, "list"):
        return [getattr(text, "text", text) for text in value.list]
    return getattr(value, "text", value)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("experiment=深度学习", "深度学习"),
        ("experiment=größe", "größe"),
        ("experiment=größe,tiefe", ["größe", "tiefe"]),
        ("experiment=größe, tiefe", ["größe", "tiefe"]),
        ("experiment='größe',tiefe", ["größe", "tiefe"]),
        ("experiment=choice(größe,tiefe)", ["größe", "tiefe"]),
        ("experiment='größe'", "größe"),
        ('experiment="größe"', "größe"),
        ("experiment='größe, tiefe'", "größe, tiefe"),
        ("experiment=größe\\, tiefe", "größe, tiefe"),
        ("experiment= größe ", "größe"),
        ("experiment=größe zwei", "größe zwei"),
        ("experiment=L'été #2", "L'été #2"),
        ("dataset.path=C:\\Daten\\größe.csv", "C:\\Daten\\größe.csv"),
        ("dataset.path=größe\\", "größe\\"),
        ("dataset.path=größe_${depth}", "größe_${depth}"),
        ("dataset.path=${oc.env:HÖHE,${oc.env:TIEFE,2}}", "${oc.env:HÖHE,${oc.env:TIEFE,2}}"),
        ("tracking.uri=sqlite:///größe.db", "sqlite:///größe.db"),
        ("dataset.drop=[größe, tiefe, 3]", ["größe", "tiefe", 3]),
        ("where={dataset: größe, depth: [1, 2]}", {"dataset": "größe", "depth": [1, 2]}),
        ("where={dataset: 'größe: klein'}", {"dataset": "größe: klein"}),
        ("depth=1,2", [1, 2]),
        ("title=Why, oh why?", "Why, oh why?"),
        ("title=Warum [nur], ach?", "Warum [nur], ach?"),
        ("title=it's deeper, is it?", "it's deeper, is it?"),
        ("+title=Deep, or not?", "Deep, or not?"),
        ("title='Deep, or not?'", "Deep, or not?"),
        ('title="Deep, or not?"', "Deep, or not?"),
        ("title=A \\ at the end \\", "A \\ at the end \\"),
        ("title=3", "3"),
        ("title=null", None),
        ("title=", ""),
    ],
)
def test_text_is_read_as_it_was_typed(word, value):
    assert read(word) == value
    assert quoted(quoted(word)) == quoted(word)


def test_globs_choose_by_other_letters():
    glob = OverridesParser.create().parse_override(quoted("optimizer=glob(grö*)")).value()

    assert glob.include == ["grö*"]


@pytest.mark.parametrize(
    "word",
    [
        "depth=1,2",
        "+dataset.größe=3",
        "where={lr: [1e-3, 1]}",
        "~hydra",
        "experiment=it's",
        "a=${b}",
        "x",
    ],
)
def test_values_of_ascii_stay_as_they_are(word):
    assert quoted(word) == word
