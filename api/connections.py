"""What a connection must do to be heard: say its head within a time and a length, and end when answered.

uvicorn bounds neither the time nor the length of a request's head, and reads on after an answer that was
given before the whole body came. A thousand such connections would cost a service its sockets.
"""

import asyncio
from functools import lru_cache
from typing import Any, Final

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from api.at_once import AT_ONCE, AtOnce

HEAD_BYTES: Final = 64 * 1024
"""Longest request line and headers; browsers and our commands stay below 8 KiB."""


class Connection(HttpToolsProtocol):
    """One connection of the served application, with a deadline for everything it begins."""

    head_seconds: float = 10.0
    """How long a request's line and headers may take to arrive."""
    linger_seconds: float = 2.0
    """How long a sender may go on sending after its answer, so that it comes to read it."""

    _in_head = True
    _head_ended = False
    """Whether a head ended in the piece being read."""
    _head_bytes = 0
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn narrows it
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._close_after(self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """End with the connection."""
        self._in_time()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; a head that is too long is refused with 400."""
        if self._in_head and self._deadline is None:
            self._close_after(self.head_seconds)
        began_in_head = self._in_head
        self._head_ended = False
        super().data_received(data)
        if began_in_head and not self._head_ended:  # else the piece is, or begins as, a body
            self._head_bytes += len(data)
        if self._in_head and self._head_bytes > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("Request head too long.")

    def on_message_begin(self) -> None:
        """Start the clock of a request that follows another in the same piece."""
        super().on_message_begin()
        if self._deadline is None:
            self._close_after(self.head_seconds)

    def on_headers_complete(self) -> None:
        """Stop the clock: bodies have their own, at the gate."""
        self._in_head = False
        self._head_ended = True
        self._head_bytes = 0
        self._in_time()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Be ready for the next head."""
        self._in_head = True
        self._head_bytes = 0
        self._in_time()
        super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:  # noqa: ANN401  as uvicorn has it
        """Begin a task for a request, unless its application can answer it at once."""
        at_once: AtOnce | None = self.app_state.get(AT_ONCE) if app is self.app else None
        if at_once is not None:
            if self.config.proxy_headers:
                _tell_client(cycle.scope, self.config.forwarded_allow_ips)
            if at_once.took(cycle):
                return
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        """End soon when the body was not waited for."""
        super().on_response_complete()
        if not self._in_head and self.cycle.response_complete and self._deadline is None:
            self._close_after(self.linger_seconds)

    def _close_after(self, seconds: float) -> None:
        self._deadline = self.loop.call_later(seconds, self.transport.close)

    def _in_time(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def _tell_client(scope: Any, trusted: Any) -> None:  # noqa: ANN401  as uvicorn has them
    """Put into a request who sent it, where a trusted proxy says so, as uvicorn does on the common way."""
    told = _proxies(trusted if isinstance(trusted, str) else ",".join(trusted))(scope, _never, _never)
    try:
        told.send(None)
    except StopIteration:
        return
    told.close()
    raise RuntimeError("uvicorn's ProxyHeadersMiddleware waits")


@lru_cache(maxsize=8)
def _proxies(trusted: str) -> ProxyHeadersMiddleware:
    return ProxyHeadersMiddleware(_nothing, trusted)


async def _nothing(*_: object) -> None:
    return


async def _never(*_: object) -> Any:  # noqa: ANN401  is not called
    raise RuntimeError
