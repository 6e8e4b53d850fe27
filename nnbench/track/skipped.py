"""Reasons for runs that a sweep left out, kept with the parent run of the sweep."""

import json
from collections.abc import Mapping

from nnbench.safety.redaction import redacted
from nnbench.track.experiments import experiment_id
from nnbench.track.read_runs import MOST
from nnbench.track.run_records import read_records
from nnbench.track.store import Store
from nnbench.track.stored_text import LONGEST, as_mapping, storable

TAG = "nnbench.skipped"
OTHERS = "other reasons"
ROOM = 50
"""Characters that may be needed to say how many there are for other reasons."""


def skipped_tags(skipped: Mapping[str, int]) -> dict[str, str]:
    """The tags that say how many runs of a sweep are left out for which reason, if any are."""
    return {TAG: json.dumps(storable_reasons(skipped), ensure_ascii=False)} if skipped else {}


def storable_reasons(skipped: Mapping[str, int]) -> dict[str, int]:
    """Reason → number of runs, as many as fit into a tag; the others count together."""
    counts: dict[str, int] = {}
    room = LONGEST - ROOM
    for reason, number in skipped.items():
        name = storable(reason, LONGEST // 10)
        needed = len(json.dumps({name: number}, ensure_ascii=False))
        if needed > room:
            name = OTHERS
        else:
            room -= needed
        counts[name] = counts.get(name, 0) + number
    return counts


def read_skipped(store: Store, experiment: str) -> dict[str, int]:
    """Reasons for runs that sweeps left out → how many, in the sweep that left out most.

    The same cells are left out whenever a sweep is repeated, so that a sum would count them
    several times.
    """
    most: dict[str, int] = {}
    for record in read_records(store, experiment_id(store, experiment), TAG):
        for reason, number in as_mapping(record.tags[TAG], int).items():
            named = redacted(reason)
            most[named] = max(min(number, MOST), most.get(named, 0))
    return most


def is_known(skipped: Mapping[str, int], store: Store, experiment: str) -> bool:
    """True if earlier sweeps of the experiment skipped as many runs for the same reasons."""
    if not skipped:
        return True
    stored = read_skipped(store, experiment)
    return all(n <= stored.get(reason, 0) for reason, n in storable_reasons(skipped).items())
