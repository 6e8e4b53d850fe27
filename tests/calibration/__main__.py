"""`python -m tests.calibration [PART …]` prints how often reports claim what is not so.

The parts are trained (equal values that were really trained), depth (a known advantage of depth is
found), validation_share (scores by the size of the validation set), selection (what a choice of
settings loses, by the score that chooses; of real runs too if a folder with their curves is given),
of the rules of verdicts pairs, trends, ordered (a trend before its pairs), equivalence, sets and
extension (best settings beyond the grid, which goes on), and new_rows (data sets drawn anew from
one source). With `--smoke` there are two experiments of each, to see that every part works;
`--experiments=N` takes so many in the last eight.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from nnbench.pages.formatting import count_text
from nnbench.report.analysis.findings import find
from nnbench.report.text.verdict import verdicts
from tests.calibration import protocol
from tests.calibration.protocol import error, percent, show, too_many
from tests.calibration.trained import KNOWN, QUESTION, claimed, deep_and_shallow
from tests.calibration.validation_share import RUNS, SHARES, groups, table


@dataclass(frozen=True)
class Size:
    """Numbers of experiments, and how they are run."""

    trained: int = 200
    rules: int = 1_000
    """Experiments of each design of a rule."""
    jobs: int = 2
    words: tuple[str, ...] = ()
    """More words of what is trained for `depth` and `validation_share`."""
    seeds: int = RUNS
    """Seeds that are trained for `validation_share`; half of them choose."""
    folders: tuple[Path, ...] = ()
    """Folders with curves of real runs."""


SMOKE = Size(trained=2, rules=2, jobs=1, words=("epochs=2",), seeds=2)


def trained(size: Size) -> None:
    """Depth 3 against depth 3."""
    rows = []
    for rates in ((0.01,), (0.003, 0.01, 0.03)):
        share = claimed(size.trained, rates)
        rows.append([
            len(rates), size.trained, percent(share), percent(error(share, size.trained)),
            too_many(share, size.trained),
        ])  # fmt: skip
    columns = ["learning rates", "experiments", "claimed", "standard error", ""]
    show("Depth 3 against depth 3, other seeds, really trained (at most 5%)", columns, rows)


def depth(size: Size) -> None:
    """Check that reports confirm what theory says of depth."""
    for name in KNOWN:
        for sentence in verdicts(find(*deep_and_shallow(name, *size.words), QUESTION)):
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
    "trained": trained, "depth": depth,
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
