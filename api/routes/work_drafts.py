"""The drafts on a reader's device, and the worker that opens their forms without a connection.

Drafts never come here before they are sent: the page is empty until its script fills it.
"""

from functools import cache
from importlib.resources import files
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from api.callers import Anyone, Clerk
from api.routes.pages import PAGE
from api.web.conditional import conditional
from api.web.work_frame import reader_of, work_page

router = APIRouter(prefix="/workbench", include_in_schema=False)


@router.api_route("/drafts", methods=PAGE)
def drafts_page(request: Request, caller: Clerk) -> Response:
    """List what is kept on the device."""
    parts = {"carried": urlencode(reader_of(request, caller).carried)}
    return work_page(request, caller, "work_drafts.html", area="drafts", parts=parts)


@router.api_route("/worker.js", methods=PAGE)
def worker(request: Request, caller: Anyone) -> Response:  # noqa: ARG001  a script is the same for everybody
    """Return the offline worker: from here, as a worker may only stand before pages below its own address."""
    return conditional(request, _worker(), "text/javascript")


@cache
def _worker() -> bytes:
    return files("api.web").joinpath("static", "worker.js").read_bytes()
