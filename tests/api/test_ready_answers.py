"""An answer written whole to a connection is, byte for byte, the one uvicorn writes header by header."""

import re
import socket
from collections.abc import Iterator

import pytest
from starlette.types import Message, Receive, Scope, Send

from api.connections import Connection
from api.ready_answers import Ready, not_modified, send_ready, spelt
from tests.listening import listening

HEADERS = ((b"vary", b"Accept-Language"), (b"content-type", b"text/plain"), (b"content-encoding", b"gzip"))
ANSWER = Ready(200, '"tag"', HEADERS, spelt(HEADERS), [b"body"] * 1000, 4000)
DATE = re.compile(rb"date: [^\r]+")


async def _app(scope: Scope, _receive: Receive, send: Send) -> None:
    """Send ready answers below /at-once, and the same by ASGI's messages elsewhere."""

    async def by_message(message: Message) -> None:
        await send(message)

    answer = not_modified(ANSWER) if b"304" in scope["query_string"] else ANSWER
    sent = send if scope["path"] == "/at-once" else by_message
    await send_ready(answer if scope["method"] == "GET" else answer._replace(pieces=()), "id-1", sent)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with listening(_app, http=Connection, lifespan="off") as at:
        yield at


def _told(port: int, sent: str) -> bytes:
    """Send requests on one connection, and return all that comes until it closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connected:
        connected.sendall(sent.replace("\n", "\r\n").encode())
        found = b""
        while piece := connected.recv(65536):
            found += piece
    return DATE.sub(b"date: then", found)


END = "GET {at} HTTP/1.1\nHost: a\nConnection: close\n\n"


@pytest.mark.parametrize(
    "requests",
    [
        END,
        "GET {at} HTTP/1.0\n\n",
        "HEAD {at} HTTP/1.1\nHost: a\n\n" + END,
        "GET {at}?304 HTTP/1.1\nHost: a\n\n" + END,
        "GET {at} HTTP/1.1\nHost: a\n\n" * 5 + END,
        "GET {at} HTTP/1.1\nHost: a\nExpect: 100-continue\n\n" + END,
    ],
)
def test_both_ways_write_the_same(port: int, requests: str) -> None:
    at_once, by_message = (_told(port, requests.format(at=at)) for at in ("/at-once", "/by-message"))
    assert at_once == by_message
    assert b"HTTP/1.1 200 OK\r\n" in at_once
    assert at_once.endswith(b"body" * 1000)


def test_an_answer_not_modified_has_no_word_of_a_body() -> None:
    told = not_modified(ANSWER)
    assert (told.status, told.pieces, told.length, told.tag) == (304, (), None, '"tag"')
    assert [*told.headers, *told.own] == [(b"vary", b"Accept-Language"), (b"etag", b'"tag"')]
    assert told.head == b"vary: Accept-Language\r\n"
