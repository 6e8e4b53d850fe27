"""A user's optimizer, in a package of their own, goes the whole way without a change to nnbench."""

from pathlib import Path

from nnbench import load_runs
from tests.test_main import SMALL, nnbench

OWN = {"PYTHONPATH": str(Path(__file__).with_name("own"))}
CHOSEN = "optimizer._target_=mypackage.ClippedMomentum"


def test_a_users_optimizer_is_verified_and_swept(here):
    code, out, err = nnbench("verify", CHOSEN, "lr=0.1", cwd=here, **OWN)
    assert (code, err) == (0, "")
    assert "ClippedMomentum" in out
    assert "All checks passed." in out

    words = ["-m", CHOSEN, "lr=0.1,0.3", "+optimizer.limit=0.05,0.5", *SMALL]
    code, out, err = nnbench(*words, cwd=here, **OWN)
    assert (code, err) == (0, "")
    assert "8/8" in out
    runs = load_runs("nnbench")
    assert set(runs["optimizer"]) == {"mypackage.ClippedMomentum"}
    assert sorted(set(runs["optimizer.limit"])) == [0.05, 0.5]
    assert "ClippedMomentum" in (here / "reports" / "nnbench" / "README.md").read_text()

    # A store may name anything, so the user does.
    run_id, target = runs["run_id"][0], "mypackage.ClippedMomentum"
    code, out, err = nnbench("replay", run_id, cwd=here, **OWN)
    assert (code, out) == (1, "")
    assert err.startswith(f"nnbench: optimizer._target_={target}: a store names it")
    assert err.count("\n") == 1
    ways = ([f"trust=[{target}]"], {}), ([], {"NNBENCH_TRUST": target})
    for words, environment in ways:
        code, out, err = nnbench("replay", run_id, *words, cwd=here, **OWN, **environment)
        assert (code, err) == (0, "")
        assert "bit for bit" in out
