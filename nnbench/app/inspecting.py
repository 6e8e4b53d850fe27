"""The page on what each layer of a tracked run has learnt: its data, its network, the findings."""

from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.table import Table

from nnbench import api
from nnbench.app.phases import phase
from nnbench.app.rerun import differences, find, refuse_excess
from nnbench.app.terminal import CONSOLE, say
from nnbench.assembly import build
from nnbench.assembly.predictor import Trained, from_weights
from nnbench.data.dataset import Dataset
from nnbench.inspection import Inspection, Subject, examine, make_page
from nnbench.options.components import what_was_raised
from nnbench.pages import write_page
from nnbench.pages.formatting import METRIC_NAMES, metric_text
from nnbench.run.errors import ConfigError
from nnbench.run.metrics import OBJECTIVE
from nnbench.safety.redaction import redacted
from nnbench.safety.shell import command_line
from nnbench.sweep.plan import run_key
from nnbench.system.limits import count_text
from nnbench.track.failures import failures, in_a_line
from nnbench.track.files import files_of
from nnbench.track.models import load_model
from nnbench.track.read_run import TrackedRun
from nnbench.track.store import Store

DIRECTORY = Path("inspections")
"""Directory of the pages, with a subdirectory for each run."""


def inspect(uri: str | None, run_id: str, words: list[str]) -> None:
    """Analyse the layers of a finished run, print the findings, and write the page.

    `words` are those of the command, which the page repeats.
    """
    store, tracked = find(uri, run_id)
    with phase("Analysing the layers"):
        data = usable_data(tracked)
        trained, weights = trained_network(store, tracked, data)
        findings = examine(trained, data)
    subject = Subject(
        run_id=tracked.run_id,
        experiment=tracked.experiment,
        command=redacted(command_line(["python", "-m", "nnbench", "inspect", *words])),
        weights=weights,
    )
    page = make_page(findings, subject)
    try:
        file, _ = write_page(page, DIRECTORY / tracked.run_id)
    except OSError as error:
        raise ConfigError("inspect", DIRECTORY, f"writing failed: {error.strerror}") from error
    CONSOLE.print(table(findings))
    for sentence in page.sentences:
        say(sentence)
    attach(store, tracked, file.parent)
    say(f"Page: {file!s}")


def usable_data(tracked: TrackedRun) -> Dataset:
    """The data of a run. Raises ConfigError if it has no weights, or its data have changed."""

    def refused(why: str) -> ConfigError:
        return ConfigError("run", tracked.run_id, why)

    if tracked.status != "finished":
        raise refused(f"the run {tracked.status} and has no weights to inspect ({tracked.reason})")
    data = build.dataset(tracked.config.dataset)
    if tracked.data and tracked.data != data.fingerprint:
        raise refused(f"its data ({tracked.config.dataset.name}) have changed since training")
    if tracked.key != run_key(tracked.config, data.fingerprint):
        raise refused("was trained by another version of nnbench's engine; train it again first")
    return data


def trained_network(store: Store, tracked: TrackedRun, data: Dataset) -> tuple[Trained, str]:
    """The network of a run and a sentence on its origin: its stored model, else trained again.

    Raises ConfigError if there is neither.
    """
    if tracked.model:
        try:
            return load_model(store, tracked.model), "The weights are those stored with the run."
        except ConfigError:  # It names code that isn't trusted.
            raise
        except failures(KeyError, TypeError) as error:
            reason = in_a_line(error)
            say(f"The run is trained again, since reading its model failed: {reason}")
    try:
        refuse_excess(tracked.config, data)
        result = api.train(tracked.config, weights=True)
    except Exception as error:  # Any class may fail now, including a user's.
        allowed = f"training it again failed: {what_was_raised(error)}"
        raise ConfigError("run", tracked.run_id, allowed) from error
    if result.weights is None:
        allowed = f"{result.status} when it was trained again: {result.reason}"
        raise ConfigError("run", tracked.run_id, allowed)
    names = [name for name, _ in differences(tracked, result)]
    differing = count_text(len(names), "value")
    origin = (
        f"The run was trained again with different results ({differing}, such as {names[0]}): "
        "its original weights may have been different."
        if names
        else "The run was trained again, and every value is identical, bit for bit."
    )
    return from_weights(result.config, data, result.weights), origin


def table(findings: Inspection) -> Table:
    """A row for the input and each hidden layer, and one for the network itself."""
    metric = OBJECTIVE[findings.trained.task]
    rows = Table(box=SIMPLE_HEAD)
    rows.add_column("layer")
    for heading in ("outputs", f"probe ({METRIC_NAMES[metric]})", "effective rank"):
        rows.add_column(heading, justify="right")
    for layer in findings.layers:
        score = metric_text(metric, layer.validation_score)
        rows.add_row(layer.name, f"{layer.numbers:,}", score, f"{layer.effective_rank:.1f}")
    own = metric_text(metric, findings.own_score)
    rows.add_row("network", str(findings.trained.outputs), own, "")
    return rows


def attach(store: Store, tracked: TrackedRun, directory: Path) -> None:
    """Attach the page to the run, if the store accepts it."""
    try:
        files_of(store, tracked.artifacts).replace("inspect", directory)
    except failures() as error:
        reason = in_a_line(error)
        say(f"Not attached to the run: {reason}")
