"""A price site on loopback that misbehaves on demand."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from priceindex.feeds.address_guard import AddressGuard
from priceindex.feeds.host_turns import HostTurns

ANYWHERE = AddressGuard(private_allowed=True)
"""Loopback is where these sites stand."""


def hasty() -> HostTurns:
    """Turns without their pauses."""
    return HostTurns(time.monotonic, time.sleep, lambda: 0.0, pause_s=0.0)


BODY = "品名,规格,市场,日期,价格\n白芍,统,亳州,2025-03-01,85\n".encode()
Answer = tuple[int, dict[str, str], bytes]


class Source:
    """A price site: gives the answers it is told to, in turn, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.asked: list[dict[str, str]] = []
        source = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                source.asked.append({name.lower(): value for name, value in self.headers.items()})
                status, headers, body = source.answers.pop(0)
                self.send_response(status)
                for name, value in {"content-length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                """Say nothing on the test's output."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/quotes.csv?key=secret"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
