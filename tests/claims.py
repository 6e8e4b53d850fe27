"""Tries claims of a report again: python -m tests.claims REPORT.json [--count 10] [--plan].

Each claim of a difference gets twice the epochs, and its loser twice the range of each tuned
number: on a logarithmic scale its grid goes on by its own steps beyond the end that is nearer to
the loser's best. A search draws twice the settings, over twice the range of learning rates.
A claim survives if the report on these runs alone has the same outcome. `--plan` prints the
commands alone; with `--folder`, the same command goes on where it was stopped.
"""

import argparse
import json
import random
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from nnbench.pages.formatting import setting_text
from nnbench.report.text.commands import number_word, with_settings
from nnbench.safety.shell import command_line
from nnbench.sweep.grid_axes import Axis
from tests.manuals import ROOT

WIDE = 0.95
"""Share of a doubled width that is wide enough, since values of a grid are rounded."""
SURVIVE = 0.9
"""Share of the claims that must survive."""


@dataclass(frozen=True)
class Claim:
    """A difference that a report claims."""

    dataset: str
    outcome: str
    value: dict[str, Any]
    reference: dict[str, Any]

    @property
    def loser(self) -> dict[str, Any]:
        return self.value if self.outcome == "worse" else self.reference

    @property
    def winner(self) -> dict[str, Any]:
        return self.reference if self.outcome == "worse" else self.value

    def __str__(self) -> str:
        value, reference = (
            " ".join(f"{key}={number}" for key, number in side.items())
            for side in (self.value, self.reference)
        )
        return f"{self.dataset}: {value} {self.outcome} than {reference}"


def claims_of(report: dict[str, Any]) -> list[Claim]:
    """The claims of a difference, of values beside their references."""
    named = {(group["dataset"], text_of(group["value"], report)): group["value"]
             for group in report["groups"]}  # fmt: skip
    return [
        Claim(contrast["dataset"], contrast["outcome"], contrast["value"],
              named[contrast["dataset"], contrast["reference"]])
        for contrast in report["contrasts"] if contrast["outcome"] in ("better", "worse")
    ]  # fmt: skip


def text_of(value: dict[str, Any], report: dict[str, Any]) -> str:
    """A compared value in words, as contrasts name their references."""
    parts = tuple(value[key] for key in keys_of(report, value))
    return setting_text(parts if len(parts) > 1 else parts[0])


def keys_of(report: dict[str, Any], value: dict[str, Any]) -> list[str]:
    """The compared keys, in the order in which values are named."""
    compare = report["question"]["compare"]
    return [compare] if isinstance(compare, str) else compare or list(value)


def doubled(typed: list[float], best: float) -> list[float]:
    """A grid of twice the width, which went on beyond the end that is nearer to the best."""
    low, high = typed[0], typed[-1]
    direction = 1 if best * best >= low * high else -1
    axis = Axis((), "", tuple(typed))
    width, end = log(high / low), axis.end(direction)
    further: list[float] = []
    while not further or abs(log(further[-1] / end)) < WIDE * width:
        longer = axis.beyond(direction, len(further) + 1)
        if len(longer) == len(further):
            break
        further = longer
    return sorted([*typed, *further])


def tuning(
    report: dict[str, Any], runs: pd.DataFrame, claim: Claim, side: dict[str, Any]
) -> dict[str, str]:
    """Settings of a command that tune a side: the loser over twice the range, the winner as it was.

    Of what a search drew, the range of the learning rate is doubled, and the number of settings.
    """
    own = runs["dataset"] == claim.dataset
    for key, value in side.items():
        own &= runs[key] == value
    group = next(group for group in report["groups"]
                 if (group["dataset"], group["value"]) == (claim.dataset, side))  # fmt: skip
    best = max(group["weights"], key=lambda entry: entry["weight"])["setting"]
    is_loser = side == claim.loser
    settings = {}
    for key in report["nuisances"]:
        tried = sorted(runs.loc[own, key].unique().tolist())
        if is_drawn(report):
            ends = [tried[0], tried[-1]]
            if is_loser and key == "lr":
                wider = doubled(ends, best[key])
                ends = [wider[0], wider[-1]]
            settings[f"optimizer.search.{key.removeprefix('optimizer.')}"] = (
                f"[{number_word(ends[0])},{number_word(ends[1])}]"
            )
            settings["search"] = str(group["offered"] * (1 + is_loser))
        else:
            grid = doubled(tried, best[key]) if is_loser and len(tried) > 1 else tried
            settings[key] = ",".join(map(number_word, grid))
    return settings


def is_drawn(report: dict[str, Any]) -> bool:
    """True if the sweep's search drew its settings."""
    words = shlex.split(report["question"]["commands"][0])
    named = [word.partition("=")[2] for word in words if word.startswith("+sweeps=")]
    files = [yaml.safe_load((ROOT / "sweeps" / f"{name}.yaml").read_text("utf-8"))
             for name in named]  # fmt: skip
    return any(word.startswith("search=") for word in words) or any(
        file.get("search") for file in files
    )


def commands(
    report: dict[str, Any], runs: pd.DataFrame, claim: Claim, name: str
) -> list[list[str]]:
    """The words that train the loser and the winner, and those of the report on both."""
    question = report["question"]
    common = {
        "dataset": claim.dataset, "epochs": str(2 * report["fixed"]["epochs"]), "extend": "0",
        "report": "false", "experiment": name,
    }  # fmt: skip
    trained = [
        with_settings(
            shlex.split(question["commands"][0]),
            {**common, **{key: str(value) for key, value in side.items()},
             **tuning(report, runs, claim, side)},
        )
        for side in (claim.loser, claim.winner)
    ]  # fmt: skip
    reference = ",".join(str(claim.reference[key]) for key in keys_of(report, claim.reference))
    if len(claim.reference) > 1:
        reference = f"[{reference}]"
    asked = {"experiment": name, "reference": reference, "equal_budgets": "false"}
    reported = with_settings(shlex.split(question["report_command"]), asked)
    return [words[3:] for words in (*trained, reported)]


def outcome(claim: Claim, folder: Path, name: str) -> str:
    """The outcome of a claim in the report on the new runs."""
    report = json.loads((folder / "reports" / name / "report.json").read_text("utf-8"))
    outcomes = {(contrast["dataset"], *sorted(contrast["value"].items())): contrast["outcome"]
                for contrast in report["contrasts"]}  # fmt: skip
    return outcomes.get((claim.dataset, *sorted(claim.value.items())), "not compared")


def main(words: Sequence[str]) -> int:
    """Try claims drawn at random, print how each ended; 1 if too few survive."""
    parser = argparse.ArgumentParser(prog="python -m tests.claims")
    parser.add_argument("report", type=Path, help="report.json, beside its tables")
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0, help="of the draw")
    parser.add_argument("--folder", type=Path, help="where the new runs are kept")
    parser.add_argument("--plan", action="store_true", help="print the commands alone")
    asked = parser.parse_args(words)
    report = json.loads(asked.report.read_text("utf-8"))
    rows = report["tables"]["runs"]  # or where they are, if they are many
    runs = (pd.DataFrame(rows) if isinstance(rows, list)
            else pd.read_csv(asked.report.parent / rows["file"]))  # fmt: skip
    claims = claims_of(report)
    claims = random.Random(asked.seed).sample(claims, min(asked.count, len(claims)))
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="claims-"))
    folder.mkdir(parents=True, exist_ok=True)
    survived = 0
    for number, claim in enumerate(claims):
        name = f"{report['question']['experiment']}_{asked.seed}_{number}"
        steps = commands(report, runs, claim, name)
        if asked.plan:
            print(claim, *(f"    {command_line(['python', '-m', 'nnbench', *step])}"
                           for step in steps), sep="\n")  # fmt: skip
            continue
        for step in steps:
            subprocess.run([sys.executable, "-m", "nnbench", *step], cwd=folder, check=True)
        now = outcome(claim, folder, name)
        survived += now == claim.outcome
        print(f"{claim}: {'survived' if now == claim.outcome else now}", flush=True)
    if asked.plan:
        return 0
    print(f"{survived} of {len(claims)} claims survived; runs in {folder}")
    return int(survived < SURVIVE * len(claims))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
