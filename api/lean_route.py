"""A route for the busiest addresses: described like any other, run without what it does not use.

FastAPI's routing and its resolving of parameters cost more than all else the service does to take a
statement in. The routes of this class have a fixed path and read nothing but the raw request and its
token, so the gate may hand them their requests itself.
"""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any, TypeAlias

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from api.callers import presented_token, station_of


class LeanRoute(APIRoute):
    """Calls `endpoint(request, bearer, station)`, whose parameters are `Request`, `Bearer`, `TheStation`."""

    async def answer(self, request: Request) -> Response:
        """Answer one request; errors rise to whoever called, the gate or the application."""
        station = await station_of(request)
        answer: Response = await self.endpoint(request, presented_token(request), station)
        return answer

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request that came by the application's routing after all."""
        return self.answer


Doors: TypeAlias = Mapping[tuple[str, str], LeanRoute]
"""Lean routes by method and path."""


def doors_of(routers: Iterable[APIRouter]) -> Doors:
    """Return the lean routes of some routers."""
    lean = (route for router in routers for route in router.routes if isinstance(route, LeanRoute))
    return {(method, route.path): route for route in lean for method in route.methods or ()}
