"""Servers on this machine that let nobody in without a login, or say little or nothing."""

import base64
import socket
import ssl
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "127.0.0.1"


@contextmanager
def guarded(behind, *allowed, certificate=None):
    """A proxy that passes requests on if they have one of the `allowed` authorizations."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            if self.headers.get("Authorization") not in allowed:
                return self.reply(401, "text/plain", b"You are not authenticated")
            length = int(self.headers.get("Content-Length") or 0)
            request = urllib.request.Request(
                f"{behind}{self.path}", self.rfile.read(length) or None,
                {"Content-Type": self.headers.get("Content-Type", "text/plain")},
                method=self.command,
            )  # fmt: skip
            try:
                with urllib.request.urlopen(request) as answer:
                    return self.reply(answer.status, answer.headers["Content-Type"], answer.read())
            except urllib.error.HTTPError as answer:
                return self.reply(answer.code, answer.headers["Content-Type"], answer.read())

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = answer

        def reply(self, status, kind, content):
            self.send_response(status)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer((HOST, 0), Handler) as server:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@contextmanager
def silent(*replies, drip=b""):
    """A server that accepts connections, says a few things, and then nothing, or a drip."""
    ended = threading.Event()

    def serve(connection):
        with connection:
            try:
                for reply in replies:
                    connection.sendall(reply)
                while not ended.wait(0.1):
                    connection.sendall(drip)
            except OSError:
                pass

    def accept(server):
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=[connection], daemon=True).start()

    with socket.create_server((HOST, 0)) as server:
        threading.Thread(target=accept, args=[server], daemon=True).start()
        try:
            yield server.getsockname()[1]
        finally:
            ended.set()
            server.shutdown(socket.SHUT_RDWR)
