"""Real servers on this machine only, to be stopped and started again."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from nnbench.run.errors import ConfigError
from nnbench.track.probes import probe_server

HOST = "127.0.0.1"
SECONDS = 120


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def wait_until(there, process):
    """Wait until a server that was started answers."""
    for _ in range(10 * SECONDS):
        if there():
            return
        assert process.poll() is None, "the server ended early"
        time.sleep(0.1)
    raise AssertionError("the server never answered")


class MlflowServer:
    """An MLflow server in front of a database."""

    def __init__(self, database, directory):
        self.port = free_port()
        self.uri = f"http://{HOST}:{self.port}"
        self.command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", database]
        self.command += ["--artifacts-destination", str(directory / "served"), "--host", HOST]
        self.command += ["--port", str(self.port), "--workers", "1"]
        self.log = directory / "server.log"

    def start(self):
        light = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, env={**os.environ, **light}, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        wait_until(self.answers, self.process)

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def answers(self):
        try:
            probe_server("tracking.uri", self.uri)
        except ConfigError:
            return False
        return True


@contextmanager
def mlflow_server(database, directory):
    server = MlflowServer(database, directory)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def postgres_programs():
    """The directory of PostgreSQL's server programs, None if there are none."""
    initdb = shutil.which("initdb")
    directories = [Path(initdb).resolve().parent] if initdb else []
    directories += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    programs = ("initdb", "postgres", "psql")
    return next((d for d in directories if all((d / name).exists() for name in programs)), None)


@contextmanager
def postgres_server(programs):
    """A PostgreSQL server with an empty database; yields its address."""
    # PostgreSQL refuses to be run by root, who may become someone else.
    user = "nobody" if os.getuid() == 0 else None
    with tempfile.TemporaryDirectory(dir="/tmp", ignore_cleanup_errors=True) as name:
        if user:
            os.chown(name, pwd.getpwnam(user).pw_uid, -1)
        data, port = f"{name}/data", free_port()
        common = {
            "user": user,
            "cwd": name,
            "stdout": subprocess.DEVNULL,
            "stderr": subprocess.STDOUT,
        }
        initdb = [programs / "initdb", "-D", data, "-U", "me", "--auth=trust", "--no-sync"]
        subprocess.run(initdb, check=True, **common)
        command = [programs / "postgres", "-D", data, "-p", str(port), "-k", name, "-F"]
        process = subprocess.Popen([*command, "-c", f"listen_addresses={HOST}"], **common)
        address = f"postgresql://me:secret@{HOST}:{port}/postgres"
        asked = [programs / "psql", address, "-c", "SELECT 1"]
        try:
            wait_until(lambda: not subprocess.run(asked, **common).returncode, process)
            yield address
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(SECONDS)
