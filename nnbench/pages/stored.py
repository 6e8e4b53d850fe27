"""The report.json of a folder, read as data: anybody may have written it."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nnbench.pages.write import DATA
from nnbench.run.errors import ConfigError


def read_stored(directory: Path, command: str) -> Mapping[str, Any]:
    """Content of the report.json in a directory, whose question is a mapping.

    Raises ConfigError, which names the command and the directory, if there is none or nnbench did
    not write it.
    """
    # Of names too long for any file, pathlib raises OSError.
    if not os.path.isdir(directory):
        raise ConfigError(command, directory, f"no such folder; must be one with a {DATA}")
    try:
        data = json.loads((directory / DATA).read_text("utf-8"))
    except OSError as error:
        raise ConfigError(command, directory, f"has no readable {DATA}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(command, directory, f"its {DATA} is no valid JSON") from error
    if not (isinstance(data, dict) and isinstance(data.get("question"), dict)):
        raise ConfigError(command, directory, f"its {DATA} is none of nnbench's")
    return data


def refuse_no_reports(folder: Path, command: str) -> None:
    """Raise ConfigError, which names the command, if no folder within one has a report."""
    if not (os.path.isdir(folder) and any(folder.glob(f"*/{DATA}"))):
        raise ConfigError(command, folder, "has no report; must be a folder of reports")
