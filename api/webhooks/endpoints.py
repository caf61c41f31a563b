"""Endpoints: who is told of what, where; registered, disabled, enabled, given a new secret.

An endpoint belongs to the token that registered it, those of the operator to the operator. Nobody but the
owner and the operator learns that it exists. It is never deleted: its deliveries are evidence.
"""

from dataclasses import dataclass
from typing import Final

import httpx
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from api.tokens import is_current
from api.webhooks.events import EventType
from api.webhooks.webhook_errors import EndpointExists, EndpointRefused, TooManyEndpoints, UnknownEndpoint
from api.webhooks.webhook_tables import WebhookEndpointRow
from ledger.clock import Randomness
from ledger.errors import Location, Said
from ledger.plain_text import PlainText
from priceindex.feeds.address_guard import AddressGuard
from priceindex.feeds.feed_errors import AddressRefused
from priceindex.feeds.http_feed import host_of, shown_address

MOST_ENDPOINTS: Final = 20
"""Endpoints of one token that are sent to."""
OVERLAP_MS: Final = 24 * 3_600_000
"""After a rotation the secret before signs too, for a day."""
OPERATOR: Final = ""
"""Owner of the operator's endpoints: its token changes with every start."""
_NOT_HTTPS: Final = Said(zh="不是 https 地址", en="it is no https address")
_FRAGMENT: Final = Said(zh="地址中含有片段（#）", en="it holds a fragment (#)")


class EndpointNew(BaseModel):
    """An endpoint as somebody registers it."""

    model_config = ConfigDict(extra="forbid")

    address: str = Field(min_length=8, max_length=500, examples=["https://example.org/daodi"])
    events: list[EventType] = Field(
        min_length=1, max_length=len(EventType), description="What it is told of."
    )
    description: PlainText = Field("", max_length=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An endpoint as it stands."""

    endpoint_id: str
    address: str
    """Query included: for sending, never for showing."""
    events: tuple[EventType, ...]
    description: str
    owner: str
    created_ms: int
    secret_number: int
    rotated_ms: int | None
    failing_ms: int | None
    ended_ms: int | None
    ended_why: str | None

    @property
    def shown(self) -> str:
        """The address without what may be secret."""
        return shown_address(self.address)

    @property
    def host(self) -> str:
        """The host that is sent to."""
        return host_of(self.address)

    def secret_numbers(self, now_ms: int) -> tuple[int, ...]:
        """The secrets it is signed with now: the last, and for a day after a rotation the one before."""
        overlaps = self.rotated_ms is not None and now_ms < self.rotated_ms + OVERLAP_MS
        return (self.secret_number, self.secret_number - 1) if overlaps else (self.secret_number,)


def check_address(address: str, guard: AddressGuard) -> None:
    """Raise `EndpointRefused` for an address nothing may be sent to; asks the resolver.

    It is checked again for every try: this only tells early. A host nobody can resolve now may come.
    """
    host = host_of(address)
    try:
        url = httpx.URL(address)
        if url.scheme != "https" and not guard.private_allowed:
            raise _refused(host, _NOT_HTTPS)
        if url.fragment:
            raise _refused(host, _FRAGMENT)
        guard.place(url)
    except httpx.InvalidURL:
        raise _refused(host, _NOT_HTTPS) from None
    except AddressRefused as error:
        why = error.parts["why"]
        raise _refused(host, why if isinstance(why, Said) else _NOT_HTTPS) from None
    except httpx.ConnectError:
        return


def register(session: Session, new: EndpointNew, owner: str, at_ms: int, randomness: Randomness) -> Endpoint:
    """Register a checked address; raises `EndpointExists`, `TooManyEndpoints`."""
    live = [each for each in endpoints(session, owner) if each.ended_ms is None]
    for each in live:
        if each.address == new.address:
            raise EndpointExists(endpoint=each.endpoint_id)
    if owner != OPERATOR and len(live) >= MOST_ENDPOINTS:
        raise TooManyEndpoints(most=MOST_ENDPOINTS)
    row = WebhookEndpointRow(
        endpoint_id=f"ep_{randomness(12).hex()}",
        address=new.address,
        description=new.description,
        events=" ".join(sorted(set(new.events))),
        owner_token=owner,
        created_ms=at_ms,
    )
    session.add(row)
    session.flush()
    return _endpoint(row)


def endpoints(session: Session, owner: str | None = None) -> list[Endpoint]:
    """Return the endpoints of an owner, or of everybody, oldest first."""
    asked = select(WebhookEndpointRow)
    if owner is not None:
        asked = asked.where(WebhookEndpointRow.owner_token == owner)
    oldest = asked.order_by(col(WebhookEndpointRow.created_ms), col(WebhookEndpointRow.endpoint_id))
    return [_endpoint(row) for row in session.exec(oldest)]


def endpoint(session: Session, endpoint_id: str, owner: str | None = None) -> Endpoint:
    """Return one endpoint of an owner, or of anybody; raises `UnknownEndpoint`."""
    return _endpoint(_row(session, endpoint_id, owner))


def switch(session: Session, endpoint_id: str, owner: str | None, *, on: bool, at_ms: int) -> Endpoint:
    """Disable an endpoint, or enable it for what becomes public from now on; raises `UnknownEndpoint`."""
    row = _row(session, endpoint_id, owner)
    if on:
        row.ended_ms = row.ended_why = row.failing_ms = None
    elif row.ended_ms is None:
        row.ended_ms, row.ended_why = at_ms, "owner"
    session.add(row)
    session.flush()
    return _endpoint(row)


def rotate(session: Session, endpoint_id: str, owner: str | None, at_ms: int) -> Endpoint:
    """Give an endpoint its next secret; the one before signs for a day. Raises `UnknownEndpoint`."""
    row = _row(session, endpoint_id, owner)
    row.secret_number, row.rotated_ms = row.secret_number + 1, at_ms
    session.add(row)
    session.flush()
    return _endpoint(row)


def end_if_owner_ended(session: Session, row: WebhookEndpointRow, now_ms: int) -> None:
    """Disable an endpoint whose owner's token was revoked or has expired."""
    if row.owner_token == OPERATOR or row.ended_ms is not None:
        return
    if not is_current(session, row.owner_token, now_ms):
        row.ended_ms, row.ended_why = now_ms, "token"
        session.add(row)


def _refused(host: str, why: Said) -> EndpointRefused:
    return EndpointRefused(at=Location(field="address", value=host), host=host, why=why)


def _row(session: Session, endpoint_id: str, owner: str | None) -> WebhookEndpointRow:
    row = session.get(WebhookEndpointRow, endpoint_id)
    if row is None or (owner is not None and row.owner_token != owner):
        raise UnknownEndpoint(
            at=Location(field="endpoint", value=endpoint_id[:40]), endpoint=endpoint_id[:40]
        )
    return row


def _endpoint(row: WebhookEndpointRow) -> Endpoint:
    return Endpoint(
        endpoint_id=row.endpoint_id,
        address=row.address,
        events=tuple(EventType(word) for word in row.events.split()),
        description=row.description,
        owner=row.owner_token,
        created_ms=row.created_ms,
        secret_number=row.secret_number,
        rotated_ms=row.rotated_ms,
        failing_ms=row.failing_ms,
        ended_ms=row.ended_ms,
        ended_why=row.ended_why,
    )
