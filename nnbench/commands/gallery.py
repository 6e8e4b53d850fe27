"""Write index.html and README.md of a folder of reports: gallery [FOLDER [REPORT …]]."""

from pathlib import Path

from nnbench.app.terminal import say
from nnbench.run.errors import ConfigError

FOLDER = "reports"


def run(words: list[str]) -> int:
    """Copy reports into a folder, and write its gallery, whose pages share the charts' script."""
    for word in words:
        if "=" in word:
            key, _, value = word.partition("=")
            raise ConfigError(key, value, "gallery takes a folder, and reports to copy there")
    # Charts take a second to load, which a mistyped word need not wait for.
    from nnbench.pages.gallery import COMMAND, write_gallery
    from nnbench.pages.stored import refuse_no_reports
    from nnbench.pages.write import DATA, PAGE

    folder, *added = map(Path, words or [FOLDER])
    if not added:
        refuse_no_reports(folder, COMMAND)
    try:
        cards = write_gallery(folder, added)
    except OSError as error:
        raise ConfigError(COMMAND, folder, f"failed: {error.strerror or error}") from error
    page = (folder / PAGE).absolute().as_uri()
    say(f"Gallery: {page} ({len(cards)} of {len(list(folder.glob(f'*/{DATA}')))} reports)")
    return 0
