"""Reports that need not be written again: what each was made of, kept in the cache directory."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from stat import S_ISREG

import pandas as pd

import nnbench
from nnbench.options import catalogue
from nnbench.pages import Answer
from nnbench.report import Question, Report
from nnbench.system import atomic
from nnbench.system.cache import cache_directory
from nnbench.track.read_runs import Histories
from nnbench.track.run_files import CURVES

DISTRIBUTIONS = ("altair", "vl-convert-python", "jinja2", "numpy", "pandas", "scipy")
"""Software that decides what a page looks like, beside nnbench itself."""
CODE = ("py", "j2", "js", "css", "yaml")
"""Endings of the files that nnbench consists of."""


@dataclass(frozen=True)
class UnchangedReport:
    """A report that is up to date: where it is, and what is said of it."""

    page: Path
    answer: Answer
    example: str


def inputs_of(runs: pd.DataFrame, histories: Histories, question: Question) -> str:
    """Digest of all that decides a report; empty if that cannot be known.

    Those are the runs, their curves (by size and time of the files), the question, and the code.
    """
    own_code = any(
        not section.target.startswith("nnbench.") for section in question.sections.values()
    )
    try:
        curves = [stamp(file) for file in curve_files(histories)]
    except OSError:
        return ""
    if own_code or None in curves:
        return ""
    versions = [metadata.version(name) for name in DISTRIBUTIONS]
    code = [stamp(file) for file in code_files()]
    parts = [runs.to_csv(), repr(question), repr(curves), repr(versions), repr(code)]
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def curve_files(histories: Histories) -> Iterator[Path]:
    """The files of all curves. Raises OSError if any are on another machine."""
    for run_id in histories.with_curves:
        directory = histories.files(run_id).directory
        if directory is None:
            raise OSError("files elsewhere may change unseen")
        yield directory / CURVES


def code_files() -> Iterator[Path]:
    """The files of nnbench's code and configuration, which change while it is worked on."""
    for folder in (Path(nnbench.__file__).parent, catalogue.ROOT / "conf"):
        for ending in CODE:
            yield from sorted(folder.rglob(f"*.{ending}"))


def stamp(file: Path) -> tuple[str, int, int] | None:
    """Path, size and time of the last change of a file; None if there is none."""
    try:
        status = file.stat()
    except OSError:
        return None
    return (str(file), status.st_size, status.st_mtime_ns) if S_ISREG(status.st_mode) else None


def record_of(directory: Path) -> Path:
    """File in the cache directory that says what the report in a directory was made of."""
    name = sha256(str(directory.absolute()).encode("utf-8", "surrogateescape")).hexdigest()
    return cache_directory() / "reports" / f"{name}.json"


def remember(inputs: str, report: Report) -> None:
    """Keep what a report was made of, and the digests of its files, if the cache is writable."""
    directory = report.page.parent
    # What could not be made may be made next time.
    if not inputs or report.missing:
        forget(directory)
        return
    names = [
        file.relative_to(directory).as_posix()
        for file in directory.rglob("*")
        if file.is_file() and not file.relative_to(directory).as_posix().startswith(".")
    ]
    record = {
        "inputs": inputs,
        "files": digests(directory, names),
        "headline": report.answer.headline,
        "example": report.example,
    }
    file, text = record_of(directory), json.dumps(record)
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        atomic.write(file, lambda stream: stream.write(text.encode()), durable=False).close()


def forget(directory: Path) -> None:
    """Have the report in a directory written again whatever it was made of."""
    with suppress(OSError):
        record_of(directory).unlink(missing_ok=True)


def recall(inputs: str, directory: Path, page: str) -> UnchangedReport | None:
    """The report in a directory if it was made of the same, and all its files are as written."""
    try:
        record = json.loads(record_of(directory).read_text("utf-8"))
        files, headline, example = record["files"], record["headline"], record["example"]
        same = bool(inputs) and record["inputs"] == inputs and page in files
        if not same or digests(directory, list(files)) != files:
            return None
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None
    return UnchangedReport(directory / page, Answer(str(headline)), str(example))


def digests(directory: Path, names: Sequence[str]) -> dict[str, str]:
    """Name of a file → digest of its content. Raises OSError if one is missing."""
    return {name: sha256((directory / name).read_bytes()).hexdigest() for name in names}
