"""nnbench: what is depth worth? A benchmark suite for neural networks, with experiment tracking.

For programs: `compose`, `compose_all`, `train`, `train_stack`, `load_runs` and `load_curves`, see
nnbench.api; and `report`, which is also the package of reports.
"""

from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from nnbench._version import __version__ as __version__
from nnbench.system import account

__all__ = ["compose", "compose_all", "load_curves", "load_runs", "report", "train", "train_stack"]

if TYPE_CHECKING:
    from nnbench.api import compose, compose_all, load_curves, load_runs, train, train_stack
    from nnbench.report import Report

account.complete()


class ReportPackage(ModuleType):
    """The package nnbench.report, which can be called: its name is also what a program calls.

    Importing a package binds its name in nnbench, over any function of that name.
    """

    def __call__(self, experiment: str, overrides: Sequence[str] = ()) -> "Report":
        """Write the report on an experiment, as the command `report` does; a notebook shows it.

        `overrides` are words of the command line, such as `["compare=width", "formats=[pdf]"]`.
        Prints what had to be left out, if anything. Raises ConfigError.
        """
        from nnbench.commands.report import write_quietly

        return write_quietly(experiment, overrides)


def __getattr__(name: str) -> Any:
    # Loaded on first use: worker processes import this package, but need not wait for the
    # second that Hydra and MLflow take to load.
    if name == "report":
        return import_module("nnbench.report")
    if name not in __all__:
        raise AttributeError(f"module 'nnbench' has no attribute '{name}'")
    from nnbench import api

    return getattr(api, name)
