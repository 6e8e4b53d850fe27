"""`python -m tests.calibration [PART …]` prints how often reports claim what is not so.

The parts are equal (values that are truly equal), different (values that are not: power, and how
often the interval holds the truth), trained (the same of runs that were really trained), depth (a
known advantage of depth is found), selection (what a choice of settings loses, by the score that
chooses; of real runs too if a folder with their curves is given), of the rules of verdicts, pairs,
trends, equivalence and sets, new_rows (data sets drawn anew from one source), and validation_share
(scores that choices reach, by the size of the validation set). With `--smoke` there are two
experiments of each, to see that every part works; `--experiments=N` takes so many in selection and
the parts after it.
"""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nnbench.pages.formatting import count_text
from nnbench.report.analysis.findings import find
from nnbench.report.text.verdict import verdicts
from tests.calibration import protocol
from tests.calibration.claims import QUESTION, claims, counted, shares
from tests.calibration.protocol import percent, show
from tests.calibration.simulated import Scenario
from tests.calibration.trained import KNOWN, deep_and_shallow, equal_depths
from tests.calibration.validation_share import RUNS, SHARES, groups, table


@dataclass(frozen=True)
class Size:
    """Numbers of experiments, and how they are run."""

    equal: int = 1_000
    different: int = 500
    trained: int = 200
    rules: int = 1_000
    """Experiments of each design of a rule."""
    jobs: int = 2
    words: tuple[str, ...] = ()
    """More words of what is trained for `depth` and `validation_share`."""
    seeds: int = RUNS
    """Seeds that are trained for `validation_share`; half of them choose."""
    folders: tuple[Path, ...] = ()
    """With curves of real runs."""


SMOKE = Size(equal=2, different=2, trained=2, rules=2, jobs=1, words=("epochs=2",), seeds=2)

MOST = 0.05
"""Largest share of reports on equal values that may claim a difference."""
COVERAGE = (0.93, 0.97)
"""Required share of 95% CIs that contain the truth."""

CLOSE, APART = (tuple(-gap * abs(i - 1) for i in range(4)) for gap in (0.004, 0.008))
"""Scores of four learning rates: the second is best."""
ALONE = (0.0, -0.1, -0.1, -0.1)
"""One rate that is much better than the others, so that it is always chosen."""

SCENARIOS = [
    *(Scenario(f"one setting, {n} beside", beside=n) for n in (1, 3, 10)),
    Scenario("counts with ties", kind="counted"),
    Scenario("skewed R²", kind="skewed"),
    Scenario("4 rates, close", merits=CLOSE),
    Scenario("4 rates, close, 3 beside", merits=CLOSE, beside=3),
    Scenario("4 rates, close, little test noise", merits=CLOSE, noise=1 / 3),
    Scenario("4 rates, apart; beside it only one good", merits=APART, others=ALONE),
]
DIFFERENCES = {"counted": 0.05, "skewed": 0.02, "normal": 0.01}
"""By kind of figure, a true difference that is about as large as its noise."""


def at_both(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """Scenarios with few seeds and with many."""
    return [replace(scenario, seeds=seeds) for scenario in scenarios for seeds in (10, 20)]


def equal(size: Size) -> None:
    """Values that are truly equal."""
    rows = []
    for scenario in at_both(SCENARIOS):
        claimed = claims(scenario, size.equal, jobs=size.jobs)
        rows.append([
            scenario.name, scenario.seeds, percent(claimed.any), percent(claimed.error),
            percent(claimed.covered), "" if claimed.any <= MOST + claimed.error else "TOO MANY",
        ])  # fmt: skip
    columns = ["scenario", "seeds", "claimed", "standard error", "interval holds it", ""]
    show(f"Equal values, {size.equal:,} experiments: a difference is claimed in (at most 5%)",
         columns, rows)  # fmt: skip


def different(size: Size) -> None:
    """Values that differ: power and coverage."""
    rows = []
    low, high = COVERAGE
    for scenario in at_both([candidate for candidate in SCENARIOS if candidate.beside == 1]):
        scenario = replace(scenario, difference=DIFFERENCES[scenario.kind])
        claimed = claims(scenario, size.different, seed=1, jobs=size.jobs)
        rows.append([
            scenario.name, scenario.seeds, scenario.difference, percent(claimed.better),
            percent(claimed.covered), "" if low <= claimed.covered <= high else "OUTSIDE",
        ])  # fmt: skip
    columns = ["scenario", "seeds", "difference", "found", "interval holds it", ""]
    show(f"A true difference, {size.different} experiments: power and coverage (93 to 97%)",
         columns, rows)  # fmt: skip


def trained(size: Size) -> None:
    """Depth 3 against depth 3."""
    rows = []
    for rates in ((0.01,), (0.003, 0.01, 0.03)):
        claimed = shares(counted(equal_depths(size.trained, rates)))
        rows.append([
            len(rates), claimed.experiments, percent(claimed.any), percent(claimed.error),
            "" if claimed.any <= MOST + 2 * claimed.error else "TOO MANY",
        ])  # fmt: skip
    columns = ["learning rates", "experiments", "claimed", "standard error", ""]
    show("Depth 3 against depth 3, other seeds, really trained (at most 5%)", columns, rows)


def depth(size: Size) -> None:
    """Check that reports confirm what theory says of depth."""
    for name in KNOWN:
        for sentence in verdicts(find(deep_and_shallow(name, *size.words), {}, QUESTION)):
            print(sentence)


def validation_share(size: Size) -> None:
    """Choices by validation sets of several sizes."""
    rows = table(groups(size.seeds, size.words), size.rules, size.seeds // 2)
    choosing = count_text(size.seeds // 2, "seed")
    columns = [f"{share:.0%}" for share in SHARES]
    show(f"Test score in % (regret in pp) of rates chosen by {choosing}, by the "
         "validation set's share; difference from the first share ± standard error",
         ["", *columns, *(f"{column} − {columns[0]}" for column in columns[1:])], rows)  # fmt: skip


def protocol_part(name: str) -> Callable[[Size], None]:
    """A part of which the rules of verdicts alone are judged."""
    return lambda size: protocol.PARTS[name](size.rules, size.jobs, size.folders)


PARTS: dict[str, Callable[[Size], None]] = {
    "equal": equal, "different": different, "trained": trained, "depth": depth,
    "validation_share": validation_share,
    **{name: protocol_part(name) for name in protocol.PARTS},
}  # fmt: skip

if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    folders = tuple(Path(word) for word in words if Path(word).is_dir())
    size = replace(SMOKE if "--smoke" in sys.argv else Size(), folders=folders)
    for word in sys.argv[1:]:
        if word.startswith("--experiments="):
            size = replace(size, rules=int(word.partition("=")[2]))
    for name in [word for word in words if Path(word) not in folders] or PARTS:
        if name not in PARTS:
            sys.exit(f"no such part: {name}; there are {', '.join(PARTS)}")
        began = time.monotonic()
        PARTS[name](size)
        print(f"{name}: {time.monotonic() - began:.0f} seconds\n", flush=True)
