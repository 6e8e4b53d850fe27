"""View of a training: how far it is, and the scores of settings as they end."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import monotonic

from rich.console import Group, RenderableType
from rich.live import Live
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from nnbench.app import terminal
from nnbench.app.phases import phase
from nnbench.app.summary import Summary, settings_of
from nnbench.app.summary_table import fitting_table, spread
from nnbench.run.result import RunResult
from nnbench.run.varied import telling_keys
from nnbench.sweep.plan import Plan
from nnbench.system.limits import count_text

ESTIMATE_SECONDS = 600.0
"""Window of past progress that the remaining time is estimated from."""

LINE_SECONDS = 5.0
"""Least seconds between two lines on settings that ended, without a terminal."""

OTHER_LINES = 8
"""Lines of a screen that are not rows of the table."""

SPARE = 9
"""Time left for everything else, as a multiple of the time spent on making tables."""


class WorkLeft(TimeRemainingColumn):
    """The time that is left by the progress of another task than the one that is shown."""

    def __init__(self, work: Callable[[], Task]) -> None:
        super().__init__()
        self.work = work

    def render(self, task: Task) -> Text:
        return super().render(self.work())


def seconds_of(todo: Plan) -> dict[str, float]:
    """Key of a run → its share of the seconds that its stack is estimated to take.

    Large runs take many times as long as small ones, so that a number of runs tells little about
    the time; the estimate for this machine may be wrong by any factor.
    """
    seconds = {
        todo.key(config): work.needs.seconds / len(work.configs)
        for work in todo.work
        for config in work.configs
    }
    return seconds if all(seconds.values()) else dict.fromkeys(seconds, 1.0)


class TrainingView:
    """Progress of a training and a table of its settings, which `summary` has as they end."""

    def __init__(
        self, summary: Summary, todo: Plan, clock: Callable[[], float] = monotonic
    ) -> None:
        self.summary, self.todo, self.clock = summary, todo, clock
        self.total = len(todo.failed) + todo.runs
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("runs"),
            TimeElapsedColumn(),
            TextColumn("left"),
            WorkLeft(lambda: self.work),
            console=terminal.CONSOLE,
            speed_estimate_period=ESTIMATE_SECONDS,
            auto_refresh=False,
            get_time=clock,
        )
        self.seconds = seconds_of(todo)
        """Key of a run → what it is estimated to take, of which only the proportions count."""
        self.task = self.bar.add_task("Training", total=self.total)
        hidden = self.bar.add_task("Work", total=sum(self.seconds.values()), visible=False)
        self.work = next(task for task in self.bar.tasks if task.id == hidden)
        self.ended_work = 0.0
        # From where on it estimates; it takes no note of a zero.
        self.bar.update(hidden, completed=1e-9)
        self.complete, self.running = set[str](), dict[str, float]()
        self.keys: list[str] = []
        self.is_single = False
        """True if all runs have the same setting."""
        self.unended = Counter[tuple[str, ...]]()
        """Values of the keys → number of runs that have not ended."""
        self.table: RenderableType = ""
        self.rows = 0
        """Number of runs in the table."""
        self.next = 0.0
        """Time of the next table, or line."""

    def advance(self, key: str, share: float = 1.0) -> None:
        """Take note of a run's completed share."""
        self.running[key] = share
        if share >= 1:
            # Reported twice if a run ended before its result arrived.
            del self.running[key]
            self.ended_work += 0 if key in self.complete else self.seconds.get(key, 0)
            self.complete.add(key)
        self.bar.update(self.task, completed=len(self.complete) + sum(self.running.values()))
        begun = sum(share * self.seconds.get(name, 0) for name, share in self.running.items())
        self.bar.update(self.work.id, completed=self.ended_work + begun)

    def end(self, result: RunResult) -> None:
        """Take note of a run that has ended, which the summary has; without a terminal, print it.

        A line has all runs of a setting, and there is at most one every few seconds. Of a single
        setting there is none.
        """
        if not self.keys:
            # Only now, since workers have nothing to do before they get the first stacks.
            self.expect()
        values = self.values(settings_of(result.config))
        self.unended[values] -= 1
        now = self.clock()
        is_quiet = terminal.CONSOLE.is_terminal or self.is_single
        if is_quiet or self.unended[values] > 0 or now < self.next:
            return
        self.next = now + LINE_SECONDS
        positions = self.summary.groups(self.keys)[values]
        finals = [self.summary.results[position][1] for position in positions]
        setting = ", ".join(map("{}={}".format, self.keys, values))
        runs = count_text(len(finals), "run")
        terminal.say(f"{setting}: test {spread(finals, 'test')} ({runs})", highlight=False)

    def expect(self) -> None:
        """Find the keys in which the settings differ, and the number of runs of each setting."""
        planned = [settings_of(config) for work in self.todo.work for config in work.configs]
        planned += [settings_of(result.config) for result in self.todo.failed]
        rows = [*planned, *self.summary.settings]
        self.keys = telling_keys(dict.fromkeys(key for row in rows for key in row), rows)
        self.is_single = not self.keys
        self.keys = self.keys or ["depth"]
        self.unended = Counter(map(self.values, planned))

    def values(self, settings: Mapping[str, object]) -> tuple[str, ...]:
        """The values of the keys in which the settings differ."""
        return tuple(str(settings.get(key, "")) for key in self.keys)

    def state(self) -> str:
        """Runs that have ended, and the estimated time that is left."""
        seconds = self.work.time_remaining
        remaining = f", about {seconds:.0f} s left" if seconds else ""
        return f"{len(self.complete)} of {self.total} ended{remaining}"

    def rendered(self) -> RenderableType:
        """The table so far below the progress bar, for a live display."""
        number, began = len(self.summary.settings), self.clock()
        if self.keys and number > self.rows and began >= self.next:
            rows = max(1, terminal.CONSOLE.height - OTHER_LINES)
            table, more = fitting_table(self.summary, rows, self.keys)
            self.table, self.rows = Group(table, more), number
            self.next = began + SPARE * (self.clock() - began)
        # The bar first, since what a screen has no room for is cut at its end.
        return Group(self.bar, self.table)


@contextmanager
def training_view(summary: Summary, todo: Plan) -> Iterator[TrainingView]:
    """Show a training while it goes on: live on a terminal, in plain lines without one."""
    view = TrainingView(summary, todo)
    if not view.total:
        yield view
    elif terminal.CONSOLE.is_terminal:
        with Live(get_renderable=view.rendered, console=terminal.CONSOLE):
            try:
                yield view
            finally:
                # The whole table is printed after the last run.
                view.table = ""
                view.keys = []
    else:
        with phase(f"Training {count_text(view.total, 'run')}", view.state):
            yield view
