"""What a connection is answered at once is what it is answered after a task, in the order it asked."""

import re
import socket
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Scope

from api.at_once import AT_ONCE, AtOnce
from api.connections import Connection
from api.ready_answers import Ready, spelt
from tests.listening import listening

PROXY = "127.0.0.1"
HEADERS = ((b"content-type", b"text/plain; charset=utf-8"),)
IDS = re.compile(rb"(date|x-request-id): [^\r]+\r\n")
LARGE = 3_000_000


def _body(scope: Scope) -> bytes:
    size = int(scope["query_string"] or 0)
    return f"{scope['path'][-1]} for {scope['client'][0]}\n".encode() + b"x" * size


def _at_once(scope: Scope) -> Ready | None:
    if not scope["path"].startswith("/at-once"):
        return None
    body = _body(scope)
    pieces = [body[:3], body[3:]] if scope["method"] == "GET" else []
    return Ready(200, "", HEADERS, spelt(HEADERS), pieces, len(body))


async def _after_a_task(request: Request) -> PlainTextResponse:
    return PlainTextResponse(_body(request.scope))


@asynccontextmanager
async def _lifespan(_app: Starlette) -> AsyncIterator[Mapping[str, AtOnce]]:
    yield {AT_ONCE: AtOnce(_at_once)}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    app = Starlette(routes=[Route("/{way}/{name}", _after_a_task)], lifespan=_lifespan)
    with listening(app, http=Connection, forwarded_allow_ips=PROXY) as at:
        yield at


def _told(port: int, sent: str, *, wait: float = 0.0) -> bytes:
    """Send requests on one connection, and return all that comes until it closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connected:
        connected.sendall(sent.replace("\n", "\r\n").encode())
        time.sleep(wait)
        found = b""
        while piece := connected.recv(1 << 16):
            found += piece
    return IDS.sub(b"", found)


def _get(way: str, name: str, *headers: str, method: str = "GET", size: int = 0) -> str:
    return "\n".join([f"{method} /{way}/{name}?{size or ''} HTTP/1.1", "Host: a", *headers, "", ""])


END = ("Connection: close",)


@pytest.mark.parametrize(
    "requests",
    [
        [("a", "GET")],
        [("a", "HEAD"), ("b", "GET")],
        [(name, "GET") for name in "abcdefghij"],
    ],
)
def test_both_ways_say_the_same(port: int, requests: list[tuple[str, str]]) -> None:
    told = []
    for way in ("at-once", "after-a-task"):
        sent = "".join(_get(way, name, method=method) for name, method in requests)
        told.append(_told(port, sent + _get(way, "z", *END)))
    assert told[0] == told[1]
    assert told[0].count(b"HTTP/1.1 200 OK") == len(requests) + 1


@pytest.mark.parametrize(
    "ways", ["at-once after-a-task at-once", "after-a-task at-once at-once after-a-task"]
)
def test_what_is_asked_in_one_piece_is_answered_in_its_order(port: int, ways: str) -> None:
    sent = [_get(way, name) for way, name in zip(ways.split() * 5, "abcdefghijklmnopqrst", strict=False)]
    told = _told(port, "".join(sent) + _get("at-once", "z", *END))
    expected = "abcdefghijklmnopqrst"[: len(sent)] + "z"
    assert b"".join(re.findall(rb"(\w) for", told)).decode() == expected


def test_nothing_is_answered_after_the_request_that_ends_the_connection(port: int) -> None:
    told = _told(port, _get("at-once", "a", *END) + _get("at-once", "b") * 3)
    assert told.count(b"HTTP/1.1 200 OK") == 1


def test_a_slow_reader_gets_all_that_it_asked_for(port: int) -> None:
    sent = _get("at-once", "a", size=LARGE) * 6 + _get("at-once", "z", *END)
    told = _told(port, sent, wait=0.5)
    assert told.count(b"x" * 1000) * 1000 == 6 * LARGE
    assert told.endswith(b"z for 127.0.0.1\n")


def test_a_trusted_proxy_says_who_asks_and_nobody_else_does(port: int) -> None:
    headers = ("X-Forwarded-For: 203.0.113.9", *END)
    both = [_told(port, _get(way, "a", *headers)) for way in ("at-once", "after-a-task")]
    assert both[0] == both[1]
    assert both[0].endswith(b"a for 203.0.113.9\n")
    far = "X-Forwarded-For: 198.51.100.7, 203.0.113.9"
    assert _told(port, _get("at-once", "a", far, *END)).endswith(b"a for 203.0.113.9\n")


def test_readers_who_leave_stop_nobody(port: int) -> None:
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", port)) as connected:
            connected.sendall(_get("at-once", "a", size=LARGE).replace("\n", "\r\n").encode() * 3)
    assert _told(port, _get("at-once", "b", *END)).endswith(b"b for 127.0.0.1\n")
