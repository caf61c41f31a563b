"""The application: the gate, the routes, the pages and their files, around one station."""

import gc
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from api import health, problem_handlers, problem_kinds
from api.at_once import AT_ONCE, AtOnce
from api.cors import OpenReads
from api.described.describing import finish_description
from api.gate import SECURITY, Gate
from api.lean_route import doors_of
from api.prepared_routes import include_routers, prepare
from api.repeats.repeatable import make_repeatable
from api.repeats.under_way import UnderWay
from api.request_rates import count_requests
from api.scan_door import ScanDoor
from api.static_files import HashedStaticFiles
from api.station import Station
from api.web.api_docs import DrawnOperations
from api.webhooks.described import describe_events

_TURN_SECONDS: Final = 0.0002
"""How long the loop waits for the interpreter at most, while another thread computes."""
_COLLECTED: Final = (5_000, 20, 100)
"""Objects, young and middle collections between collections of the next kind: `gc.set_threshold`."""
STATIC_FOLDER = Path(__file__).resolve().parent / "web" / "static"


def create_app(station: Station, routers: Sequence[APIRouter] | None = None) -> FastAPI:
    """Return the application that serves `station`, which its opener closes.

    `routers` are those of `api.routes.all_routes` unless others are given.
    """
    if routers is None:
        from api.routes.all_routes import all_routers

        routers = all_routers()
    app = _Application(
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
    app.state.under_way = UnderWay()
    app.state.api_docs = DrawnOperations(lambda: app.openapi())
    app.state.open_reads = OpenReads([*routers, problem_kinds.router])
    make_repeatable(routers)
    count_requests(routers)
    # The gate limits bodies itself, so that a refusal is a problem: FastAPI's own answer is bare text.
    scans = ScanDoor(station, SECURITY)
    app.state.scans = scans
    app.add_middleware(Gate, settings=station.settings, doors=doors_of(routers))
    problem_handlers.install(app)
    include_routers(app, [health.router, problem_kinds.router, *routers], _operation_id)
    describe_events(app)
    finish_description(app)
    app.mount("/static", HashedStaticFiles(directory=STATIC_FOLDER), name="static")
    return app


class _Application(FastAPI):
    """FastAPI with a door before all its layers."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; the busiest address meets neither middleware nor routing."""
        if scope["type"] == "http" and await self.state.scans.answered(scope, send):
            return
        await super().__call__(scope, receive, send)


@asynccontextmanager
async def _settled(app: FastAPI) -> AsyncIterator[Mapping[str, AtOnce]]:
    """Keep answers from waiting for what else this process does, while it serves.

    Its state reaches our own connections, which ask it for answers before they begin a task.

    The collector is spared what was loaded before the first request: to walk it stops all answers for 80 ms.
    What it then takes for old is so little that it would walk all of that again several times a second, 15 ms
    each; what requests leave behind is found young.
    A thread at work in the background is told to let go of the interpreter after `_TURN_SECONDS`, not the
    usual 5 ms: the loop asks for it again after each read and write.
    """
    prepare(app)
    gc.freeze()
    thresholds = gc.get_threshold()
    gc.set_threshold(*_COLLECTED)
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_TURN_SECONDS)
    app.state.scans.open()
    try:
        yield {AT_ONCE: AtOnce(app.state.scans.at_once)}
    finally:
        app.state.scans.close()
        sys.setswitchinterval(usual)
        gc.set_threshold(*thresholds)
        gc.unfreeze()


def _operation_id(route: APIRoute) -> str:
    return route.name
