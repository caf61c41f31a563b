"""Routes as FastAPI prepares them for answering: once for a process, and before its first request.

FastAPI builds what answers a route of an included router when that router is first asked, and anew for every
application: a third of a second for all of ours, during which nobody else is answered.
"""

from collections.abc import Callable, Sequence
from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute

_PREPARED: Final[dict[tuple[object, ...], list[BaseRoute]]] = {}


def include_routers(
    app: FastAPI, routers: Sequence[APIRouter], operation_id: Callable[[APIRoute], str]
) -> None:
    """Let `app` answer the routes of `routers`, shared with other applications that have the same ones.

    They get nothing from `app` but their names in its description, by `operation_id`: no prefix, no
    dependencies, no override of one.
    """
    app.router.routes.extend(_included(routers, operation_id))


def prepare(app: FastAPI) -> None:
    """Build now what the first requests would have to wait for."""
    for _ in iter_route_contexts(app.routes):
        pass


def _included(routers: Sequence[APIRouter], operation_id: Callable[[APIRoute], str]) -> list[BaseRoute]:
    key = (operation_id, *map(id, routers))
    if key not in _PREPARED:
        holder = APIRouter(generate_unique_id_function=operation_id)
        for router in routers:
            holder.include_router(router)
        _PREPARED[key] = holder.routes  # they hold the routers, so that no id becomes another's
    return _PREPARED[key]
