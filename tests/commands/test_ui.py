"""The UI, served for real."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import psutil
import pytest

from nnbench.commands import ui as room
from nnbench.commands.ui import serve
from nnbench.system.interrupt import signals_raise
from nnbench.track.store import open_store


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def start(free_port, monkeypatch, tmp_path_factory):
    """Starts the UI in a session of its own; whatever is left of it is ended."""
    monkeypatch.setenv("TMPDIR", str(tmp_path_factory.mktemp("temporary")))
    command = [sys.executable, "-u", "-m", "nnbench", "ui", f"tracking.ui_port={free_port}"]
    started = []

    def begin():
        started.append(
            subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
                # As from a terminal, also where the tests run without one, as by nohup.
                preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
            )
        )
        return started[-1]

    yield begin
    for ui in started:
        ui.kill()
        ui.communicate(timeout=30)


def test_ui_serves_the_store_in_use(here, free_port, start):
    client = open_store(None).client
    experiment = client.create_experiment("mine")
    client.create_run(experiment)
    ui = start()
    page = f"http://127.0.0.1:{free_port}/"
    line = ui.stdout.readline()
    assert line.startswith(f"MLflow UI: {page}#/experiments/{experiment}?")
    answer = wait_for(f"{page}ajax-api/2.0/mlflow/experiments/get?experiment_id={experiment}")
    assert '"mine"' in answer
    # Anybody may list commands.
    for process in [psutil.Process(ui.pid), *psutil.Process(ui.pid).children(recursive=True)]:
        assert "sqlite" not in " ".join(process.cmdline())
    # As a browser would, which keeps a server from ending in order.
    with socket.create_connection(("127.0.0.1", free_port)):
        os.killpg(ui.pid, signal.SIGTERM)
        _, err = ui.communicate(timeout=30)
    assert (ui.returncode, err) == (143, "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_ends_the_server_with_all_its_processes(number, tmp_path, monkeypatch):
    monkeypatch.setattr(room, "PATIENCE_SECONDS", 0.2)
    ready = tmp_path / "ready"
    # It takes no notice of being asked to end, and neither does its child.
    program = (
        "import os, pathlib, signal, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = os.fork()\n"
        "if child: pathlib.Path(sys.argv[1]).write_text(f'{os.getpid()} {child}')\n"
        "time.sleep(300)\n"
    )

    processes = []

    def send():
        while not ready.exists() or not ready.read_text():
            time.sleep(0.01)
        processes.extend(psutil.Process(int(number)) for number in ready.read_text().split())
        signal.pthread_kill(threading.main_thread().ident, number)

    sender = threading.Thread(target=send)
    sender.start()
    with signals_raise():
        code = serve([sys.executable, "-S", "-c", program, str(ready)], dict(os.environ))
    sender.join()
    assert code == 128 + number
    assert len(processes) == 2
    _, alive = psutil.wait_procs(processes, timeout=20)
    assert alive == []


@pytest.mark.parametrize(
    "number", [pytest.param(signal.SIGHUP, marks=pytest.mark.slow), signal.SIGKILL]
)
def test_killed_ui_or_closed_terminal_leaves_no_server(here, free_port, start, number):
    ui = start()
    wait_for(f"http://127.0.0.1:{free_port}/health")
    processes = psutil.Process(ui.pid).children(recursive=True)
    assert len(processes) >= 2
    ui.send_signal(number)
    ui.wait(timeout=30)
    assert ui.returncode == (129 if number == signal.SIGHUP else -signal.SIGKILL)
    _, alive = psutil.wait_procs(processes, timeout=20)
    assert alive == []
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", free_port)) != 0


@pytest.mark.slow
def test_page_has_settings_scores_and_charts(here, command, start, browser):
    words = ["depth=0,1", "dataset=iris", "epochs=2", "seeds=2", "jobs=1", "report=false"]
    assert command("-m", *words)[0] == 0
    address = start().stdout.readline().removeprefix("MLflow UI: ").partition(" ")[0]
    wait_for(f"{address.partition('#')[0]}health")
    page = browser.new_page(viewport={"width": 2400, "height": 3000})
    page.set_default_timeout(120_000)
    page.goto(address)
    page.get_by_text("4 matching runs").wait_for()
    for column in ("depth", "seed", "best_validation_accuracy", "test_accuracy"):
        page.get_by_role("columnheader", name=column).first.wait_for()
    for depth in (0, 1):
        page.get_by_text(f"Group: depth={depth} lr=0.001").first.wait_for()
    page.goto(f"{address}&compareRunsMode=CHART")
    page.get_by_text("Comparison").wait_for()
    charts = ("validation_loss", "validation_accuracy", "test_accuracy", "Parallel Coordinates")
    for chart in charts:
        page.get_by_text(chart, exact=True).first.wait_for()
    assert page.get_by_text("does not support").count() == 0
    page.close()


def wait_for(url):
    """The server's answer once it has started."""
    for _ in range(120):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"{url} never answered")


def test_port_in_use_is_refused(here, command):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, _, err = command("ui", f"tracking.ui_port={port}")
    assert code == 1
    assert err == f"nnbench: tracking.ui_port={port}: this port is in use, choose another\n"
