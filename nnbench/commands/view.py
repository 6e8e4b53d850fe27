"""Open the newest report in the browser, or print its address: view [experiment=NAME]."""

import os
import sys
import webbrowser
from contextlib import suppress
from pathlib import Path

from nnbench.app.terminal import say
from nnbench.pages.write import DATA, PAGE
from nnbench.run.errors import NO_VALUE, ConfigError, suggestion

REPORTS = Path("reports")


def run(words: list[str]) -> int:
    """Open the report that was written last, of all or of one experiment."""
    page = newest_report(experiment_of(words)).absolute().as_uri()
    say(f"Report: {page}", highlight=False)
    if has_screen():
        # A browser that isn't there, or doesn't start, is no error: the address is printed.
        with suppress(webbrowser.Error, OSError):
            webbrowser.open(page)
    return 0


def experiment_of(words: list[str]) -> str | None:
    """The experiment that the words name. Raises ConfigError for any other word."""
    experiment = None
    for word in words:
        key, _, value = word.partition("=")
        if key != "experiment" or not value:
            raise ConfigError(key, value or NO_VALUE, "view takes experiment=NAME only")
        experiment = value
    return experiment


def newest_report(experiment: str | None) -> Path:
    """The page of the report written last. Raises ConfigError if there is none."""
    # The names are those of folders; what was typed never becomes a path.
    pages = {
        page.parent.relative_to(REPORTS).as_posix(): page
        for page in sorted(REPORTS.rglob(PAGE))
        if (page.parent / DATA).is_file()
    }
    if not pages:
        raise ConfigError(
            "experiment", experiment or NO_VALUE, f"has no report in {REPORTS}; run a sweep first"
        )
    if experiment is None:
        return max(pages.values(), key=lambda page: page.stat().st_mtime)
    if experiment not in pages:
        allowed = f"has no report in {REPORTS}; {suggestion(experiment, pages)}"
        raise ConfigError("experiment", experiment, allowed)
    return pages[experiment]


def has_screen() -> bool:
    """True where a browser has a window: one in a terminal would take its place."""
    return sys.platform in ("darwin", "win32") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
