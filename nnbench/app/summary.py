"""Summary of a sweep: the scores of its runs, and why runs were skipped or failed."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from math import inf, isfinite
from statistics import fmean
from typing import Any

import pandas as pd

from nnbench.run.config import RunConfig, Scalar
from nnbench.run.metrics import OBJECTIVE
from nnbench.run.result import BestSetting, RunResult
from nnbench.run.varied import telling_keys
from nnbench.track.settings import is_of_runs


class Summary:
    """Scores of a sweep's runs, small enough to keep for any number of runs."""

    def __init__(self, skipped: Mapping[str, int]) -> None:
        self.skipped = dict(skipped)
        self.settings: list[dict[str, Scalar]] = []
        self.results: list[tuple[str, dict[str, float], float]] = []
        self.keys: list[str] = []
        self.reasons: Counter[tuple[str, str]] = Counter()
        self.earlier = 0
        """Number of runs that had finished before this sweep."""

    def add(self, result: RunResult, key: str = "") -> None:
        """Take in a run that has ended, with the key under which it is tracked."""
        self.keys.append(key)
        # In this order: whatever draws the table meanwhile reads settings first.
        self.results.append((result.status, result.final, result.seconds))
        self.settings.append(settings_of(result.config))
        if result.reason:
            self.reasons[result.status, result.reason] += 1

    def add_earlier(self, result: RunResult, key: str = "") -> None:
        """Take in a run that had ended before this sweep began."""
        self.add(result, key)
        self.earlier += 1

    def add_step(self, skipped: Mapping[str, int], earlier: Mapping[str, RunResult]) -> None:
        """Take in a step beyond the ends of a grid: its runs that had ended, and new reasons.

        What is skipped in a step for the reason for which the grid skips runs is counted there.
        """
        self.skipped = {**skipped, **self.skipped}
        for key, result in earlier.items():
            self.add_earlier(result, key)

    @property
    def trained(self) -> int:
        """Number of runs that this sweep has trained."""
        return len(self.results) - self.earlier

    @property
    def failed(self) -> int:
        """Number of failed runs."""
        return sum(status == "failed" for status, _, _ in self.results)

    def validation_error(self, config: RunConfig | None = None) -> float:
        """Mean of 1 − accuracy or 1 − R² on the validation set; infinite if any run failed.

        It is that of all runs, or of those with the settings of `config`.
        """
        settings = None if config is None else settings_of(config)
        finals = [
            final
            for own, (_, final, _) in zip(self.settings, self.results, strict=True)
            if settings in (None, own)
        ]
        names = [f"best_validation_{metric}" for metric in OBJECTIVE.values()]
        errors = [1 - final[name] for final in finals for name in names if name in final]
        return fmean(errors) if errors and len(errors) == len(finals) else inf

    def join(self, other: "Summary") -> None:
        """Take in the runs of another launch of the same sweep."""
        self.keys += other.keys
        self.results += other.results
        self.settings += other.settings
        self.reasons += other.reasons
        self.earlier += other.earlier

    def add_rows(self, rows: Iterable[Mapping[Hashable, Any]]) -> None:
        """Take in the tracked runs of other launches of the same sweep, whose keys are new."""
        earlier_keys = set(self.keys)
        for row in rows:
            if row["key"] not in earlier_keys:
                self.keys.append(row["key"])
                self.results.append((row["status"], tracked_scores(row), float(row["seconds"])))
                if row["reason"]:
                    self.reasons[row["status"], str(row["reason"])] += 1
                values = {str(key): value for key, value in row.items() if pd.notna(value)}
                self.settings.append(
                    {key: v for key, v in values.items() if is_of_runs(key) and key != "seed"}
                )

    def best(self) -> dict[str, BestSetting]:
        """Data set → its best setting by validation scores.

        Only settings whose runs have all finished count.
        """
        best: dict[str, BestSetting] = {}
        keys = self.varied()
        for values, positions in self.groups(keys).items():
            results = [self.results[position] for position in positions]
            finals = [final for status, final, _ in results if status == "finished"]
            names = [f"best_validation_{metric}" for metric in OBJECTIVE.values()]
            name = next((name for name in names if finals and name in finals[0]), None)
            if name is None or len(finals) < len(results):
                continue
            score = fmean(final[name] for final in finals)
            pairs = [*zip(keys, values, strict=True)]
            of_data = [value for key, value in pairs if key.startswith("dataset.")]
            data = " ".join([str(self.settings[positions[0]]["dataset"]), *of_data])
            words = " ".join(
                f"{key}={value}" for key, value in pairs if not key.startswith("dataset") and value
            )
            if isfinite(score) and (data not in best or score > best[data].score):
                run = max(positions, key=lambda position: self.results[position][1][name])
                best[data] = BestSetting(words, name, score, self.keys[run])
        return best

    def groups(self, keys: Sequence[str]) -> dict[tuple[str, ...], list[int]]:
        """Values of the keys → the positions of the runs with these values."""
        groups: dict[tuple[str, ...], list[int]] = {}
        for position, settings in enumerate(self.settings):
            values = tuple(str(settings.get(key, "")) for key in keys)
            groups.setdefault(values, []).append(position)
        return groups

    def varied(self) -> list[str]:
        """The keys in which the settings differ, or the depth if there is only one setting."""
        return self.telling() or ["depth"]

    def telling(self) -> list[str]:
        """The keys in which the settings differ."""
        keys = dict.fromkeys(key for settings in self.settings for key in settings)
        return telling_keys(keys, self.settings)


def settings_of(config: RunConfig) -> dict[str, Scalar]:
    """The settings of a run, apart from its seed."""
    settings = config.flat()
    del settings["seed"]
    return settings


def tracked_scores(row: Mapping[Hashable, Any]) -> dict[str, float]:
    """The scores of a tracked run that a summary shows."""
    names = [
        f"{prefix}_{metric}"
        for prefix in ("best_validation", "test")
        for metric in OBJECTIVE.values()
    ]
    return {name: float(row[name]) for name in names if pd.notna(row.get(name))}
