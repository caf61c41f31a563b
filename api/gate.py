"""The outermost layer: what a request must be before any route, and what every answer carries.

It settles the request's id, refuses unknown hosts and NULs in addresses, reads JSON and form bodies
strictly and within their limits, logs one line a request, and turns whatever nobody caught into a problem.
"""

import time
from collections.abc import Iterable
from typing import Final

import structlog
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.bodies import read_body, refuse_early
from api.errors import AddressNotText
from api.hosts import Hosts
from api.languages import language_of
from api.lean_route import Doors
from api.problem_handlers import as_problem
from api.request_ids import request_id
from api.scan_door import ScanDoor
from api.settings import Settings

_log = structlog.get_logger(__name__)

SECURITY_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""On every answer: nothing is loaded from elsewhere, nothing is framed, nothing is guessed."""
SECURITY: Final = tuple((name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items())
"""The same as ASGI sends them."""


class Gate:
    """An ASGI layer around the whole application."""

    def __init__(self, app: ASGIApp, settings: Settings, doors: Doors, scans: ScanDoor | None = None) -> None:
        """Stand around `app`; requests for `doors` and `scans` are answered there, past its routing."""
        self._app = app
        self._doors = doors
        self._settings = settings
        self._hosts = Hosts(settings.trusted_hosts)
        self._scans = scans

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; other traffic (the lifespan) passes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._scans is not None and await self._scans.answered(scope, send):
            return
        headers = Headers(scope=scope)
        named = request_id(headers.get("x-request-id", ""))
        scope.setdefault("state", {})["request_id"] = named
        passage = _Passage(send, named)
        structlog.contextvars.bind_contextvars(request_id=named)
        try:
            await self._pass(scope, headers, receive, passage)
        except Exception as error:  # noqa: BLE001  the last place where a fault can become an answer
            await self._answer_fault(error, scope, receive, passage)
        finally:
            passage.log(scope)
            structlog.contextvars.unbind_contextvars("request_id")

    async def _pass(self, scope: Scope, headers: Headers, receive: Receive, passage: "_Passage") -> None:
        self._hosts.require(headers.get("host", ""))
        _check_address(scope)
        refuse_early(headers, self._settings)
        checked = await read_body(headers, receive, self._settings)
        door = self._doors.get((scope["method"], scope["path"]))
        if door is None:
            await self._app(scope, checked, passage.send)
        else:
            scope["route"] = door
            answer = await door.answer(Request(scope, checked))
            await answer(scope, checked, passage.send)

    async def _answer_fault(
        self, error: Exception, scope: Scope, receive: Receive, passage: "_Passage"
    ) -> None:
        response = as_problem(error, language_of(Request(scope)), passage.request_id)
        if passage.started:
            raise error
        await response(scope, receive, passage.send)


class _Passage:
    """One answer on its way out: its id, its start, its headers."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self.request_id = request_id
        self.status = 0
        self._begun = time.monotonic()

    @property
    def started(self) -> bool:
        return self.status != 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = self._with_ours(message.get("headers", ()))
        await self._send(message)

    def _with_ours(self, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """Add the id, and each security header that the answer does not set itself."""
        theirs = [(name, value) for name, value in headers if name != b"x-request-id"]
        named = {name for name, _ in theirs}
        ours = [header for header in SECURITY if header[0] not in named]
        return [*theirs, (b"x-request-id", self.request_id.encode()), *ours]

    def log(self, scope: Scope) -> None:
        route = getattr(scope.get("route"), "path", None)
        _log.info(
            "request",
            method=scope["method"],
            path=route or "-",
            status=self.status,
            ms=round((time.monotonic() - self._begun) * 1000, 1),
        )


def _check_address(scope: Scope) -> None:
    """Refuse a NUL: PostgreSQL cannot even compare with it."""
    query = scope["query_string"]
    if "\0" in scope["path"] or b"%00" in query or b"\0" in query:
        raise AddressNotText
