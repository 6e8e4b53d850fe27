"""Tables of simulated runs of which the truth is known, many experiments at once.

Each data set of a table is an experiment of its own. A run's true merit stands where a run's
training figure does, so that what was chosen carries it along.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

COMMON, LUCK = 0.01, 0.005
"""Standard deviations of what a seed gives all settings alike (its split), and of how good a
training turns out, which its validation and its test figure share."""

NOISE = {"validation": 0.02, "test": 0.01}
"""Standard deviations of the figures of parts of a few hundred rows."""

ROWS = {"validation": 40, "test": 80}
"""Rows of the parts where figures are counts, with many ties."""


@dataclass(frozen=True)
class Scenario:
    """Distribution that runs are drawn from."""

    name: str
    seeds: int = 10
    beside: int = 1
    """Values beside the reference."""
    merits: tuple[float, ...] = (0.0,)
    """Score of each learning rate, the best 0."""
    others: tuple[float, ...] | None = None
    """The same of the values beside the reference, where it differs."""
    kind: str = "normal"
    """normal or counted accuracies, or a skewed R²."""
    difference: float = 0.0
    """True difference of the other values from the reference."""
    noise: float = 1.0
    """Noise of the test set, as a multiple of the usual one."""

    @property
    def metric(self) -> str:
        """Name of the simulated metric."""
        return "r2" if self.kind == "skewed" else "accuracy"


def table(scenario: Scenario, experiments: int, rng: np.random.Generator) -> pd.DataFrame:
    """Runs as `load_runs` gives them."""
    groups, rates = scenario.beside + 1, len(scenario.merits)
    shape = (experiments, groups, rates, scenario.seeds)
    merits = np.array([scenario.merits, *[scenario.others or scenario.merits] * scenario.beside])
    better = scenario.difference * (np.arange(groups) > 0)
    truth = np.broadcast_to((0.8 + merits + better[:, None])[None, :, :, None], shape)
    turned_out = truth + rng.normal(0, LUCK, shape)
    figures = {}
    for prefix, noise in NOISE.items():
        mean = turned_out + rng.normal(0, COMMON, (experiments, 1, 1, scenario.seeds))
        spread = noise * (scenario.noise if prefix == "test" else 1)
        if scenario.kind == "counted":
            figures[prefix] = rng.binomial(ROWS[prefix], mean) / ROWS[prefix]
        elif scenario.kind == "skewed":
            # Of mean 0, with a long tail towards the worse.
            figures[prefix] = mean + spread * (np.exp(0.5) - rng.lognormal(size=shape))
        else:
            figures[prefix] = mean + rng.normal(0, spread, shape)
    which, group, rate, seed = (axis.ravel() for axis in np.indices(shape))
    return pd.DataFrame(
        {
            "run_id": np.arange(truth.size).astype(str),
            "key": np.arange(truth.size).astype(str),
            "status": "finished",
            "sweep": "s",
            "reason": "",
            "trouble": "",
            "dataset": which,
            "depth": group + 1,
            "width": 8,
            "lr": 10.0**-rate,
            "seed": seed,
            f"best_validation_{scenario.metric}": figures["validation"].ravel(),
            f"best_train_{scenario.metric}": truth.ravel(),
            f"test_{scenario.metric}": figures["test"].ravel(),
        }
    )
