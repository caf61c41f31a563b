"""What pages of other origins may read: what everybody may, without cookies or tokens (the Fetch standard).

Only operations that ask for no caller are open, and of those only the API, the log, its keys and the files of
releases. Nothing is ever said of credentials, so that a browser sends none and shows no answer to any.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias, get_args

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from api.callers import CALLERS, Anyone

RawHeaders: TypeAlias = Sequence[tuple[bytes, bytes]]
READABLE: Final = re.compile(
    r"/v1/|/log/|/log-sm3/|/problems|/\.well-known/|/index/[^/]+\.(rss|csv|json|parquet)$"
)
"""Addresses for programs; pages are for people and are looked at where they are."""
_ANYONE: Final = {get_args(Anyone)[1].dependency}
_ANY: Final = (b"access-control-allow-origin", b"*")
_EXPOSED: Final = (
    b"access-control-expose-headers",
    b"ETag, Link, Location, Content-Language, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id",
)
_ALLOWED: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match, Range",
    "Access-Control-Max-Age": "86400",
}


class OpenReads:
    """The operations that pages of any origin may read from."""

    def __init__(self, routers: Iterable[APIRouter]) -> None:
        """Find them among `routers`."""
        routes = [each for router in routers for each in router.routes if isinstance(each, APIRoute)]
        found = [each for each in routes if _is_open(each)]
        self.paths = frozenset(each.path for each in found)
        self._patterns = [each.path_regex for each in found]

    def headers(self, scope: Scope) -> RawHeaders:
        """Return what an answer says to pages of other origins: nothing unless everybody may read it."""
        path = getattr(scope.get("route"), "path", None)
        if scope["method"] not in ("GET", "HEAD") or path not in self.paths:
            return ()
        return _ANY, _EXPOSED

    def preflight(self, scope: Scope, headers: Headers) -> Response | None:
        """Answer a browser that asks before it reads; None where the request is anything else."""
        asked = headers.get("access-control-request-method")
        if scope["method"] != "OPTIONS" or "origin" not in headers or asked not in ("GET", "HEAD"):
            return None
        if not any(each.match(scope["path"]) for each in self._patterns):
            return None
        return Response(status_code=204, headers=_ALLOWED)


def _is_open(route: APIRoute) -> bool:
    reads = "GET" in (route.methods or ())
    return bool(reads and READABLE.match(route.path)) and _calls(route.dependant) & {*CALLERS} == _ANYONE


def _calls(dependant: Dependant) -> set[object]:
    return {dependant.call}.union(*(_calls(each) for each in dependant.dependencies))
