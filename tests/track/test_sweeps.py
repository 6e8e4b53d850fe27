import numpy as np

from nnbench.run.errors import CUT_OFF
from nnbench.track import sweeps
from nnbench.track.process import versions
from nnbench.track.stored_text import LONGEST
from nnbench.track.tracker import track_sweep


def test_sweeps_have_commands_and_versions_oldest_first(store):
    ids = []
    for command in ("first", "second"):
        with track_sweep(store, "trial", {}, command) as tracker:
            ids.append(tracker.sweep_id)

    read = sweeps.read_sweeps(store, "trial")

    assert [sweep.run_id for sweep in read] == ids
    assert [sweep.command for sweep in read] == ["first", "second"]
    assert read[0].versions == versions()
    assert read[0].versions["numpy"] == np.__version__


def test_long_command_says_that_it_was_cut_off(store):
    for length in (LONGEST, LONGEST + 1):
        with track_sweep(store, "trial", {}, "x" * length):
            pass

    whole, shortened = (sweep.command for sweep in sweeps.read_sweeps(store, "trial"))

    assert whole == "x" * LONGEST
    assert shortened == "x" * (LONGEST - len(CUT_OFF)) + CUT_OFF


def test_sweep_before_versions_has_none(store):
    with track_sweep(store, "trial", {}, "first") as tracker:
        pass
    store.client.delete_tag(tracker.sweep_id, sweeps.VERSIONS)

    assert sweeps.read_sweeps(store, "trial")[0].versions == {}


def test_sweep_knows_what_its_report_was_to_compare(store):
    for compare in (None, "model", ["depth", "init"]):
        with track_sweep(store, "trial", {"compare": str(compare) if compare else None}, "x"):
            pass

    read = [sweep.compare for sweep in sweeps.read_sweeps(store, "trial")]

    assert read == [(), ("model",), ("depth", "init")]
