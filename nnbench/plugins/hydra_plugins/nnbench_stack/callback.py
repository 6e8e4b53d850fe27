"""Hydra's callback that makes one sweep of all launches of other sweepers and launchers.

Hydra imports this file for every command, as it does launcher.py.
"""

from typing import Any

from hydra.experimental.callback import Callback
from omegaconf import DictConfig

OWN = "hydra_plugins.nnbench_stack."
"""Beginning of the paths of nnbench's sweeper and launcher, which have all jobs in one launch."""


class JointSweep(Callback):
    """Starts a joint sweep, where sweeper or launcher are not nnbench's."""

    def on_multirun_start(self, config: DictConfig, **kwargs: Any) -> None:
        """Let the launches to come know. Ends the program if the sweeper wants something else."""
        sweeper, launcher = (
            str(plugin.get("_target_", "")) if plugin else ""
            for plugin in (config.hydra.sweeper, config.hydra.launcher)
        )
        if sweeper.startswith(OWN) and launcher.startswith(OWN):
            return
        from nnbench.app.joined_launches import start
        from nnbench.run.errors import ConfigError
        from nnbench.system.output import tell

        try:
            refuse_direction(config.hydra.sweeper.get("direction") if sweeper else None)
            if config.get("plan") and not sweeper.startswith(OWN):
                raise ConfigError("plan", True, "needs nnbench's sweeper, which knows all jobs")
            start(config)
        except ConfigError as error:
            # Hydra would pass over a plain exception.
            tell(error)
            raise SystemExit(error.exit_code) from error


def refuse_direction(direction: Any) -> None:
    """Raise ConfigError if a sweeper such as Optuna's would not minimise one value."""
    from nnbench.run.errors import ConfigError

    value = getattr(direction, "name", direction)
    if value not in (None, "minimize"):
        allowed = "must be minimize; each job returns one value, its validation error"
        raise ConfigError("hydra.sweeper.direction", value, allowed)
