from nnbench.report.compare.comparison import DISTINCT
from nnbench.report.text.comparison import undrawn_values_text
from tests.report.runs import compared, lost, run, table


def test_best_validation_values_are_drawn_of_many():
    names = [f"o{i}" for i in range(DISTINCT + 2)]
    # The first is the best where it wasn't lost; test scores say the opposite.
    rows = [
        run(seed, dataset=dataset, optimizer=name, validation=0.9 - i / 100, test=0.5 + i / 100)
        for dataset in ("iris", "wine")
        for i, name in enumerate(names)
        for seed in range(2)
        if (name, seed) != ("o0", 1)
    ]
    rows += [lost(1, dataset=dataset, optimizer="o0") for dataset in ("iris", "wine")]

    many = compared(table(*rows), "optimizer")
    few = compared(table(*rows).query("optimizer < 'o4'"), "optimizer")

    assert many.drawn == names[1:9]
    assert [group.value for group in many.drawn_of("wine")] == names[1:9]
    assert "the 8 with the best mean rank" in undrawn_values_text(many)
    assert (few.drawn, undrawn_values_text(few)) == (few.values, "")
    in_order = compared(table(*(run(0, depth) for depth in range(1, 20))))
    assert in_order.drawn == in_order.values
