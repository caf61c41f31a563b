"""The resolver of GS1 Digital Links: from a GS1 key that a firm linked, to its story here.

GS1-Conformant Resolver Standard 1.2 as far as it concerns links a party stated: keys are checked (400), one
default link, link types, the set of links (RFC 9264), a walk up from serial to lot to product, CORS, and
the description at /.well-known/gs1resolver. Compressed links are not read. No key is ever minted here.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Path, Query, Request, Response
from starlette.convertors import Convertor, register_url_convertor

from api.callers import Anyone, TheStation
from api.languages import language_of
from api.problems import problem_response, problems, status_of
from api.station import Station
from api.web.linkset import (
    LINKSET_TYPE,
    KeyLinks,
    chosen_link,
    key_links,
    linkset_of,
    resolver_description,
)
from ledger.errors import DaodiError, Location
from trace.links.digital_link import Element, parse_digital_link
from trace.links.link_errors import BadDigitalLink, NoSuchLink, UnknownOtherCode
from trace.links.link_reading import links_up_the_tree

KEYS: Final = ("00", "01", "253", "414", "417", "8006")
"""Primary keys the resolver answers for."""

_CORS: Final[Mapping[str, str]] = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language",
    "Access-Control-Expose-Headers": "Link, Location",
}
_CONTEXT: Final = "https://ref.gs1.org/standards/resolver/linkset-context"
_ALL: Final = ("linkset", "all")


class Gs1Key(Convertor[str]):
    """Matches the primary keys and nothing else, so that other addresses stay free."""

    regex = "|".join(KEYS)

    def convert(self, value: str) -> str:
        """Return the key as it stands in the address."""
        return value

    def to_string(self, value: str) -> str:
        """Write it into an address."""
        return value


register_url_convertor("gs1key", Gs1Key())

router = APIRouter(tags=["links"])


@router.head("/{key:gs1key}/{rest:path}", include_in_schema=False)
@router.get(
    "/{key:gs1key}/{rest:path}",
    summary="Resolve a GS1 Digital Link",
    status_code=HTTPStatus.TEMPORARY_REDIRECT,
    response_class=Response,
    responses={
        200: {
            "description": "All links as a set (RFC 9264), for `linkType=linkset` or its media type.",
            "content": {LINKSET_TYPE: {}},
        },
        307: {"description": "The default link, or that of the type asked for."},
        **problems(BadDigitalLink, UnknownOtherCode, NoSuchLink),
    },
)
def resolve(
    key: Annotated[str, Path(description="Primary key: 00, 01, 253, 414, 417 or 8006.", examples=["01"])],  # noqa: ARG001  the address is read as a whole
    rest: Annotated[str, Path(description="Its value and qualifiers.", examples=["06901234567892/10/A"])],  # noqa: ARG001  as above
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    linkType: Annotated[  # noqa: N803  the standard's name
        str | None, Query(max_length=200, description="linkset, or a type such as gs1:pip.")
    ] = None,
) -> Response:
    """Lead from a GS1 key that its owner linked to the story of the lot or the packs it names.

    Without a link of its own a serial leads to its lot's, and a lot to its product's.
    """
    try:
        return _resolved(request, station, linkType)
    except DaodiError as fault:
        return _refused(request, fault)


@router.options(
    "/{key:gs1key}/{rest:path}",
    summary="Ask how a GS1 Digital Link may be asked for",
    include_in_schema=False,
)
def options(request: Request, caller: Anyone) -> Response:  # noqa: ARG001  the same for every key
    """Say which methods there are, for browsers that ask before they fetch across origins."""
    return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": "GET, HEAD, OPTIONS", **_CORS})


@router.head("/.well-known/gs1resolver", include_in_schema=False)
@router.get("/.well-known/gs1resolver", summary="Read what the resolver supports", response_class=Response)
def describe(request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return the resolver description file: keys, link types and rules."""
    body = orjson.dumps(resolver_description(station.settings.base_url, KEYS))
    return Response(body, media_type="application/json", headers=dict(_CORS))


def _resolved(request: Request, station: Station, link_type: str | None) -> Response:
    path = _path_of(request)
    with station.database.read() as session:
        found = links_up_the_tree(session, path)
    if not found:
        raise UnknownOtherCode(value=request.url.path[:80], at=Location(value=request.url.path[:80]))
    links = [key_links(level, link, station.settings.base_url, language_of(request)) for level, link in found]
    if link_type in _ALL or LINKSET_TYPE in request.headers.get("accept", ""):
        return _linkset(request, links)
    link = chosen_link(links, link_type)
    if link is None:
        raise NoSuchLink(link_type=link_type or "", at=Location(field="linkType", value=link_type))
    target = f"{link}{'&' if '?' in link else '?'}{request.url.query}" if request.url.query else link
    return Response(
        status_code=HTTPStatus.TEMPORARY_REDIRECT,
        headers={"Location": target, "Link": _link_header(links), "Vary": "Accept", **_CORS},
    )


def _path_of(request: Request) -> tuple[Element, ...]:
    """Read the key from the address as it was sent, before any percent sign was decoded."""
    raw = request.scope.get("raw_path") or request.url.path.encode()
    query = f"?{request.url.query}" if request.url.query else ""
    return parse_digital_link(f"https://resolver{raw.decode('latin-1')}{query}").path


def _linkset(request: Request, links: list[KeyLinks]) -> Response:
    body = orjson.dumps(linkset_of(links))
    headers = {
        "Link": f'<{_CONTEXT}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"',
        "Vary": "Accept, Accept-Language",
        **_CORS,
    }
    return Response(b"" if request.method == "HEAD" else body, media_type=LINKSET_TYPE, headers=headers)


def _link_header(links: list[KeyLinks]) -> str:
    return f'<{links[0].anchor}?linkType=linkset>; rel="linkset"; type="{LINKSET_TYPE}"'


def _refused(request: Request, fault: DaodiError) -> Response:
    """A page for people and a problem for programs; other origins may read both."""
    if "text/html" in request.headers.get("accept", ""):
        from api.web.site import problem_page  # loaded for people only: programs start faster without

        answer = problem_page(request, fault, status_of(fault).value)
    else:
        answer = problem_response(fault, language_of(request))
    answer.headers.update(_CORS)
    return answer
