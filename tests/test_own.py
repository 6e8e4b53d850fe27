"""A user's optimizer, in a package of their own, goes the whole way without a change to nnbench."""

from pathlib import Path

from nnbench import load_runs
from nnbench.app import planning
from nnbench.options import trust
from nnbench.sweep.pool import LocalPool
from tests.phase_lines import without_phases
from tests.test_main import SMALL

OWN = Path(__file__).with_name("own")
CHOSEN = "optimizer._target_=mypackage.ClippedMomentum"


def test_a_users_optimizer_is_verified_and_swept(here, command, monkeypatch):
    def fresh(*words):
        """Run the command in a process in which nothing has been named yet."""
        monkeypatch.setattr(trust, "NAMED", set())
        return command(*words)

    monkeypatch.syspath_prepend(OWN)
    # A worker imports the package for itself.
    monkeypatch.setattr(planning, "LocalPool", LocalPool)
    words = ["-m", CHOSEN, "lr=0.1,0.3", "+optimizer.limit=0.05,0.5", *SMALL]
    code, out, err = fresh(*words)
    assert (code, err) == (0, "")
    assert "Training 8 runs …" in out
    runs = load_runs("nnbench")
    assert set(runs["optimizer"]) == {"mypackage.ClippedMomentum"}
    assert sorted(set(runs["optimizer.limit"])) == [0.05, 0.5]
    assert "ClippedMomentum" in (here / "reports" / "nnbench" / "evidence.md").read_text()

    code, out, err = fresh("verify", CHOSEN, "lr=0.1")
    assert (code, err) == (0, "")
    assert "ClippedMomentum" in out
    assert "All checks passed." in out

    # A store may name anything, so the user does.
    run_id, target = runs["run_id"][0], "mypackage.ClippedMomentum"
    code, out, err = fresh("replay", run_id)
    assert (code, without_phases(out)) == (1, "")
    assert err.startswith(f"nnbench: optimizer._target_={target}: a store names it")
    assert err.count("\n") == 1
    for words, environment in ([f"trust=[{target}]"], ""), ([], target):
        monkeypatch.setenv("NNBENCH_TRUST", environment)
        code, out, err = fresh("replay", run_id, *words)
        assert (code, err) == (0, "")
        assert "bit for bit" in out
