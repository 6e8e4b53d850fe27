"""Sentences on the machines that trained the runs."""

from collections.abc import Iterator, Sequence

import pandas as pd

from nnbench.pages.formatting import count_text
from nnbench.report.compare.machines import machines
from nnbench.report.text.numbers import and_text


def machine_sentences(runs: pd.DataFrame) -> Iterator[str]:
    """Number of runs of each machine, and of those whose machine was not stored."""
    counts = machines(runs)
    for machine, count in counts.most_common():
        yield f"{count_text(count, 'run')} trained on {machine_text(machine)}."
    unknown = len(runs) - counts.total()
    if unknown:
        yield f"The processor of {count_text(unknown, 'run')} was not stored."


def mixed_machines(runs: pd.DataFrame) -> Iterator[str]:
    """A sentence on runs of more than one kind of machine, which may differ for that alone."""
    counts = machines(runs)
    if len(counts) > 1:
        listed = and_text(
            [f"{count_text(count, 'run')} on {machine_text(machine)}"
             for machine, count in counts.most_common()]
        )  # fmt: skip
        yield (
            f"The runs come from {len(counts)} kinds of machines ({listed}). A run has the same "
            "result bit for bit only on one family of processors with one BLAS, so small "
            "differences between runs of different machines may be due to the machine."
        )


def machine_text(machine: Sequence[str]) -> str:
    """A machine as 'AMD EPYC with OpenBLAS 0.3.31 (Haswell kernel)', without what is unknown."""
    processor, blas, kernel = machine
    library = " ".join(filter(None, (blas, kernel and f"({kernel} kernel)")))
    return " with ".join(filter(None, (processor or "an unknown processor", library)))
