"""The scanner of the workbench: codes read by a camera, from a photo or typed, and what can be done next.

The decoder of QR codes is a WebAssembly program of our own origin: this page alone allows one to be
compiled, and this page alone may ask for the camera.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.callers import Caller, Clerk, TheStation
from api.gate import SECURITY_HEADERS
from api.routes.pages import PAGE
from api.routes.work_scanned import MOST, look_through, offers, read_list
from api.station import Station
from api.web.work_frame import work_page
from trace.vocabulary import Stage

router = APIRouter(prefix="/workbench/scan", include_in_schema=False)

_LONGEST_LIST: Final = 20_000
_PLACES: Final = {
    Stage.SHIP: "/workbench/ship",
    Stage.SALE: "/workbench/steps/sale",
    Stage.DISPENSE: "/workbench/steps/dispense",
    Stage.RECEIVE: "/workbench/steps/receive",
}
"""Where each thing is done; the form there is filled in with the codes."""
_HEADERS: Final = {
    "Content-Security-Policy": SECURITY_HEADERS["Content-Security-Policy"]
    + "; script-src 'self' 'wasm-unsafe-eval'",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}


@router.api_route("", methods=PAGE)
async def scanner(
    request: Request,
    caller: Clerk,
    station: TheStation,
    codes: Annotated[str, Query(max_length=_LONGEST_LIST)] = "",
) -> Response:
    """Read codes with the camera, or say what the codes in the list are and what can be done with them."""
    answer = await run_in_threadpool(_drawn, request, caller, station, codes)
    answer.headers.update(_HEADERS)
    return answer


def _drawn(request: Request, caller: Caller, station: Station, codes: str) -> Response:
    pairs, left_out = read_list(codes)
    party = caller.party or request.query_params.get("party")
    found = look_through(station, pairs, party, caller) if pairs else []
    parts = {
        "codes": codes,
        "found": found,
        "offers": offers(found),
        "left_out": left_out,
        "most": MOST,
        "places": _PLACES,
        "unknown": sum(not each.known for each in found),
    }
    return work_page(request, caller, "work_scan.html", area="scan", parts=parts)
