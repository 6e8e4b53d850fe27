from nnbench.app import terminal


def test_bar_shows_progress_of_running_work(monkeypatch):
    updates = []
    monkeypatch.setattr(
        terminal.Progress, "update", lambda self, task, completed: updates.append(completed)
    )
    with terminal.progress_bar(2) as advance:
        for key, share in (
            ("a", 0.25),
            ("b", 0.5),
            ("a", 1.0),
            ("b", 0.75),
            ("b", 1.0),
            ("b", 1.0),
        ):
            advance(key, share)

    assert updates[1:] == [0.25, 0.75, 1.5, 1.75, 2, 2]
