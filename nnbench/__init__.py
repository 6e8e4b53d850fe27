"""nnbench: what is depth worth? A benchmark suite for neural networks, with experiment tracking.

For programs: `compose`, `compose_all`, `train`, `train_stack` and `load_runs`, see nnbench.api.
"""

from typing import TYPE_CHECKING, Any

from nnbench._version import __version__ as __version__
from nnbench.system import account

__all__ = ["compose", "compose_all", "load_runs", "train", "train_stack"]

if TYPE_CHECKING:
    from nnbench.api import compose, compose_all, load_runs, train, train_stack

account.complete()


def __getattr__(name: str) -> Any:
    # Loaded on first use: worker processes import this package, but need not wait for the
    # second that Hydra and MLflow take to load.
    if name not in __all__:
        raise AttributeError(f"module 'nnbench' has no attribute '{name}'")
    from nnbench import api

    return getattr(api, name)
