"""Whoever answers `daodi fsck URL` wants it to read without end, unpack without end, or ask elsewhere."""

import gzip
import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import repeat

import pytest

from api.cli import static_trees
from ledger.audits.fsck_errors import LogUnreadable
from tests.ledger.served_log import checked, files_of, founding, stated


class Hostile(http.server.BaseHTTPRequestHandler):
    """Answers each request by what the test chose; counts the bytes that were taken from it."""

    answer: Callable[["Hostile"], None]
    sent = 0

    def do_GET(self) -> None:
        """Answer."""
        try:
            type(self).answer(self)
        except OSError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def head(self, status: int = 200, **fields: str) -> None:
        """Send the head of an answer whose end is that of the connection."""
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def put(self, chunk: bytes) -> None:
        """Send some of the body."""
        self.wfile.write(chunk)
        type(self).sent += len(chunk)


@contextmanager
def hostile(answer: Callable[[Hostile], None]) -> Iterator[tuple[str, type[Hostile]]]:
    handler = type("Chosen", (Hostile,), {"answer": answer, "sent": 0})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", handler
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _without_end(to: Hostile) -> None:
    to.head()
    for chunk in repeat(bytes(1 << 20)):
        to.put(chunk)


def _bomb(to: Hostile) -> None:
    to.head(Content_Encoding="gzip")
    to.put(gzip.compress(bytes(1 << 28), compresslevel=1))


def _trailing(to: Hostile) -> None:
    to.head(Content_Encoding="gzip")
    to.put(gzip.compress(b"log\n"))
    for chunk in repeat(bytes(1 << 20)):
        to.put(chunk)


def _other_packing(to: Hostile) -> None:
    to.head(Content_Encoding="zstd")
    to.put(b"\x28\xb5\x2f\xfd")


def _redirect(to: Hostile) -> None:
    to.head(302, Location="http://127.0.0.1:9/secret", Content_Length="0")


def _to_a_file(to: Hostile) -> None:
    to.head(301, Location="file:///etc/passwd", Content_Length="0")


@pytest.mark.parametrize("answer", [_without_end, _bomb, _trailing, _other_packing, _redirect, _to_a_file])
def test_no_answer_takes_more_than_the_longest_file_or_leads_elsewhere(
    answer: Callable[[Hostile], None],
) -> None:
    with hostile(answer) as (address, handler), pytest.raises(LogUnreadable, match="checkpoint"):
        checked(address)
    # What the sockets on the way hold comes on top.
    assert handler.sent < static_trees.LARGEST + (32 << 20)


def test_a_body_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static_trees, "PATIENCE_SECONDS", 0.2)
    stop = threading.Event()

    def drip(to: Hostile) -> None:
        to.head()
        while not stop.wait(0.02):
            to.put(b"x")

    with hostile(drip) as (address, _):
        try:
            with pytest.raises(LogUnreadable, match="slow"):
                checked(address)
        finally:
            stop.set()


def test_packed_bundles_are_read_like_plain_ones() -> None:
    files = files_of([founding(), stated("a")])

    def serve(to: Hostile) -> None:
        content = files.get(to.path.lstrip("/"))
        if content is None:
            to.head(404, Content_Length="0")
        else:
            to.head(Content_Encoding="gzip")
            to.put(gzip.compress(content))

    with hostile(serve) as (address, _):
        assert checked(address).ok
