import pandas as pd
import pytest

from nnbench.report.analysis.theory import dataset_component
from nnbench.report.compare.runs_table import blind, data_names
from tests.report.runs import compared, run


def test_blind_table_has_no_test_score():
    """pandas would warn of a table that lies in a hundred pieces, one for each statistic."""
    names = [f"{split}_{i}" for i in range(150) for split in ("train", "validation", "test")]
    runs = pd.DataFrame([[0.0] * len(names)], columns=names).assign(test_size=0.2)

    seen = blind(runs).assign(lost=False)

    assert list(seen) == [name for name in names if "test" not in name] + ["test_size", "lost"]


@pytest.mark.parametrize(
    ("option", "values", "texts"),
    [
        # pandas makes floats of whole numbers some of which are missing.
        ("train_rows", [200, None, 100_000], ["200", "null", "100000"]),
        ("noise", [0.1, 0.25, 1.0], ["0.1", "0.25", "1"]),
        ("fresh", ["True", "False", None], ["True", "False", "null"]),
    ],
)
def test_options_of_data_are_named_as_typed(option, values, texts):
    runs = pd.DataFrame({"dataset": "moons", f"dataset.{option}": values})
    assert data_names(runs, ["depth"]) == [f"moons ({option}={text})" for text in texts]


def test_data_of_files_are_called_as_files_are():
    def named(*rows):
        columns = ("dataset", "dataset.path", "dataset.target", "digest")
        return data_names(pd.DataFrame(rows, columns=columns), ["depth"])

    # Two files; one of them moved; one called as another is, with other content.
    assert named(("csv", "a/houses.csv.gz", "y", "1"), ("csv", "pets.csv", "y", "2")) == [
        "houses", "pets",
    ]  # fmt: skip
    assert named(("csv", "a/pets.csv", "y", "1"), ("csv", "b/pets.csv", "y", "1")) == ["pets"] * 2
    assert named(("csv", "a/pets.csv", "y", "1"), ("csv", "b/pets.csv", "y", "2")) == [
        "pets (path=a/pets.csv)", "pets (path=b/pets.csv)",
    ]  # fmt: skip
    assert named(("csv", "pets.csv", "y", "1"), ("csv", "pets.csv", "z", "2")) == [
        "pets (target=y)", "pets (target=z)",
    ]  # fmt: skip
    # A file called as one of nnbench's data sets is none of these.
    assert named(("iris", None, None, "1"), ("csv", "iris.csv", "y", "2")) == ["iris", "iris.csv"]


def test_file_named_like_known_data_is_itself():
    rows = [run(s, d, **{"dataset": "csv", "dataset.path": "sawtooth.csv", "digest": "1"})
            for s in (0, 1) for d in (1, 3)]  # fmt: skip
    comparison = compared(pd.DataFrame(rows))

    assert comparison.datasets == ["sawtooth.csv"]
    assert [dataset_component(group) for group in comparison.groups] == [None, None]
