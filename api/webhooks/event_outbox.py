"""Writes events in the transaction that publishes: both are committed, or neither is.

It looks at every flush of a writing session for rows that make something public, whoever wrote them: a
route, the clock of releases, a command. No way of publishing can forget to tell, and `priceindex` need not
know that anybody listens. A release under embargo has no such row (it is a draft): so it has no event.
"""

import hashlib
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session as AnySession
from sqlalchemy.orm import UOWTransaction
from sqlmodel import Session, col

from api.database import Database
from api.web.formats import local
from api.webhooks.deliveries import State
from api.webhooks.events import (
    TEST_TYPE,
    Event,
    TestEvent,
    forecast_event,
    notice_event,
    release_event,
    standing_event,
)
from api.webhooks.warning_events import digest_event, warning_event
from api.webhooks.webhook_tables import WebhookDeliveryRow, WebhookEndpointRow, WebhookEventRow
from priceindex.forecast.track.track_tables import ForecastRow
from priceindex.releases.release_tables import NoticeRow, ReleaseRow, StandingRow
from priceindex.warning.alerts.warning_tables import WarningDigestRow, WarningEventRow

_ID_HEX: Final = 32


class EventOutbox:
    """Tells the endpoints that asked for it what a transaction makes public."""

    def __init__(self, base_url: str) -> None:
        """`base_url` is where readers fetch what they are told of."""
        self._base_url = base_url.rstrip("/")

    def watch(self, database: Database) -> None:
        """Look at every writing session of `database` from now on."""
        database.on_flush(self._flushed)

    def _flushed(self, session: AnySession, _: UOWTransaction) -> None:
        for statement_id, event in self._events(session):
            _write(session.connection(), event_id_of(statement_id), statement_id, event)

    def _events(self, session: AnySession) -> Iterator[tuple[str, Event]]:
        for row in session.new:
            if isinstance(row, ReleaseRow):
                yield row.statement_id, release_event(row, self._base_url)
            elif isinstance(row, NoticeRow):
                yield row.statement_id, notice_event(row, self._base_url)
            elif isinstance(row, StandingRow):
                yield row.statement_id, standing_event(row, self._base_url)
            elif isinstance(row, ForecastRow):
                yield row.statement_id, forecast_event(row, self._base_url)
            elif isinstance(row, WarningDigestRow):
                yield digest_event(row, self._base_url)
            elif isinstance(row, WarningEventRow):
                told = warning_event(session.connection(), row, self._base_url)
                if told is not None:
                    yield told


def event_id_of(statement_id: str) -> str:
    """Return the id of the event that a statement's publication is: always the same, without a full stop.

    >>> event_id_of("release:bozhou-2025-12-31")
    'msg_3daa87a827ac2a04097cb4475f9d54c4'
    """
    return "msg_" + hashlib.sha256(statement_id.encode()).hexdigest()[:_ID_HEX]


def write_trial(session: Session, endpoint_id: str, base_url: str, chance: bytes, at_ms: int) -> int:
    """Write a trial event for one endpoint and return its delivery's id; `chance` makes the event's id."""
    event = TestEvent(type=TEST_TYPE, timestamp=local(at_ms, 0), url=f"{base_url.rstrip('/')}/v1/webhooks")
    event_id = f"msg_{chance.hex()}"
    session.add(
        WebhookEventRow(
            event_id=event_id,
            type=TEST_TYPE,
            subject=endpoint_id,
            at_ms=at_ms,
            body=event.model_dump_json(),
        )
    )
    session.flush()
    row = WebhookDeliveryRow(
        event_id=event_id, endpoint_id=endpoint_id, state=State.WAITING, next_ms=at_ms, made_ms=at_ms
    )
    session.add(row)
    session.flush()
    return row.delivery_id or 0


def _write(connection: Connection, event_id: str, subject: str, event: Event) -> None:
    at_ms = int(event.timestamp.timestamp() * 1000)
    body = event.model_dump_json()
    connection.execute(
        insert(WebhookEventRow).values(
            event_id=event_id, type=event.type, subject=subject, at_ms=at_ms, body=body
        )
    )
    asked = select(col(WebhookEndpointRow.endpoint_id), col(WebhookEndpointRow.events)).where(
        col(WebhookEndpointRow.ended_ms).is_(None)
    )
    told = [row.endpoint_id for row in connection.execute(asked) if event.type in row.events.split()]
    if told:
        made = {"event_id": event_id, "state": str(State.WAITING), "tries": 0}
        made_at = {"next_ms": at_ms, "made_ms": at_ms}
        connection.execute(
            insert(WebhookDeliveryRow), [{"endpoint_id": each, **made, **made_at} for each in told]
        )
