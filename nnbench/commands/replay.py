"""Train a tracked run again and say whether every figure comes out the same: replay RUN_ID."""

from nnbench import api
from nnbench.app.rerun import differences, find, refuse_excess
from nnbench.app.terminal import CONSOLE, say
from nnbench.assembly import build
from nnbench.options.components import what_was_raised
from nnbench.sweep.plan import run_key


def run(words: list[str]) -> int:
    """Compare bit for bit; the exit code is 1 if anything differs."""
    _, tracked = find("replay", words)
    data = build.dataset(tracked.config.dataset)
    if tracked.key != run_key(tracked.config, data.fingerprint):
        CONSOLE.print("The data or nnbench's engine have changed since, so figures may differ.")
    try:
        refuse_excess(tracked.config, data)
        result = api.train(tracked.config)
    except Exception as error:  # As it may have failed then, in anybody's class.
        say(f"It fails: {what_was_raised(error)}")
        return 1
    found = list(differences(tracked, result))
    for name, then, now in found:
        say(f"{name}: {then} then, {now} now")
    if not found:
        CONSOLE.print("Every figure is the same, bit for bit.")
    return 1 if found else 0
