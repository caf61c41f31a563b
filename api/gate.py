"""The outermost layer: what a request must be before any route, and what every answer carries.

It settles the request's id, refuses unknown hosts and NULs in addresses, reads JSON and form bodies
strictly and within their limits, logs one line a request, and turns whatever nobody caught into a problem.
"""

import re
import secrets
import time
from typing import Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.bodies import read_body, refuse_early
from api.errors import AddressNotText, HostUnknown
from api.languages import language_of
from api.problem_handlers import as_problem
from api.settings import Settings

_log = structlog.get_logger(__name__)
_HOST: Final = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")
"""RFC 9110, section 7.2, without the user part some URL readers would skip."""
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9-]{8,64}")

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


class Gate:
    """An ASGI layer around the whole application."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._hosts = tuple(host.lower() for host in settings.trusted_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; other traffic (the lifespan) passes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        passage = _Passage(send, request_id)
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self._pass(scope, receive, passage)
        except Exception as error:  # noqa: BLE001  the last place where a fault can become an answer
            await self._answer_fault(error, scope, receive, passage)
        finally:
            passage.log(scope)
            structlog.contextvars.unbind_contextvars("request_id")

    async def _pass(self, scope: Scope, receive: Receive, passage: "_Passage") -> None:
        self._check_host(scope)
        _check_address(scope)
        refuse_early(scope, self._settings)
        checked = await read_body(scope, receive, self._settings)
        await self._app(scope, checked, passage.send)

    async def _answer_fault(
        self, error: Exception, scope: Scope, receive: Receive, passage: "_Passage"
    ) -> None:
        response = as_problem(error, language_of(Request(scope)), passage.request_id)
        if passage.started:
            raise error
        await response(scope, receive, passage.send)

    def _check_host(self, scope: Scope) -> None:
        if "*" in self._hosts:
            return
        host = _host_name(Headers(scope=scope).get("host", ""))
        for known in self._hosts:
            if host == known or (known.startswith("*.") and host.endswith(known[1:])):
                return
        raise HostUnknown


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
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = self.request_id
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)

    def log(self, scope: Scope) -> None:
        route = getattr(scope.get("route"), "path", None)
        _log.info(
            "request",
            method=scope["method"],
            path=route or "-",
            status=self.status,
            ms=round((time.monotonic() - self._begun) * 1000, 1),
        )


def _request_id(scope: Scope) -> str:
    sent = Headers(scope=scope).get("x-request-id", "")
    return sent if _REQUEST_ID.fullmatch(sent) else secrets.token_hex(8)


def _host_name(header: str) -> str:
    matched = _HOST.fullmatch(header)
    return matched[1].lower() if matched else ""


def _check_address(scope: Scope) -> None:
    """Refuse a NUL: PostgreSQL cannot even compare with it."""
    query = scope["query_string"]
    if "\0" in scope["path"] or b"%00" in query or b"\0" in query:
        raise AddressNotText
