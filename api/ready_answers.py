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
    """Its entity tag; empty where it has none."""
    headers: Sequence[Header]
    """All but its tag and its length."""
    head: bytes
    """The same headers as HTTP/1.1 writes them."""
    pieces: Sequence[bytes]
    """The body is these, one after the other."""
    length: int | None
    """Bytes of the body it has, or would have for who asks for it; None where it can have none."""

    @property
    def own(self) -> list[Header]:
        """The headers that are no constants."""
        tag = [(b"etag", self.tag.encode())] if self.tag else []
        length = [] if self.length is None else [(b"content-length", b"%d" % self.length)]
        return tag + length


def not_modified(answer: Ready) -> Ready:
    """Return the answer to whoever has it already (RFC 9110, section 15.4.5)."""
    kept = tuple(header for header in answer.headers if header[0] not in _ABOUT_BODY)
    return Ready(HTTPStatus.NOT_MODIFIED.value, answer.tag, kept, spelt(kept), (), None)


def spelt(headers: Sequence[Header]) -> bytes:
    """Write headers as HTTP/1.1 does (RFC 9112, section 5)."""
    return b"".join([b"%b: %b\r\n" % header for header in headers])


async def send_ready(answer: Ready, request_id: str, send: Send) -> None:
    """Send an answer under an id."""
    cycle = getattr(send, "__self__", None)
    if isinstance(cycle, RequestResponseCycle) and may_write(cycle):
        write_ready(cycle, answer, request_id)
        return
    headers = [*answer.headers, *answer.own, (b"x-request-id", request_id.encode())]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"".join(answer.pieces)})


def may_write(cycle: RequestResponseCycle) -> bool:
    """Say whether an answer may be written to a connection as it stands now."""
    return not (cycle.response_started or cycle.disconnected or cycle.flow.write_paused or cycle.access_log)


def write_ready(cycle: RequestResponseCycle, answer: Ready, request_id: str) -> None:
    """Do what `RequestResponseCycle.send` does for both messages of an answer of known length."""
    cycle.response_started = True
    cycle.waiting_for_100_continue = False
    head = (STATUS_LINE[answer.status], spelt(cycle.default_headers), answer.head, spelt(answer.own))
    ended = b"\r\n\r\n" if cycle.keep_alive else b"\r\nconnection: close\r\n\r\n"
    cycle.transport.write(b"".join((*head, b"x-request-id: ", request_id.encode(), ended, *answer.pieces)))
    cycle.response_complete = True
    cycle.message_event.set()
    if not cycle.keep_alive:
        cycle.transport.close()
    cycle.on_response()
