"""Webhooks: registering endpoints, switching them, their secrets, their deliveries.

Any token may register endpoints for itself; it sees no others. The operator sees and switches all.
"""

from http import HTTPStatus
from typing import Annotated, cast

from fastapi import APIRouter, Path, Request, Response
from sqlmodel import Session

from api import webhook_work
from api.callers import Anyone, Holder, TheStation
from api.errors import FieldWrong, NotARegulator, ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.languages import language_of
from api.problems import problems
from api.routes.paging import MOST, Limit, Next, page_of, read_cursor, split
from api.routes.webhook_answers import (
    DeliveryAnswer,
    DeliveryPage,
    EndpointAnswer,
    EndpointList,
    EndpointMade,
    EndpointSwitch,
    ReplayAsked,
    Replayed,
    WebhookKey,
    WebhookKeyList,
)
from api.station import Station
from api.web.conditional import MATCH_HEADER, conditional_model, require_match
from api.web.precondition_errors import ChangedMeanwhile
from api.webhooks import deliveries, endpoints
from api.webhooks.endpoints import Endpoint, EndpointNew
from api.webhooks.signatures import public_text
from api.webhooks.webhook_errors import (
    EndpointDisabled,
    EndpointExists,
    EndpointRefused,
    TooManyEndpoints,
    UnknownEndpoint,
    UnknownEvent,
)

router = APIRouter(tags=["webhooks"])

EndpointId = Annotated[
    str,
    Path(max_length=40, pattern=r"^ep_[0-9a-f]{24}$", description="Id of an endpoint."),
]
_HELD = (TokenMissing, TokenRefused, ScopeMissing, NotARegulator)
_WRITING = (*_HELD, WriterClosed)
_SECRET = {"Cache-Control": "no-store"}


@router.get(
    "/.well-known/webhook-keys",
    summary="Read the key webhooks are signed with",
    response_model=WebhookKeyList,
    responses=problems(FieldWrong),
)
def read_webhook_keys(request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return the public keys that verify `v1a` signatures; keep them, and compare with a second source."""
    key = WebhookKey(key=public_text(station.webhook_keys.public), algorithm="ed25519", signature="v1a")
    return conditional_model(request, WebhookKeyList(keys=[key]))


@router.post(
    "/v1/webhooks",
    summary="Register a webhook endpoint",
    status_code=HTTPStatus.CREATED,
    response_model=EndpointMade,
    responses=problems(*_WRITING, EndpointRefused, EndpointExists, TooManyEndpoints),
)
def register_endpoint(
    new: EndpointNew, response: Response, caller: Holder, station: TheStation
) -> EndpointMade:
    """Have an address told of what becomes public from now on; the answer alone shows its secret.

    The address must be https and on the public net, now and at every try.
    """
    made = webhook_work.register(station, new, webhook_work.own(caller))
    response.headers["Location"] = f"/v1/webhooks/{made.endpoint_id}"
    return _with_secret(made, station, response)


@router.get(
    "/v1/webhooks",
    summary="List webhook endpoints",
    response_model=EndpointList,
    responses=problems(*_HELD, FieldWrong),
)
def list_endpoints(
    response: Response,
    caller: Holder,
    station: TheStation,
    limit: Limit = MOST,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> EndpointList:
    """Return the caller's endpoints, oldest first; for the operator everybody's. Never a secret."""
    response.headers.update(_SECRET)
    with station.database.read() as session:
        found = endpoints.endpoints(session, webhook_work.seen_by(caller))
    shown, following = page_of(
        found, limit, next, lambda each: (each.created_ms, each.endpoint_id), (int, str)
    )
    return EndpointList(endpoints=[EndpointAnswer.of(each) for each in shown], next=following)


@router.get(
    "/v1/webhooks/{endpoint}",
    summary="Read a webhook endpoint",
    response_model=EndpointAnswer,
    responses=problems(*_HELD, UnknownEndpoint),
)
def read_endpoint(endpoint: EndpointId, request: Request, caller: Holder, station: TheStation) -> Response:
    """Return one of the caller's endpoints, without its secret; its `ETag` is what a change names."""
    with station.database.read() as session:
        told = _endpoint_read(session, endpoint, webhook_work.seen_by(caller))
    return conditional_model(request, told, cache="private, no-cache")


@router.post(
    "/v1/webhooks/{endpoint}/switches",
    summary="Enable or disable a webhook endpoint",
    response_model=EndpointAnswer,
    responses=problems(*_WRITING, UnknownEndpoint, ChangedMeanwhile),
    openapi_extra={"parameters": [MATCH_HEADER]},
)
def switch_endpoint(
    endpoint: EndpointId, wanted: EndpointSwitch, request: Request, caller: Holder, station: TheStation
) -> EndpointAnswer:
    """Send it nothing more, or again what becomes public from now on; what it missed is for `replays`."""
    seen = webhook_work.seen_by(caller)

    def check(session: Session) -> None:
        require_match(request, lambda: _endpoint_read(session, endpoint, seen))

    return EndpointAnswer.of(webhook_work.switch(station, endpoint, seen, on=wanted.enabled, check=check))


def _endpoint_read(session: Session, endpoint: str, owner: str | None) -> EndpointAnswer:
    return EndpointAnswer.of(endpoints.endpoint(session, endpoint, owner))


@router.post(
    "/v1/webhooks/{endpoint}/rotations",
    summary="Give a webhook endpoint a new secret",
    status_code=HTTPStatus.CREATED,
    response_model=EndpointMade,
    responses=problems(*_WRITING, UnknownEndpoint, ChangedMeanwhile),
    openapi_extra={"parameters": [MATCH_HEADER]},
)
def rotate_secret(
    endpoint: EndpointId, request: Request, response: Response, caller: Holder, station: TheStation
) -> EndpointMade:
    """Return its next secret; for a day what is sent bears a signature under the one before too."""
    seen = webhook_work.seen_by(caller)

    def check(session: Session) -> None:
        require_match(request, lambda: _endpoint_read(session, endpoint, seen))

    done = webhook_work.rotate(station, endpoint, seen, check=check)
    return _with_secret(done, station, response)


@router.get(
    "/v1/webhooks/{endpoint}/deliveries",
    summary="List deliveries to a webhook endpoint",
    response_model=DeliveryPage,
    responses=problems(*_HELD, UnknownEndpoint, FieldWrong),
)
def list_deliveries(
    endpoint: EndpointId,
    request: Request,
    response: Response,
    caller: Holder,
    station: TheStation,
    limit: Limit = 50,
    next: Next = None,  # noqa: A002  the parameter's public name
) -> DeliveryPage:
    """Return what was sent or is to be sent, with every try, newest first."""
    response.headers.update(_SECRET)
    before = None if next is None else cast("int", read_cursor(next, (int,))[0])
    with station.database.read() as session:
        endpoints.endpoint(session, endpoint, webhook_work.seen_by(caller))
        found = deliveries.deliveries(session, endpoint, before=before, limit=limit + 1)
    shown, following = split(found, limit, lambda each: (each.delivery_id,))
    language = language_of(request)
    return DeliveryPage(deliveries=[DeliveryAnswer.of(each, language) for each in shown], next=following)


@router.post(
    "/v1/webhooks/{endpoint}/replays",
    summary="Send events to a webhook endpoint again",
    status_code=HTTPStatus.ACCEPTED,
    response_model=Replayed,
    responses=problems(*_WRITING, UnknownEndpoint, UnknownEvent, EndpointDisabled),
)
def replay_events(endpoint: EndpointId, asked: ReplayAsked, caller: Holder, station: TheStation) -> Replayed:
    """Send one event again, or all that never arrived: under the same id, their tries begun anew."""
    seen = webhook_work.seen_by(caller)
    return Replayed(replayed=webhook_work.replay(station, endpoint, seen, asked.event))


@router.post(
    "/v1/webhooks/{endpoint}/tests",
    summary="Send a webhook endpoint a trial event",
    response_model=DeliveryAnswer,
    responses=problems(*_WRITING, UnknownEndpoint, EndpointDisabled),
)
def send_trial_event(
    endpoint: EndpointId, request: Request, caller: Holder, station: TheStation
) -> DeliveryAnswer:
    """Send `webhook.test` now and say what came of it; a failed one is tried again as any other."""
    sent = webhook_work.send_trial(station, endpoint, webhook_work.seen_by(caller))
    return DeliveryAnswer.of(sent, language_of(request))


def _with_secret(found: Endpoint, station: Station, response: Response) -> EndpointMade:
    response.headers.update(_SECRET)
    return EndpointMade.with_secret(found, station.webhook_keys)
