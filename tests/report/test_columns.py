import pandas as pd

from nnbench.report.columns import blind


def test_what_chooses_sees_no_figure_of_the_test_part_and_may_be_widened():
    """pandas would warn of a table that lies in a hundred pieces, one for each layer's figures."""
    names = [f"{part}_{i}" for i in range(150) for part in ("train", "validation", "test")]
    runs = pd.DataFrame([[0.0] * len(names)], columns=names).assign(test_size=0.2)

    seen = blind(runs).assign(lost=False)

    assert list(seen) == [name for name in names if "test" not in name] + ["test_size", "lost"]
