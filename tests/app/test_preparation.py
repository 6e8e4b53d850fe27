import pytest


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ("-m dataset=moons dataset.pool=10,2000 depth=1", "dataset.pool=10: must be at least"),
        ("-m dataset=moons dataset.samples=100,-5", "dataset.samples=-5: "),
        ("dataset=moons dataset.samples=-5", "dataset.samples=-5: "),
        ("plan=true target=2", "target=2: "),
        ("-m metric=test_r2 depth=1,2", "metric=test_r2: runs on digits have test_accuracy"),
    ],
)
def test_sweep_that_would_fail_is_refused_first(call, words, start):
    code, _, errors = call(*words.split(), "seeds=6")

    assert code == 1
    assert errors.startswith(f"nnbench: {start}")
    assert errors.count("\n") == 1
    assert "where=" not in errors


def test_missing_file_fails_its_own_runs_only(command, here):
    (here / "a.csv").write_text("x,y\n" + "1,a\n2,b\n" * 20)

    words = ["-m", "dataset=csv", "dataset.path=a.csv,nope.csv", "dataset.target=y", "plan=true"]
    code, out, _ = command(*words)

    assert code == 0
    assert "10 runs to train" in out
