"""`/guides` and `/guides/{who}`: what to do step by step, for each kind of reader."""

from fastapi import APIRouter, Request, Response

from api.callers import Anyone
from api.routes.pages import PAGE
from api.web.guides import WHO, guide
from api.web.site import Reader, not_found_page, page

router = APIRouter(include_in_schema=False)


@router.api_route("/guides", methods=PAGE)
def guides(request: Request, caller: Anyone) -> Response:  # noqa: ARG001  declares who may call
    """List the guides with what each is for."""
    reader = Reader.of(request)
    found = [guide(who, reader.language, reader.link) for who in WHO]
    return page(request, "guides.html", parts={"guides": found})


@router.api_route("/guides/{who}", methods=PAGE)
def one_guide(who: str, request: Request, caller: Anyone) -> Response:  # noqa: ARG001  declares who may call
    """Show one guide; 404 where there is none for `who`."""
    if who not in WHO:
        return not_found_page(request)
    reader = Reader.of(request)
    return page(request, "guide.html", parts={"guide": guide(who, reader.language, reader.link)})
