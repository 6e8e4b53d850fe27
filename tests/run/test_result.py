from nnbench.run.result import History, RunResult
from tests.build_small import run


def test_repr_is_summary_of_five_lines():
    values = {"test_accuracy": 0.97531, "best_epoch": 17.0, "n_params": 5e9}
    history = History([0] * 21, {"a": [0] * 21}, (), [], {})
    text = repr(RunResult(run(depth=7), "finished", history, values, seconds=1.234))

    lines = text.splitlines()
    assert len(lines) == 5
    assert lines[0] == "RunResult: finished"
    assert "depth=7" in lines[1]
    assert lines[2].split(maxsplit=1)[1] == "test_accuracy 0.9753, best_epoch 17"
    assert lines[3].split(maxsplit=1)[1] == "1 metrics at 21 epochs from 0 on"
    assert lines[4].split(maxsplit=1)[1] == "1.23, in a stack of 1"


def test_repr_of_failure_has_its_reason():
    lines = repr(RunResult(run(), "failed", reason="no such file")).splitlines()

    assert lines[0] == "RunResult: failed (no such file)"
    assert [line.split()[-1] for line in lines[2:4]] == ["none", "none"]
    assert len(lines) == 5
