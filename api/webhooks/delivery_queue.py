"""What is due: claimed in the database before it is sent, and what follows from each try.

Of several processes one sends a delivery; if that process dies, another takes it up after `LEASE_MS`. So an
event may arrive more than once, always under the same id, and is lost never before its tries are used up.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import update
from sqlmodel import Session, col, select

from api.tokens import is_locked
from api.webhooks.deliveries import State
from api.webhooks.endpoints import Endpoint, end_if_owner_ended, endpoint
from api.webhooks.schedule import WAITS_S, wait_ms
from api.webhooks.sending import Outcome
from api.webhooks.webhook_tables import (
    WebhookDeliveryRow,
    WebhookEndpointRow,
    WebhookEventRow,
    WebhookTryRow,
)
from priceindex.feeds.http_feed import host_of

LEASE_MS: Final = 60_000
"""A try ends long before."""
MOST_TRIES: Final = len(WAITS_S) + 1
_AT_A_LOOK: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A delivery whose time has come."""

    delivery_id: int
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A delivery this process is about to send."""

    delivery_id: int
    event_id: str
    body: str
    endpoint: Endpoint


def due(session: Session, now_ms: int) -> list[Due]:
    """Return the deliveries whose time has come, the longest due first."""
    asked = (
        select(WebhookDeliveryRow.delivery_id, WebhookEndpointRow.address)
        .join(
            WebhookEndpointRow,
            col(WebhookEndpointRow.endpoint_id) == col(WebhookDeliveryRow.endpoint_id),
        )
        .where(WebhookDeliveryRow.state == State.WAITING, WebhookDeliveryRow.next_ms <= now_ms)
        .order_by(col(WebhookDeliveryRow.next_ms), col(WebhookDeliveryRow.delivery_id))
        .limit(_AT_A_LOOK)
    )
    return [Due(delivery_id=number or 0, host=host_of(address)) for number, address in session.exec(asked)]


def claim(session: Session, delivery_id: int, now_ms: int) -> Claimed | None:
    """Take a due delivery and count the try; None where another process was quicker or nothing is to be sent.

    What waits for a disabled endpoint, or one whose owner's token ended or who is locked out, is dropped.
    """
    mine = session.connection().execute(
        update(WebhookDeliveryRow)
        .where(
            col(WebhookDeliveryRow.delivery_id) == delivery_id,
            col(WebhookDeliveryRow.state) == State.WAITING,
            col(WebhookDeliveryRow.next_ms) <= now_ms,
        )
        .values(next_ms=now_ms + LEASE_MS, tries=col(WebhookDeliveryRow.tries) + 1)
    )
    if mine.rowcount != 1:
        return None
    row = _delivery_row(session, delivery_id)
    to = session.get(WebhookEndpointRow, row.endpoint_id, populate_existing=True)
    told = session.get(WebhookEventRow, row.event_id)
    if to is None or told is None:
        return None
    end_if_owner_ended(session, to, now_ms)
    if to.ended_ms is not None or is_locked(session, to.owner_token):
        _end(session, row, State.DROPPED)
        return None
    if row.tries > MOST_TRIES:
        _give_up(session, row, to, now_ms)
        return None
    session.flush()
    return Claimed(
        delivery_id=delivery_id,
        event_id=told.event_id,
        body=told.body,
        endpoint=endpoint(session, to.endpoint_id),
    )


def note(
    session: Session, claimed: Claimed, outcome: Outcome, at_ms: int, now_ms: int, chance: float
) -> State:
    """Keep what became of a try begun at `at_ms`, and decide what follows; return the delivery's state.

    Delivered; or tried again later; or, after the last try, given up and the endpoint marked as failing. An
    answer of 410 disables the endpoint.
    """
    session.add(
        WebhookTryRow(
            delivery_id=claimed.delivery_id,
            at_ms=at_ms,
            took_ms=outcome.took_ms,
            status=outcome.status,
            fault=outcome.fault,
        )
    )
    row = _delivery_row(session, claimed.delivery_id)
    to = session.get(WebhookEndpointRow, row.endpoint_id, populate_existing=True)
    if to is None:
        return State(row.state)
    if outcome.arrived:
        to.failing_ms = None
        _end(session, row, State.DELIVERED)
    elif outcome.gone:
        if to.ended_ms is None:
            to.ended_ms, to.ended_why = now_ms, "gone"
        _end(session, row, State.GIVEN_UP)
    else:
        _try_later(session, row, to, outcome, now_ms, chance)
    session.add(to)
    session.flush()
    return State(row.state)


def _try_later(
    session: Session,
    row: WebhookDeliveryRow,
    to: WebhookEndpointRow,
    outcome: Outcome,
    now_ms: int,
    chance: float,
) -> None:
    wait = wait_ms(row.tries, chance, outcome.asked_s)
    if wait is None:
        _give_up(session, row, to, now_ms)
    else:
        row.next_ms = now_ms + wait
        session.add(row)


def _give_up(session: Session, row: WebhookDeliveryRow, to: WebhookEndpointRow, now_ms: int) -> None:
    if to.failing_ms is None:
        to.failing_ms = now_ms
        session.add(to)
    _end(session, row, State.GIVEN_UP)


def _end(session: Session, row: WebhookDeliveryRow, state: State) -> None:
    row.state = state
    session.add(row)
    session.flush()


def _delivery_row(session: Session, delivery_id: int) -> WebhookDeliveryRow:
    return session.get_one(WebhookDeliveryRow, delivery_id, populate_existing=True)
