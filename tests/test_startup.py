"""Start-up: commands that only answer what was typed load no library that takes seconds."""

import subprocess
import sys

HEAVY = ("sklearn", "scipy.stats", "pandas", "mlflow", "altair", "vl_convert", "sqlalchemy", "loky")
"""Each takes from a quarter of a second to several, and none is needed to check words."""

UNREPORTED = ("mlflow", "sklearn", "scipy.stats", "loky", "distributed")
"""Libraries that the report on an SQLite store does without, which is half of its time."""

ANSWERS = {
    "--help": "What is depth worth?",
    "help": "What is depth worth?",
    "nope": "unknown command",
    "depht=3": "did you mean depth?",
    "depth=-1": "depth=-1: must be",
    "-m depth=1,2 widht=3": "did you mean width?",
    "activation=rleu": "did you mean relu?",
    "optimizer.beta1=2": "optimizer.beta1=2",
    "optimizer.bta=0.9": "optimizer.bta=0.9",
    "+sweeps=nope": "must be one of",
    "verify": "must name a component",
    "verify optimizer=adam depth=-1": "depth=-1: must be",
    "data nope": "data=nope",
    "data iris nme=3": "dataset.nme=3",
    "report depht=3": "did you mean depth?",
    "report experiment=nope": "no runs were tracked in ",
    "replay nope depht=3": "did you mean depth?",
    "replay nope": "no runs were tracked in ",
    "inspect": "must be followed by the id of one run",
    "inspect nope": "no runs were tracked in ",
    "sync tracking=none": "there is no store",
    "ui tracking=none": "there is no store",
    "ui depht=3": "did you mean depth?",
    "-m depth=1,3": "Preparing experiment nnbench …",
}
"""Words of a command line → some of what is answered."""

PROGRAM = f"""
import sys
import types
from nnbench.__main__ import run
# What a sweep itself needs is loaded after its first line.
sys.modules["nnbench.app.experiment"] = types.SimpleNamespace(run_sweep=lambda *arguments: 0.0)
for line in sys.stdin.read().splitlines():
    sys.argv = ["nnbench", *line.split()]
    try:
        run()
    except SystemExit:
        pass
    loaded = [name for name in {HEAVY} if name in sys.modules]
    print("AFTER", line, "LOADED", *loaded, flush=True)
del sys.modules["nnbench.app.experiment"]
import nnbench.app.reporting
print("REPORTING", *[name for name in {UNREPORTED} if name in sys.modules])
"""


def test_wrong_words_load_nothing_heavy(tmp_path):
    """All in one process, in which the first heavy library would stay to be seen."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input="\n".join(ANSWERS), cwd=tmp_path, env={"PATH": "/usr/bin", "HOME": str(tmp_path)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=240, check=False,
    )  # fmt: skip

    assert "REPORTING" in done.stdout.splitlines()
    answered = dict(zip(ANSWERS, done.stdout.split("AFTER "), strict=False))
    reached = [line for line in done.stdout.splitlines() if line.startswith("AFTER")]
    assert reached == [f"AFTER {words} LOADED" for words in ANSWERS]
    assert {words: text for words, text in ANSWERS.items() if text not in answered[words]} == {}
    assert list(tmp_path.iterdir()) == []
