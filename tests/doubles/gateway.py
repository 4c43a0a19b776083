"""A real HTTP server on loopback in the place of an SMS gateway, which answers as a test wants."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    line: str
    headers: dict[str, str]
    body: str


def answer(status: str = "200 OK", body: str = "", **headers: str) -> bytes:
    """An answer as it goes over the line."""
    content = body.encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


class Gateway:
    """What it was asked; `says` is what it answers, byte by byte, and without it nothing comes at all."""

    def __init__(self) -> None:
        self.url = ""
        self.requests: list[Request] = []
        self.says: bytes | None = answer(body="ok id=77")
        self.goes_on = b""  # after that, for as long as somebody listens
        self.keeps_open = False  # after the answer
        self.ended = threading.Event()


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        double = self.server.double
        double.requests.append(self._read())
        if double.says is None:
            double.ended.wait(10)
            return
        try:
            self.wfile.write(double.says)
            while double.goes_on and not double.ended.is_set():
                self.wfile.write(double.goes_on)
        except OSError:
            return  # nobody listens any more
        if double.keeps_open:
            double.ended.wait(10)

    def _read(self) -> Request:
        line = self.rfile.readline().decode().strip()
        headers = {}
        while given := self.rfile.readline().decode().strip():
            name, _, value = given.partition(": ")
            headers[name.lower()] = value
        return Request(line, headers, self.rfile.read(int(headers.get("content-length", 0))).decode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, request, client_address) -> None:
        """Somebody hung up: that is what some tests are about."""


@contextmanager
def serving() -> Iterator[Gateway]:
    """A gateway in a thread of its own, gone at the end."""
    double = Gateway()
    server = _Server(("127.0.0.1", 0), _Handler)
    server.double = double
    double.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), name="gateway")
    thread.start()
    try:
        yield double
    finally:
        double.ended.set()
        server.shutdown()
        server.server_close()
        thread.join(10)


@contextmanager
def deaf() -> Iterator[str]:
    """The address of somebody who takes no call: the line is laid, and nobody picks up."""
    with socket.create_server(("127.0.0.1", 0), backlog=1) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
