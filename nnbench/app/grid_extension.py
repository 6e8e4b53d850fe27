"""Steps of a sweep's grid beyond its ends, where the best settings lie there by validation."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import pandas as pd

from nnbench.app import forecast, terminal
from nnbench.app.grid_extension_words import Value, named
from nnbench.app.planning import Batch, Row, make_pool, plan_of, tracked_results
from nnbench.app.summary import Summary
from nnbench.pages.formatting import setting_text
from nnbench.report.compare.chance import chance_level
from nnbench.report.compare.measure import Measure
from nnbench.report.compare.open_ends import Ended, Finished, open_ends_of
from nnbench.report.compare.reference import ranked
from nnbench.report.compare.runs_table import data_names
from nnbench.report.compare.validation_curves import validation_curve
from nnbench.report.metric import Metric
from nnbench.report.text.keys import WORDS
from nnbench.run.config import Job, RunConfig, SweepConfig
from nnbench.run.metrics import OBJECTIVE, metric_in
from nnbench.run.result import History, Status
from nnbench.sweep.estimate import Estimate
from nnbench.sweep.grid_axes import Axis, Data, Steps, axes_of, data_of, extended, settings_of
from nnbench.sweep.plan import Plan
from nnbench.system.limits import LimitError, count_text, require_runs

Ends: TypeAlias = Mapping[tuple[Axis, int], Sequence[Value]]
"""Axis and direction → compared values whose best setting lies at that end."""

NOT_TRIED = "Values beyond the ends of the grid aren't tried, since that would exceed a limit: {}"

NO_CURVES = "{} without readable curves: their seeds don't decide where the grid goes on"


@dataclass
class Extension:
    """The grid of a sweep, as typed and with the steps taken, and the runs that decide on more.

    Steps are counted from the grid as typed and decided by curves alone, so that the same command
    takes the same steps, and trains none of their runs that are tracked.
    """

    sweep: SweepConfig
    compared: tuple[str, ...]
    jobs: Sequence[Job]
    """As typed."""
    earlier: Mapping[str, Row]
    """Key → run that was tracked before."""
    histories: Mapping[str, History]
    """run_id → curves of those."""
    hours: float = 0.0
    """Estimated for all runs so far."""
    steps: dict[tuple[Axis, int], int] = field(default_factory=dict)
    """Axis and direction → steps taken."""
    ended: dict[Data, Ended] = field(default_factory=dict)
    measures: dict[Data, Measure] = field(default_factory=dict)
    chances: dict[Data, list[float | None]] = field(default_factory=dict)
    """Chance level of the data, as each run's row has it; None if unknown."""
    finished: dict[str, RunConfig] = field(default_factory=dict)
    """Runs that need no training any more, by their key."""
    tracked: dict[str, RunConfig] = field(default_factory=dict)
    """Runs whose curves haven't been read yet."""

    def __post_init__(self) -> None:
        self.steps_left = self.sweep.extend or 0
        self.axes = axes_of(self.jobs, self.compared) if self.steps_left else []

    def start(self, finished: dict[str, RunConfig]) -> None:
        """Take in the runs as typed that were tracked before, to which trained ones are added."""
        self.finished, self.tracked = finished, dict(finished)

    def add(self, config: RunConfig, status: Status, history: History | None, row: Row) -> None:
        """Take in a run that has ended; one that finished but left no curve decides nothing."""
        data = data_of(config, self.compared) if self.axes else ()
        if all(axis.data != data for axis in self.axes):
            return
        self.chances.setdefault(data, []).append(row.get("chance"))
        run = None
        if status == "finished":
            measure = self.measure_of(history)
            curve = validation_curve(history, measure.metric) if history and measure else None
            if curve is None or measure is None:
                return
            self.measures[data] = measure
            run = Finished(curve, row.get("steps", float("nan")))
        setting = frozenset(settings_of(config).items())
        self.ended.setdefault(data, {}).setdefault(setting, {})[config.seed] = run

    def measure_of(self, history: History | None) -> Measure | None:
        """The outcome measure that the report compares, by which settings are chosen."""
        asked = self.sweep.metric
        own = metric_in(asked) if asked else None
        names = [own] if own else [*OBJECTIVE.values()]
        there = history.curves if history else {}
        metric = next((Metric(name) for name in names if f"validation_{name}" in there), None)
        return (
            Measure(metric, asked or f"test_{metric.name}", self.sweep.target) if metric else None
        )

    def due(self, summary: Summary) -> Plan | None:
        """Plan of the next step that has runs to train, said in lines; None if no step is due.

        Runs of the steps before it are tracked already, and enter the summary.
        """
        while self.steps_left and self.axes:
            self.steps_left -= 1
            taken = dict(self.steps)
            ends = self.take_step()
            jobs = self.gained(taken)
            if not jobs:
                break
            try:
                self.require_runs()
                todo = plan_of(jobs, self.sweep, self.earlier)
            except LimitError as error:
                terminal.say(NOT_TRIED.format(error))
                break
            self.tracked |= todo.finished
            summary.add_step(todo.skipped, tracked_results(todo, self.earlier))
            self.finished |= todo.finished
            todo.finished = self.finished
            if todo.work or todo.failed:
                for line in self.lines(ends, taken, jobs):
                    terminal.say(line)
                return todo
        self.steps_left = 0
        return None

    def require_runs(self) -> None:
        """Raise LimitError if the grid has more runs than there may be."""
        jobs = [*self.jobs, *extended(self.jobs, self.steps, self.compared)]
        runs = sum(len(job.settings) * len(job.seeds) for job in jobs)
        require_runs(runs, self.sweep.limits["runs"], "extend", self.sweep.extend)

    def next(self, summary: Summary) -> Batch | None:
        """The runs that are due and their workers; None for none, or if a limit forbids them."""
        todo = self.due(summary)
        if todo is None:
            return None
        estimate = forecast.forecast(todo, self.sweep)
        self.hours += estimate.hours
        for error in forecast.excess(replace(estimate, hours=self.hours), todo, self.sweep):
            terminal.say(NOT_TRIED.format(error))
            self.steps_left = 0
            return None
        return Batch(todo, make_pool(self.sweep, estimate.workers))

    def most(self) -> tuple[int, Estimate] | None:
        """Number of runs that all steps still to come would train, and their costs."""
        ends = {(axis, direction): self.steps.get((axis, direction), 0) + self.steps_left
                for axis in self.axes for direction in (-1, 1)}  # fmt: skip
        taken, self.steps = self.steps, ends
        jobs, self.steps = self.gained(taken), taken
        if not jobs:
            return None
        try:
            todo = plan_of(jobs, self.sweep, self.earlier)
        except LimitError:
            # Steps so far would not be tried.
            return None
        return todo.runs, forecast.forecast(todo, self.sweep)

    def take_step(self) -> Ends:
        """Take one step wherever the best of any value may lie beyond an end."""
        self.read_tracked()
        ends: dict[tuple[Axis, int], list[Value]] = {}
        for axis in self.axes:
            for value, runs in self.groups(axis.data).items():
                for direction, place in self.open_ends(axis, runs):
                    # A value that was refused has no runs, and is beyond nature's end.
                    is_outermost = place == axis.end_after(direction, self.steps)
                    if is_outermost and axis.goes_on(direction, self.steps):
                        ends.setdefault((axis, direction), []).append(value)
        self.steps |= {end: self.steps.get(end, 0) + 1 for end in ends}
        return ends

    def open_ends(self, axis: Axis, runs: Ended) -> list[tuple[int, object]]:
        """Ends beyond which the best of these runs may lie; none if no run on the data finished."""
        measure = self.measures.get(axis.data)
        if measure is None:
            return []
        return open_ends_of(runs, axis.key, measure, self.chance(axis.data, measure.metric))

    def read_tracked(self) -> None:
        """Take in the runs that were tracked before, and say how many of them decide nothing."""
        silent = 0
        for key, config in self.tracked.items():
            row = self.earlier[key]
            history = self.histories.get(row["run_id"])
            silent += row["status"] == "finished" and history is None
            self.add(config, row["status"], history, row)
        self.tracked.clear()
        if silent and self.axes:
            terminal.say(NO_CURVES.format(count_text(silent, "tracked run")))

    def groups(self, data: Data) -> dict[Value, Ended]:
        """Compared value → its settings, with the runs of each by seed."""
        groups: dict[Value, Ended] = {}
        for setting, runs in self.ended.get(data, {}).items():
            values = dict(setting)
            value = tuple(values.get(key) for key in self.compared)
            groups.setdefault(value, {})[setting] = runs
        return dict(sorted(groups.items(), key=lambda group: ranked(group[0])))

    def chance(self, data: Data, metric: Metric) -> float:
        """The score of a run on these data that learnt nothing."""
        runs = (run for of_setting in self.ended[data].values() for run in of_setting.values())
        carried = pd.DataFrame({"chance": self.chances[data]})
        return chance_level(carried, metric, [run.curve for run in runs if run is not None])

    def gained(self, taken: Steps) -> list[Job]:
        """The jobs that the grid has gained since it had only these steps."""
        before, after = (extended(self.jobs, s, self.compared) for s in (taken, self.steps))
        old = {identity(job) for job in before}
        return [job for job in after if identity(job) not in old]

    def lines(
        self,
        ends: Mapping[tuple[Axis, int], Sequence[Value]],
        taken: Steps,
        jobs: Sequence[Job],
    ) -> Iterator[str]:
        """A line for each axis that goes on."""
        rows = pd.DataFrame([dict(data) for data in dict.fromkeys(a.data for a in self.axes)])
        names = dict(zip(dict.fromkeys(a.data for a in self.axes),
                         data_names(rows, self.compared), strict=True))  # fmt: skip
        for (axis, direction), values in ends.items():
            end, new = (axis.end_after(direction, steps) for steps in (taken, self.steps))
            runs = sum(
                self.sweep.seeds
                for job in jobs
                if data_of(job.settings[0], self.compared) == axis.data
                and settings_of(job.settings[0]).get(axis.key) == new
            )
            if runs:
                side = "above the largest" if direction > 0 else "below the smallest"
                yield (
                    f"On {names[axis.data]} the best {WORDS.get(axis.key, axis.key)} of "
                    f"{named(values, self.compared)} may lie {side}, "
                    f"{setting_text(end)}: {setting_text(new)} is tried too "
                    f"({count_text(runs, 'run')})"
                )


def identity(job: Job) -> Hashable:
    """Settings and first seed of a job."""
    return (frozenset(settings_of(job.settings[0]).items()), job.settings[0].seed)
