"""A name and a home for a user id that has none, as in containers; other libraries ask for both."""

import getpass
import os
from pathlib import Path


def complete() -> None:
    """Set HOME and USER where neither the environment nor the machine's list of users has them.

    The home is the root directory, as containers have it, where nobody can have left settings.
    """
    try:
        Path.home()
    except RuntimeError:
        os.environ["HOME"] = "/"
    try:
        getpass.getuser()
    except (KeyError, ImportError, OSError):
        os.environ["USER"] = str(os.getuid())
