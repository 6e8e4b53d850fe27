"""The machines that trained the runs of a report."""

from nnbench.report.compare.machines import machines
from nnbench.report.sections import limits, provenance
from nnbench.report.text.answer import answer_of
from nnbench.report.text.machines import machine_sentences, mixed_machines
from nnbench.run.result import MACHINE
from tests.report.runs import as_strict, findings_of, report, run, table

EPYC = dict(zip(MACHINE, ("AMD EPYC", "OpenBLAS 0.3.31", "Haswell"), strict=True))
XEON = EPYC | {"processor": "Xeon", "blas_kernel": "SkylakeX"}


def runs_of(*machine_of_seed):
    """A run of two depths for each seed, on its machine."""
    return table(*(run(s, d, 0.9 + s / 100, **m)
                   for d in (1, 3) for s, m in enumerate(machine_of_seed)))  # fmt: skip


def test_runs_are_counted_by_machine():
    runs = runs_of(EPYC, XEON, EPYC, {})

    assert machines(runs) == {tuple(EPYC.values()): 4, tuple(XEON.values()): 2}
    assert list(machine_sentences(runs)) == [
        "4 runs trained on AMD EPYC with OpenBLAS 0.3.31 (Haswell kernel).",
        "2 runs trained on Xeon with OpenBLAS 0.3.31 (SkylakeX kernel).",
        "The processor of 2 runs was not stored.",
    ]


def test_unknown_properties_are_left_out():
    m1 = dict.fromkeys(MACHINE, "") | {"processor": "Apple M1"}
    mkl = dict.fromkeys(MACHINE, "") | {"blas": "MKL"}

    assert list(machine_sentences(runs_of(m1, m1, mkl))) == [
        "4 runs trained on Apple M1.",
        "2 runs trained on an unknown processor with MKL.",
    ]


def test_runs_of_older_stores_have_none():
    for runs in (runs_of({}, {}), runs_of(*2 * [dict.fromkeys(MACHINE, "")])):
        assert not machines(runs)
        assert list(machine_sentences(runs)) == ["The processor of 4 runs was not stored."]


def test_only_mixed_machines_are_a_caveat():
    mixed, alike = (findings_of(runs_of(*2 * machines)) for machines in ((EPYC, XEON), (EPYC,)))
    (caveat,) = mixed_machines(mixed.comparison.runs)

    assert "2 kinds of machines" in caveat
    assert (caveat, "") in limits.make(mixed).points
    assert caveat in [caveat.text for caveat in answer_of(mixed).caveats]
    assert not list(mixed_machines(alike.comparison.runs))
    assert not any("kinds of machines" in caveat.text for caveat in answer_of(alike).caveats)


def test_provenance_and_data_name_them(tmp_path):
    runs = runs_of(EPYC, EPYC)

    assert next(machine_sentences(runs)) in provenance.make(findings_of(runs)).text
    assert as_strict(report(runs, tmp_path))["machines"] == [{**EPYC, "runs": 4}]
