"""A real HTTP server on this machine that serves a folder and misbehaves as it is told; and who listens where."""

from __future__ import annotations

import os
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil

from helpers import processes


class Server(ThreadingHTTPServer):
    """Attributes: `url`; `requests`, the paths asked for; `faults`, by path an iterator of what goes wrong next.

    A fault is an HTTP status, a pair of one and a Retry-After, "cut" (half of the body, then a polite end), "reset"
    (half of the body, then the connection is torn down), "silence" (half of the body, then nothing), "slow" (a second
    between the halves), "huge" (a Content-Length beyond any disk) or None (all goes well, as after the last fault).
    """

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder, self.url = folder, f"http://127.0.0.1:{self.server_port}"
        self.requests: list[str] = []
        self.faults: dict[str, Iterator] = {}
        self.ending = threading.Event()

    def shutdown_request(self, request: socket.socket) -> None:
        if request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 2) != b"\0\0":
            request.close()  # no goodbye: lingering for 0 seconds sends a reset
        else:
            super().shutdown_request(request)

    def handle_error(self, request, client_address) -> None:
        pass  # clients that go away are what is tested


@contextmanager
def serve(folder: Path) -> Iterator[Server]:
    """Serve a folder on a free port while the block runs."""
    with Server(folder) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.ending.set()
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path.lstrip("/")
        self.server.requests.append(path)
        fault = next(self.server.faults.get(path, iter(())), None)
        file = self.server.folder / path
        if isinstance(fault, tuple):
            status, wait = fault
            self.send_response(status)
            self.send_header("Retry-After", wait)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if isinstance(fault, int) or not file.is_file():
            self.send_error(fault or 404)
            return
        body = file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(10**18 if fault == "huge" else len(body)))
        if path.endswith(".gz") and "gzip" in self.headers.get("Accept-Encoding", ""):
            self.send_header("Content-Encoding", "gzip")  # as some hosts do: the client would unpack it
        self.end_headers()
        self.wfile.write(body if fault is None else body[: len(body) // 2])
        if fault == "slow":
            self.server.ending.wait(1)
            self.wfile.write(body[len(body) // 2 :])
        elif fault == "reset":
            linger = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        elif fault == "silence":
            self.server.ending.wait(10)

    def log_message(self, *args) -> None:
        pass


def listening(pid: int | None = None) -> set[str]:
    """Addresses at which a process (default: this one) and its descendants wait for others."""
    addresses = set()
    for member in processes.family(pid):
        try:
            connections = member.net_connections("inet")
        except psutil.Error:  # it has ended, or is another's
            continue
        addresses |= {c.laddr.ip.removeprefix("::ffff:") for c in connections if c.status == psutil.CONN_LISTEN}
    return addresses
