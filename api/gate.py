"""The outermost layer: what a request must be before any route, and what every answer carries.

It settles the request's id, refuses unknown hosts and NULs in addresses, reads JSON and form bodies
strictly and within their limits, logs one line a request, and turns whatever nobody caught into a problem,
or into a page where a person's browser asked.
"""

import time
from collections.abc import Iterable
from typing import Final

import structlog
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.access_log import AccessLog
from api.asking import ASKING, Asking
from api.bodies import read_body, refuse_early
from api.cors import RawHeaders
from api.errors import AddressNotText
from api.hosts import Hosts
from api.lean_route import Doors
from api.private_answers import as_private
from api.problem_handlers import answer_to
from api.repeats.request_keys import SentRequest, wants_key
from api.request_ids import request_id
from api.request_rates import rate_headers
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

    def __init__(self, app: ASGIApp, settings: Settings, doors: Doors) -> None:
        """Stand around `app`; requests for `doors` are answered there, past its routing."""
        self._app = app
        self._doors = doors
        self._settings = settings
        self._hosts = Hosts(settings.trusted_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; other traffic (the lifespan) passes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        named = request_id(headers.get("x-request-id", ""))
        scope.setdefault("state", {})["request_id"] = named
        accesses = _accesses(scope)
        asking = Asking(f"{scope['method']} {scope['path']}", named, scope)
        passage = _Passage(send, scope, asking)
        if accesses is not None:
            accesses.begun(asking, scope["method"])
        token = ASKING.set(asking)
        structlog.contextvars.bind_contextvars(request_id=named)
        try:
            await self._pass(scope, headers, receive, passage)
        except Exception as error:  # noqa: BLE001  the last place where a fault can become an answer
            await self._answer_fault(error, scope, receive, passage)
        finally:
            ASKING.reset(token)
            if accesses is not None:
                accesses.finished(asking, scope["method"], passage.status)
            passage.log(scope)
            structlog.contextvars.unbind_contextvars("request_id")

    async def _pass(self, scope: Scope, headers: Headers, receive: Receive, passage: "_Passage") -> None:
        self._hosts.require(headers.get("host", ""))
        _check_address(scope)
        before = None if "app" not in scope else scope["app"].state.open_reads.preflight(scope, headers)
        if before is not None:
            await before(scope, receive, passage.send)
            return
        refuse_early(headers, self._settings)
        checked = await read_body(headers, receive, self._settings)
        if wants_key(scope, headers):
            checked = SentRequest(scope, headers, checked).receive
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
        response = answer_to(error, Request(scope), passage.request_id)
        if passage.started:
            raise error
        await response(scope, receive, passage.send)


def _of_request(scope: Scope) -> RawHeaders:
    """Return the headers an answer gets for who asked and what for: its limits, and who may read it."""
    limits = [(name.lower().encode(), value.encode()) for name, value in rate_headers(scope).items()]
    app = scope.get("app")
    return limits if app is None else [*limits, *app.state.open_reads.headers(scope)]


def _accesses(scope: Scope) -> AccessLog | None:
    """Return where access is noted; None around an application that has no station."""
    app = scope.get("app")
    return None if app is None else app.state.station.accesses


class _Passage:
    """One answer on its way out: its id, its start, its headers."""

    def __init__(self, send: Send, scope: Scope, asking: Asking) -> None:
        self._send = send
        self._scope = scope
        self._asking = asking
        self.request_id = asking.request_id
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
        """Add the id, each security header that the answer does not set itself, and for whom it is."""
        theirs = [(name, value) for name, value in headers if name != b"x-request-id"]
        if self._asking.caller is not None:
            theirs = as_private(theirs)
        named = {name for name, _ in theirs}
        ours = [header for header in SECURITY if header[0] not in named]
        ours += _of_request(self._scope)
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
