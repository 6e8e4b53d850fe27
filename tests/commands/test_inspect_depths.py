import pytest

import nnbench
from nnbench.assembly import build
from nnbench.commands import inspect
from nnbench.run.errors import ConfigError
from nnbench.sweep.plan import run_key
from nnbench.track.tracker import track_sweep


def track(store, experiment, *jobs):
    """Ids of runs that were trained and tracked, one a job."""
    with track_sweep(store, experiment, {}, "") as tracker:
        ids = []
        for words in jobs:
            result = nnbench.train(nnbench.compose(["epochs=2", "width=4", *words]))
            data = build.dataset(result.config.dataset)
            ids.append(tracker.log(result, run_key(result.config, data.fingerprint), data))
    return ids


def test_regions_of_all_depths_are_on_one_page(store, here, capsys):
    moons = ["dataset=moons", "dataset.samples=200"]
    ids = track(store, "größe", *([*moons, f"depth={depth}"] for depth in (3, 1)))

    assert inspect.run(["experiment=größe", "seed=0"]) == 0

    page = here / "inspections" / "größe_seed_0" / "index.html"
    assert page.absolute().as_uri() in capsys.readouterr().out
    text = page.read_text(encoding="utf-8")
    assert all(run_id in text for run_id in ids)
    assert text.index("depth 1 (") < text.index("depth 3 (")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["seed=7"], "seed=7: no finished run of experiment trial has it; there are: 0"),
        (["seed=x"], "seed=x: must be a whole number, 0 or more"),
        ([], "experiment=trial: needs classes and 2 features; iris has classification of 4"),
    ],
)
def test_experiment_without_regions_is_refused(store, here, words, line):
    track(store, "trial", ["dataset=iris", "depth=1"])

    with pytest.raises(ConfigError, match=f"^{line}$"):
        inspect.run(["experiment=trial", *words])
    assert not (here / "inspections").exists()


def test_run_and_experiment_exclude_each_other():
    with pytest.raises(ConfigError, match=r"^seed=0: has no effect with the id of a run$"):
        inspect.run(["abcd", "seed=0"])
