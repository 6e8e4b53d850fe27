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
    """How runs are drawn."""

    name: str
    seeds: int = 10
    beside: int = 1
    """Values beside the reference."""
    merits: tuple[float, ...] = (0.0,)
    """What each learning rate is worth, the best 0."""
    others: tuple[float, ...] | None = None
    """The same of the values beside the reference, where it differs."""
    kind: str = "normal"
    """normal or counted accuracies, or a skewed R²."""
    difference: float = 0.0
    """How much better the values beside the reference are in truth."""
    noise: float = 1.0
    """Times the usual noise of the test part."""

    @property
    def metric(self) -> str:
        """What the figures are of."""
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
    for part, noise in NOISE.items():
        mean = turned_out + rng.normal(0, COMMON, (experiments, 1, 1, scenario.seeds))
        spread = noise * (scenario.noise if part == "test" else 1)
        if scenario.kind == "counted":
            figures[part] = rng.binomial(ROWS[part], mean) / ROWS[part]
        elif scenario.kind == "skewed":
            # Of mean 0, with a long tail towards the worse.
            figures[part] = mean + spread * (np.exp(0.5) - rng.lognormal(size=shape))
        else:
            figures[part] = mean + rng.normal(0, spread, shape)
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
