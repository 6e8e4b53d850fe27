"""Words on how surely settings are known, and on those that failed."""

import numpy as np

from nnbench.report.text.tuning import failed_text, weighted_text
from tests.report.runs import compared, lost, run, table


def group_of(*rows):
    """The first group of a table."""
    return compared(table(*rows)).groups[0]


def test_settings_are_named_with_share_that_chose_them():
    noise = np.random.default_rng(0).normal(0, 0.02, (2, 17))
    rows = [
        run(seed, depth, validation=0.9 + noise[number, seed], lr=lr)
        for number, lr in enumerate((0.01, 0.1))
        for seed in range(17)
        for depth in (1, 3)
    ]
    group = group_of(*rows)
    shares = dict(zip(("0.01", "0.1"), group.tuned.weights, strict=True))
    first, second = sorted(shares, key=lambda lr: -shares[lr])
    assert 0.5 < shares[first] < 0.99
    text = f"{first} ({shares[first]:.0%}), {second} ({shares[second]:.0%})"
    assert weighted_text(group, "lr") == text


def test_a_setting_that_is_always_chosen_stands_alone():
    group = group_of(*(run(s, d, 0.9 - lr, lr=lr) for lr in (0.01, 0.1) for s in range(7)
                       for d in (1, 3)))  # fmt: skip
    assert weighted_text(group, "lr") == "0.01"


def test_failed_settings_are_counted_beside_range_that_trains():
    rows = [run(s, d, lr=lr) for lr in (0.01, 0.03) for s in range(7) for d in (1, 3)]
    rows += [lost(s, d, lr=1) for s in range(7) for d in (1, 3)]
    assert failed_text(group_of(*rows)) == "1 of 3; trains at learning rates 0.01 to 0.03"
    assert failed_text(group_of(*rows[:28])) == "none"
