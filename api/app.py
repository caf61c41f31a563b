"""The application: the gate, the routes, the pages and their files, around one station."""

import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from api import health, problem_handlers, problem_kinds
from api.gate import SECURITY, Gate
from api.lean_route import doors_of
from api.scan_door import ScanDoor
from api.static_files import HashedStaticFiles
from api.station import Station
from api.webhooks.described import describe_events

STATIC_FOLDER = Path(__file__).resolve().parent / "web" / "static"


def create_app(station: Station, routers: Sequence[APIRouter] | None = None) -> FastAPI:
    """Return the application that serves `station`, which its opener closes.

    `routers` are those of `api.routes.all_routes` unless others are given.
    """
    if routers is None:
        from api.routes.all_routes import all_routers

        routers = all_routers()
    app = FastAPI(
        title="daodi 道地",
        summary="Herb traceability and price indices that anyone can check 中药材追溯与价格指数",
        description=(
            "Every step of a herb lot is a signed statement in one append-only log; every index release is "
            "anchored in it. Times are RFC 3339, mass is whole grams, money whole fen. Errors are RFC 9457 "
            "problems in Chinese or English (`?lang=`, `Accept-Language`)."
        ),
        version=version("daodi"),
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_id,
        lifespan=_settled,
    )
    app.state.station = station
    # The gate limits bodies itself, so that a refusal is a problem: FastAPI's own answer is bare text.
    scans = ScanDoor(station, SECURITY)
    app.state.scans = scans
    app.add_middleware(Gate, settings=station.settings, doors=doors_of(routers), scans=scans)
    problem_handlers.install(app)
    app.include_router(health.router)
    app.include_router(problem_kinds.router)
    for router in routers:
        app.include_router(router)
    describe_events(app)
    app.mount("/static", HashedStaticFiles(directory=STATIC_FOLDER), name="static")
    return app


@asynccontextmanager
async def _settled(app: FastAPI) -> AsyncIterator[None]:
    """Spare the collector what is loaded before the first request: to walk it stops all answers for 80 ms."""
    gc.freeze()
    try:
        yield
    finally:
        app.state.scans.close()
        gc.unfreeze()


def _operation_id(route: APIRoute) -> str:
    return route.name
