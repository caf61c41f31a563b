"""Answers made ready once and sent often: written whole to connections of our own, as ASGI says to others.

uvicorn checks and joins an answer's headers one by one in Python: for a dozen constant ones that costs more
than all else that is done for a request. What is written here past it is made of our own constants alone.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final, NamedTuple, TypeAlias

from starlette.types import Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

Header: TypeAlias = tuple[bytes, bytes]
_ABOUT_BODY: Final = (b"content-type", b"content-length", b"content-encoding")


class Ready(NamedTuple):
    """An answer as it is sent again and again, but for its id."""

    status: int
    tag: str
    headers: Sequence[Header]
    head: bytes
    """The same headers as HTTP/1.1 writes them."""
    body: bytes


def ready(status: int, tag: str, headers: Sequence[Header], head: bytes, body: bytes) -> Ready:
    """Return an answer with its entity tag and length after `headers`, which `head` spells."""
    own = ((b"etag", tag.encode()), (b"content-length", b"%d" % len(body)))
    return Ready(status, tag, (*headers, *own), head + spelt(own), body)


def not_modified(answer: Ready) -> Ready:
    """Return the answer to whoever has it already (RFC 9110, section 15.4.5)."""
    kept = tuple(header for header in answer.headers if header[0] not in _ABOUT_BODY)
    return Ready(HTTPStatus.NOT_MODIFIED.value, answer.tag, kept, spelt(kept), b"")


def spelt(headers: Sequence[Header]) -> bytes:
    """Write headers as HTTP/1.1 does (RFC 9112, section 5)."""
    return b"".join(b"%b: %b\r\n" % header for header in headers)


async def send_ready(answer: Ready, request_id: str, send: Send, *, body: bool) -> None:
    """Send an answer under an id; to a HEAD request without its `body`."""
    content = answer.body if body else b""
    cycle = getattr(send, "__self__", None)
    if isinstance(cycle, RequestResponseCycle) and _may_write(cycle):
        _write(cycle, answer, request_id, content)
        return
    named = (b"x-request-id", request_id.encode())
    started = {"type": "http.response.start", "status": answer.status, "headers": [*answer.headers, named]}
    await send(started)
    await send({"type": "http.response.body", "body": content})


def _may_write(cycle: RequestResponseCycle) -> bool:
    return not (cycle.response_started or cycle.disconnected or cycle.flow.write_paused or cycle.access_log)


def _write(cycle: RequestResponseCycle, answer: Ready, request_id: str, content: bytes) -> None:
    """Do what `RequestResponseCycle.send` does for both messages of an answer of known length."""
    cycle.response_started = True
    cycle.waiting_for_100_continue = False
    ended = b"" if cycle.keep_alive else b"connection: close\r\n"
    cycle.transport.write(
        b"%b%b%bx-request-id: %b\r\n%b\r\n%b"
        % (
            STATUS_LINE[answer.status],
            spelt(cycle.default_headers),
            answer.head,
            request_id.encode(),
            ended,
            content,
        )
    )
    cycle.response_complete = True
    cycle.message_event.set()
    if not cycle.keep_alive:
        cycle.transport.close()
    cycle.on_response()
