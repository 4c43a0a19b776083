"""A real HTTP server on loopback that answers as it is told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Gateway:
    """`asked` is what was posted: path, headers and body."""

    status: int = 200
    answer: bytes = b'{"id": "r-1"}'
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    drops: bool = False
    asked: list[tuple[str, dict, bytes]] = field(default_factory=list)
    url: str = ""


@contextmanager
def serving(gateway: Gateway) -> Iterator[Gateway]:
    stop = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            gateway.asked.append((self.path, dict(self.headers), body))
            stop.wait(gateway.seconds)
            if gateway.drops:
                self.connection.close()
                return
            self.send_response(gateway.status)
            for name, value in gateway.headers.items():
                self.send_header(name, value)
            if "Content-Length" not in gateway.headers:
                self.send_header("Content-Length", str(len(gateway.answer)))
            self.end_headers()
            self.wfile.write(gateway.answer)

        do_GET = do_POST

        def log_message(self, *args) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    gateway.url = f"http://127.0.0.1:{server.server_port}/send"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield gateway
    finally:
        stop.set()
        server.shutdown()
        server.server_close()
        thread.join()
