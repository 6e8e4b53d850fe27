"""Write the report of an experiment's runs: report experiment=NAME [compare=KEY]."""

from nnbench import composition, screen
from nnbench.reporting import publish_report, report_on, with_store
from nnbench.track.store import open_store


def run(words: list[str]) -> int:
    """Read the runs of the experiment and write its report; nothing is trained."""
    sweep = composition.compose_job(words).sweep
    store = open_store(sweep.tracking.option("uri"))
    report = report_on(store, sweep)
    trouble = publish_report(store, sweep, report)
    screen.show_report(report.page, with_store(["ui"], sweep), trouble)
    return 0
