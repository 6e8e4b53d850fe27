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


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("norm=batch residual=true residual_scale=auto,1",
         "Same network, trained once: residual_scale=auto and residual_scale=1"),
        ("lr=0.1,0.01,0.1,0.10 depth=1",
         "Same network, trained once: two jobs with the same words, and 1 more pair"),
        ("loss=auto,cross_entropy,mse",
         "Same network, trained once: loss=auto and loss=cross_entropy"),
        ("depth=1,2", None),
    ],
)  # fmt: skip
def test_jobs_of_the_same_network_are_named(command, here, words, line):
    code, out, _ = command("-m", *words.split(), "plan=true", "seeds=2", "dataset=iris")
    lines = [text for text in out.splitlines() if text.startswith("Same network")]
    assert (code, lines) == (0, [line] if line else [])


def test_missing_file_fails_its_own_runs_only(command, here):
    (here / "a.csv").write_text("x,y\n" + "1,a\n2,b\n" * 20)

    words = ["-m", "dataset=csv", "dataset.path=a.csv,nope.csv", "dataset.target=y", "plan=true"]
    code, out, _ = command(*words)

    assert code == 0
    assert "10 runs to train" in out
