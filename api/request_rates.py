"""How often one caller may use the API: counted for its token, or for its address where it has none.

Reads and writes are counted apart, once the caller is known: a token that is not genuine counts for nobody.
Statements signed outside are held by their backlog alone (`api.backlog`), codes and complaints by tighter
limits besides. Every counted answer says what is left (draft-ietf-httpapi-ratelimit-headers-10).
"""

import functools
import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.types import Scope

from api.asking import ASKING, Asking
from api.errors import TooManyRequests
from api.lean_route import LeanRoute
from api.limits import Bucket, Limiter, RateStanding

Endpoint: TypeAlias = Callable[..., Any]
_MARK: Final = "counted"
_STATE: Final = "rate_standing"
_SAFE: Final = frozenset({"GET", "HEAD"})


def count_requests(routers: Iterable[APIRouter]) -> None:
    """Let every operation of the API among `routers`, and every form of a page, count its requests."""
    for router in routers:
        for route in router.routes:
            if not isinstance(route, APIRoute) or isinstance(route, LeanRoute):
                continue
            if _is_counted(route) and not hasattr(route.endpoint, _MARK):
                route.endpoint = _counted(route.endpoint)
                setattr(route.endpoint, _MARK, True)


def _is_counted(route: APIRoute) -> bool:
    return route.path.startswith("/v1/") or "POST" in (route.methods or ())


def rate_headers(scope: Scope) -> Mapping[str, str]:
    """Return `RateLimit` and `RateLimit-Policy` of a request that was counted; nothing for others."""
    standing: RateStanding | None = scope["state"].get(_STATE)
    if standing is None:
        return {}
    return {
        "RateLimit-Policy": f'"{standing.bucket}";q={standing.amount};w={standing.window_seconds}',
        "RateLimit": f'"{standing.bucket}";r={standing.left};t={standing.reset_seconds}',
    }


def _counted(endpoint: Endpoint) -> Endpoint:
    if inspect.iscoroutinefunction(endpoint):
        return _awaited(endpoint)

    @functools.wraps(endpoint)
    def answered(**values: Any) -> Any:  # noqa: ANN401  whatever the endpoint takes and returns
        _count()
        return endpoint(**values)

    return answered


def _awaited(endpoint: Callable[..., Awaitable[Any]]) -> Endpoint:
    @functools.wraps(endpoint)
    async def answered(**values: Any) -> Any:  # noqa: ANN401  as above
        await run_in_threadpool(_count)  # it may ask Redis
        return await endpoint(**values)

    return answered


def _count() -> None:
    """Count the request that is being answered; raises `TooManyRequests`."""
    asking = ASKING.get()
    if asking is None or asking.scope is None:
        return
    limiter: Limiter = asking.scope["app"].state.station.limiter
    bucket: Bucket = "read" if asking.scope["method"] in _SAFE else "write"
    standing = limiter.spend(bucket, *_who(asking, asking.scope))
    asking.scope["state"][_STATE] = standing
    if standing.refused:
        raise TooManyRequests(seconds=standing.reset_seconds)


def _who(asking: Asking, scope: Scope) -> tuple[str, str]:
    """Return by what a caller is counted and its name there."""
    if asking.caller is not None and asking.caller.token is not None:
        return "token", asking.caller.token
    client = scope.get("client")
    return "address", client[0] if client else "unknown"
