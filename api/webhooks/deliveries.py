"""Deliveries: one event on its way to one endpoint, with every try it took; what is sent again."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlmodel import Session, col, select

from api.webhooks.sending import Fault
from api.webhooks.webhook_errors import UnknownEvent
from api.webhooks.webhook_tables import (
    WebhookDeliveryRow,
    WebhookEventRow,
    WebhookTryRow,
)


class State(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"
    DROPPED = "dropped"

    def words(self, language: str) -> str:
        """Name the state for people.

        >>> State.GIVEN_UP.words("zh"), State.DROPPED.words("en")
        ('已放弃', 'not sent: the endpoint is disabled')
        """
        zh, en = _WORDS[self]
        return zh if language == "zh" else en


_WORDS: Final = {
    State.WAITING: ("待发送", "waiting"),
    State.DELIVERED: ("已送达", "delivered"),
    State.GIVEN_UP: ("已放弃", "given up"),
    State.DROPPED: ("未发送：端点已停用", "not sent: the endpoint is disabled"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One try of a delivery."""

    at_ms: int
    took_ms: int
    status: int | None
    fault: Fault | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event and one endpoint."""

    delivery_id: int
    event_id: str
    type: str
    subject: str
    state: State
    next_ms: int
    made_ms: int
    tries: tuple[Try, ...]
    """Oldest first."""


def replay(session: Session, endpoint_id: str, event_id: str | None, now_ms: int) -> int:
    """Send an event again, or with None all that never arrived; the tries begin anew. Return how many.

    Raises `UnknownEvent` where the endpoint was never to be told of the event.
    """
    asked = select(WebhookDeliveryRow).where(WebhookDeliveryRow.endpoint_id == endpoint_id)
    if event_id is None:
        asked = asked.where(col(WebhookDeliveryRow.state).in_([State.GIVEN_UP, State.DROPPED]))
    else:
        asked = asked.where(WebhookDeliveryRow.event_id == event_id)
    rows = list(session.exec(asked))
    if event_id is not None and not rows:
        raise UnknownEvent(endpoint=endpoint_id, event=event_id)
    for row in rows:
        row.state, row.tries, row.next_ms = State.WAITING, 0, now_ms
        session.add(row)
    session.flush()
    return len(rows)


def deliveries(
    session: Session, endpoint_id: str, *, before: int | None = None, limit: int = 50
) -> list[Delivery]:
    """Return the deliveries of an endpoint with their tries, newest first; `before` is a delivery's id."""
    asked = (
        select(WebhookDeliveryRow, WebhookEventRow)
        .join(WebhookEventRow, col(WebhookEventRow.event_id) == col(WebhookDeliveryRow.event_id))
        .where(WebhookDeliveryRow.endpoint_id == endpoint_id)
    )
    if before is not None:
        asked = asked.where(col(WebhookDeliveryRow.delivery_id) < before)
    rows = session.exec(asked.order_by(col(WebhookDeliveryRow.delivery_id).desc()).limit(limit)).all()
    tries = _tries(session, [row.delivery_id or 0 for row, _ in rows])
    return [_delivery(row, told, tries.get(row.delivery_id or 0, [])) for row, told in rows]


def delivery(session: Session, delivery_id: int) -> Delivery:
    """Return one delivery that exists."""
    row = session.get_one(WebhookDeliveryRow, delivery_id)
    told = session.get_one(WebhookEventRow, row.event_id)
    return _delivery(row, told, _tries(session, [delivery_id]).get(delivery_id, []))


def _tries(session: Session, delivery_ids: Sequence[int]) -> dict[int, list[Try]]:
    found: dict[int, list[Try]] = {}
    asked = select(WebhookTryRow).where(col(WebhookTryRow.delivery_id).in_(delivery_ids))
    for row in session.exec(asked.order_by(col(WebhookTryRow.try_id))):
        fault = None if row.fault is None else Fault(row.fault)
        one = Try(at_ms=row.at_ms, took_ms=row.took_ms, status=row.status, fault=fault)
        found.setdefault(row.delivery_id, []).append(one)
    return found


def _delivery(row: WebhookDeliveryRow, told: WebhookEventRow, tries: Sequence[Try]) -> Delivery:
    return Delivery(
        delivery_id=row.delivery_id or 0,
        event_id=told.event_id,
        type=told.type,
        subject=told.subject,
        state=State(row.state),
        next_ms=row.next_ms,
        made_ms=row.made_ms,
        tries=tuple(tries),
    )
