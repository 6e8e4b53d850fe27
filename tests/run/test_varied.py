import pytest

from nnbench.run.varied import natural, telling_keys


@pytest.mark.parametrize(
    ("values", "ordered"),
    [
        ([10, 9, 1.5], [1.5, 9, 10]),
        (["full", "128", "8", "32"], ["8", "32", "128", "full"]),
        (["b", None, 2, "a"], [2, None, "a", "b"]),
    ],
)
def test_numbers_come_by_size_and_before_words(values, ordered):
    assert sorted(values, key=natural) == ordered


ROWS = [
    {"optimizer": "adam", "optimizer.beta1": 0.9, "lr": 0.001, "depth": 1},
    {"optimizer": "sgd", "lr": 0.1, "depth": 1},
    {"optimizer": "sgd", "lr": 0.1, "depth": 2},
]


def test_keys_that_follow_from_others_do_not_tell():
    assert telling_keys(["optimizer", "optimizer.beta1", "lr", "depth"], ROWS) == [
        "optimizer", "depth",
    ]  # fmt: skip


def test_what_is_known_need_not_be_told():
    assert telling_keys(["optimizer", "depth"], ROWS, fixed=["lr"]) == ["depth"]


def test_one_row_needs_no_telling():
    assert telling_keys(["depth"], ROWS[:1]) == []
