"""The recipe of a report's runs."""

from nnbench.report.analysis.recipe import recipe
from tests.report.runs import findings_of, run, table


def recipe_of(*rows, **changes):
    runs = table(*rows)
    return recipe(findings_of(runs, **changes), runs)


def test_shared_settings_stand_apart():
    rows = [run(s, d, lr=lr, digest="ab", seconds=0.5)
            for lr in (0.1, 0.01) for d in (3, 1, 10) for s in (2, 0, 1)]  # fmt: skip

    stored = recipe_of(*rows)

    assert (stored["seeds"], stored["seconds"]) == ([0, 1, 2], 9.0)
    assert stored["shared"]["dataset"] == "digits"
    assert not {"depth", "lr", "seed", "status", "n_params"} & set(stored["shared"])
    assert stored["settings"] == [
        {"values": {"depth": d, "lr": lr}, "digest": "ab"} for d in (1, 3, 10) for lr in (0.01, 0.1)
    ]


def test_uneven_seeds_stand_with_their_settings():
    stored = recipe_of(*(run(s, 1) for s in range(3)), *(run(s, 3) for s in (4, 1, 2)))

    assert stored["seeds"] == []
    assert [row["seeds"] for row in stored["settings"]] == [[0, 1, 2], [1, 2, 4]]


def test_only_compared_runs_are_part_of_it():
    rows = [run(s, d, lr=lr) for lr in (0.1, 0.01) for d in (1, 3) for s in range(3)]

    stored = recipe_of(*rows, where={"lr": 0.1})

    assert stored["shared"]["lr"] == 0.1
    assert len(stored["settings"]) == 2


def test_solved_widths_and_absent_options_are_null():
    rows = [run(s, d, params=params, width=width, **{"optimizer.beta1": beta}) for s in range(3)
            for d, params, width, beta in ((1, 500, 31, 0.9), (3, 500, 17, None))]  # fmt: skip

    stored = recipe_of(*rows)

    assert (stored["shared"]["params"], stored["shared"]["width"]) == (500, None)
    assert [row["values"]["optimizer.beta1"] for row in stored["settings"]] == [0.9, None]


def test_data_are_named_as_typed_not_as_shown():
    rows = [run(s, d, dataset="csv", **{"dataset.path": "data/pets.csv"})
            for d in (1, 3) for s in range(3)]  # fmt: skip

    stored = recipe_of(*rows)

    assert stored["shared"]["dataset"] == "csv"
    assert stored["shared"]["dataset.path"] == "data/pets.csv"
