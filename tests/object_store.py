"""A real object store on this machine, moto's S3 server in a process, behind a proxy that misbehaves as it is told."""

from __future__ import annotations

import http.client
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ERROR = '<?xml version="1.0"?><Error><Code>{}</Code><Message>as the test wants</Message></Error>'


class Store(ThreadingHTTPServer):
    """Attributes: `url`; `requests`, as "GET bucket/name 0-99"; and `fault`.

    `fault` is given such a request and returns what goes wrong: an HTTP status, "cut" (half of the body, then the end
    of the connection) or None.
    """

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.port, self.url = port, f"http://127.0.0.1:{self.server_port}"
        self.requests: list[str] = []
        self.fault: Callable[[str], int | str | None] = lambda request: None

    def handle_error(self, request, client_address) -> None:
        pass  # clients that go away are what is tested


@contextmanager
def serve(folder: Path) -> Iterator[Store]:
    """Run the store, with a bucket named "bucket", while the block runs; `folder` is for what the server says."""
    with open(folder / "moto.log", "w+") as log:
        command = [sys.executable, "-u", "-m", "moto.server", "-p", "0"]
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            with Store(_port(server, folder / "moto.log")) as store:
                threading.Thread(target=store.serve_forever, kwargs={"poll_interval": 0.02}).start()
                urllib.request.urlopen(urllib.request.Request(f"{store.url}/bucket", method="PUT")).close()
                yield store
                store.shutdown()
        finally:
            server.kill()
            server.wait()


def _port(server: subprocess.Popen, log: Path) -> int:
    """Where the server listens: it says so when it does."""
    while server.poll() is None:
        said = log.read_text().partition("Running on http://127.0.0.1:")[2]
        if "\n" in said:
            return int(said.split()[0])
        time.sleep(0.05)
    raise RuntimeError(f"moto ended: {log.read_text()}")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        body = self._body()
        part = self.headers.get("Range", "").removeprefix("bytes=")
        request = f"{self.command} {self.path.lstrip('/')} {part}".strip()
        self.server.requests.append(request)
        fault = self.server.fault(request)
        if isinstance(fault, int):
            words = {503: "SlowDown", 403: "AccessDenied"}[fault]
            return self._send(fault, [("Content-Type", "application/xml")], ERROR.format(words).encode())
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.port)
        left_out = ("transfer-encoding", "content-length", "expect", "connection")
        headers = {name: value for name, value in self.headers.items() if name.lower() not in left_out}
        upstream.request(self.command, self.path, body, headers)
        answer = upstream.getresponse()
        self._send(answer.status, answer.getheaders(), answer.read(), cut=fault == "cut")
        upstream.close()

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while length := int(self.rfile.readline().partition(b";")[0], 16):
            body += self.rfile.read(length)
            self.rfile.readline()
        while self.rfile.readline().strip():  # a checksum may follow
            pass
        return body

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _answer

    def _send(self, status: int, headers: list[tuple[str, str]], body: bytes, *, cut: bool = False) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        length = next((value for name, value in headers if name.lower() == "content-length"), len(body))
        self.send_header("Content-Length", str(length if self.command == "HEAD" else len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if cut else body)
        self.close_connection = cut or self.close_connection

    def log_message(self, *args) -> None:
        pass
