"""Work on webhook endpoints at the edge: who may see which, written through the one writer."""

from sqlmodel import Session

from api.callers import Caller
from api.station import Station
from api.web.conditional import Check
from api.webhooks import deliveries, endpoints
from api.webhooks.deliveries import Delivery
from api.webhooks.endpoints import OPERATOR, Endpoint, EndpointNew, check_address
from api.webhooks.event_outbox import write_trial
from api.webhooks.webhook_errors import EndpointDisabled


def own(caller: Caller) -> str:
    """Return as whose a caller's new endpoint is kept."""
    return OPERATOR if caller.operates else caller.token or OPERATOR


def seen_by(caller: Caller) -> str | None:
    """Return whose endpoints a caller sees: its own, or with None everybody's."""
    return None if caller.operates else caller.token or OPERATOR


def register(station: Station, new: EndpointNew, owner: str) -> Endpoint:
    """Register an endpoint; raises `EndpointRefused`, `EndpointExists`, `TooManyEndpoints`."""
    check_address(new.address, station.delivering.guard)
    now_ms = station.clock()
    return station.writer.submit(
        lambda session: endpoints.register(session, new, owner, now_ms, station.randomness)
    )


def switch(
    station: Station, endpoint_id: str, owner: str | None, *, on: bool, check: Check = lambda _: None
) -> Endpoint:
    """Enable or disable an endpoint; raises `UnknownEndpoint`, and what `check` raises first."""
    now_ms = station.clock()

    def work(session: Session) -> Endpoint:
        check(session)
        return endpoints.switch(session, endpoint_id, owner, on=on, at_ms=now_ms)

    return station.writer.submit(work)


def rotate(
    station: Station, endpoint_id: str, owner: str | None, *, check: Check = lambda _: None
) -> Endpoint:
    """Give an endpoint its next secret; raises `UnknownEndpoint`, and what `check` raises first."""
    now_ms = station.clock()

    def work(session: Session) -> Endpoint:
        check(session)
        return endpoints.rotate(session, endpoint_id, owner, now_ms)

    return station.writer.submit(work)


def replay(station: Station, endpoint_id: str, owner: str | None, event_id: str | None) -> int:
    """Send events again; raises `UnknownEndpoint`, `EndpointDisabled`, `UnknownEvent`."""
    now_ms = station.clock()

    def work(session: Session) -> int:
        _require_enabled(session, endpoint_id, owner)
        return deliveries.replay(session, endpoint_id, event_id, now_ms)

    return station.writer.submit(work)


def send_trial(station: Station, endpoint_id: str, owner: str | None) -> Delivery:
    """Send a trial event at once and return what came of it; raises `UnknownEndpoint`, `EndpointDisabled`."""
    now_ms, chance = station.clock(), station.randomness(16)

    def work(session: Session) -> int:
        _require_enabled(session, endpoint_id, owner)
        return write_trial(session, endpoint_id, station.settings.base_url, chance, now_ms)

    delivery_id = station.writer.submit(work)
    station.delivering.deliver(delivery_id)
    with station.database.read() as session:
        return deliveries.delivery(session, delivery_id)


def _require_enabled(session: Session, endpoint_id: str, owner: str | None) -> None:
    if endpoints.endpoint(session, endpoint_id, owner).ended_ms is not None:
        raise EndpointDisabled(endpoint=endpoint_id)
