"""Serve the MLflow UI for the current store, on this machine only."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress

from nnbench.allowed import whole
from nnbench.app.phases import going_on
from nnbench.app.terminal import say
from nnbench.composition.jobs import compose_job
from nnbench.run.errors import ConfigError
from nnbench.safety.redaction import redacted
from nnbench.safety.sanitize import in_lines
from nnbench.system.interrupt import EndedError
from nnbench.track.address import HOST, ui_address

PORT = whole(1, 65_535)

PATIENCE_SECONDS = 3
"""Seconds that a server gets to end after SIGTERM; an open page keeps it longer."""


def run(words: list[str]) -> int:
    """Serve the UI until Ctrl-C."""
    tracking = compose_job(words).sweep.tracking
    if tracking.name == "none":
        raise ConfigError("tracking", "none", "there is no store to show")
    port = tracking.option("ui_port")
    if not PORT(port):
        raise ConfigError("tracking.ui_port", port, f"must be {PORT}")
    # MLflow takes seconds to load, which a mistyped key need not wait for.
    from nnbench.track.store import open_store, probe, readable

    probe(tracking.option("uri"), create=False)
    with going_on("Opening the store"):
        from nnbench.track.relocate import relocate
        from nnbench.track.shared_view import page_of

        store = open_store(tracking.option("uri"))
    uri = store.uri
    if uri.startswith("http"):
        with readable(store):
            page = f"{ui_address(uri, port)}/{page_of(store, store.newest_experiment())}"
        say(f"The MLflow server has its own UI: {page}", highlight=False)
        return 0
    with socket.socket() as knock:
        if knock.connect_ex((HOST, port)) == 0:
            raise ConfigError("tracking.ui_port", port, "this port is in use, choose another")
    with readable(store):
        relocate(store)
        page = f"{ui_address(uri, port)}/{page_of(store, store.newest_experiment())}"
    say(f"MLflow UI: {page} (press Ctrl-C to stop)", highlight=False)
    # Anybody may list commands, so that the address, which may have a password, goes another way.
    address = {"MLFLOW_BACKEND_STORE_URI": uri}
    # By default MLflow starts a dozen processes, most of them for jobs that we do not have.
    light = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
    command = [sys.executable, "-W", "ignore", "-m", "nnbench.track.server", "ui"]
    command += ["--host", HOST, "--port", str(port), "--workers", "1"]
    command += ["--uvicorn-opts", "--log-level=warning"]
    return serve(command, {**os.environ, **light, **address})


def serve(command: list[str], environment: dict[str, str]) -> int:
    """Run a server until it ends or Ctrl-C; its output is shown only if it ends unasked."""
    with tempfile.TemporaryFile("w+") as output:
        # Out of reach of the terminal's Ctrl-C, which it answers with a traceback. Its input is a
        # pipe that the system closes when this process ends, even if it is killed.
        with subprocess.Popen(  # noqa: S603
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        ) as server:
            try:
                code = server.wait()
            except EndedError as error:
                return error.exit_code
            finally:
                end(server)
        output.seek(0)
        print(in_lines(redacted(output.read())), file=sys.stderr)  # noqa: T201
        return code


def end(server: subprocess.Popen[bytes]) -> None:
    """End a server with all its processes: by SIGTERM, and killed if they take long."""
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        server.wait(PATIENCE_SECONDS)
    # Others of its group may be there still.
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()
