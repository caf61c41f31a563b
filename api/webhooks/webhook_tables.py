"""The tables of webhooks: endpoints, events, what is to be delivered, and every try.

No secret stands in them: secrets are derived from a key file (`api.webhooks.webhook_keys`).
"""

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from priceindex.tables import SERIAL


class WebhookEndpointRow(SQLModel, table=True):
    """An address that asked to be told."""

    __tablename__ = "api_webhook_endpoint"

    endpoint_id: str = Field(primary_key=True, max_length=40)
    address: str = Field(max_length=500)
    """Query included: for sending, never for showing."""
    description: str = Field(max_length=200)
    events: str = Field(max_length=200)
    """Types of events, separated by spaces."""
    owner_token: str = Field(index=True, max_length=16)
    """Prefix of the token that registered it; empty for the operator."""
    created_ms: int = Field(sa_type=BigInteger)
    secret_number: int = Field(default=1)
    """How many secrets it has had; the last one counts."""
    rotated_ms: int | None = Field(default=None, sa_type=BigInteger)
    """When the last secret took the place of the one before."""
    failing_ms: int | None = Field(default=None, sa_type=BigInteger)
    """Since when deliveries were given up; None since the last one that arrived."""
    ended_ms: int | None = Field(default=None, sa_type=BigInteger)
    ended_why: str | None = Field(default=None, max_length=12)
    """`owner`, `gone` (its server said 410) or `token` (its owner's token ended)."""


class WebhookEventRow(SQLModel, table=True):
    """Something that became public. Append-only; the body is what is sent and signed, byte for byte."""

    __tablename__ = "api_webhook_event"

    event_id: str = Field(primary_key=True, max_length=40)
    type: str = Field(max_length=30)
    subject: str = Field(max_length=200)
    """Id of the release, notice or statement."""
    at_ms: int = Field(index=True, sa_type=BigInteger)
    body: str = Field(sa_type=Text)


class WebhookDeliveryRow(SQLModel, table=True):
    """One event on its way to one endpoint."""

    __tablename__ = "api_webhook_delivery"
    __table_args__ = (
        UniqueConstraint("event_id", "endpoint_id"),
        Index("ix_api_webhook_delivery_due", "state", "next_ms"),
    )

    delivery_id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    event_id: str = Field(foreign_key="api_webhook_event.event_id", max_length=40)
    endpoint_id: str = Field(foreign_key="api_webhook_endpoint.endpoint_id", index=True, max_length=40)
    state: str = Field(max_length=12)
    """Word of `api.webhooks.deliveries.State`."""
    tries: int = Field(default=0)
    """Tries since it was made or last replayed."""
    next_ms: int = Field(sa_type=BigInteger)
    """Not before; while it is being sent, when another process may take it for lost."""
    made_ms: int = Field(sa_type=BigInteger)


class WebhookTryRow(SQLModel, table=True):
    """One try of a delivery. Append-only."""

    __tablename__ = "api_webhook_try"

    try_id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    delivery_id: int = Field(foreign_key="api_webhook_delivery.delivery_id", index=True, sa_type=BigInteger)
    at_ms: int = Field(sa_type=BigInteger)
    took_ms: int = Field(sa_type=BigInteger)
    status: int | None = Field(default=None)
    """Of the answer; None where there was none."""
    fault: str | None = Field(default=None, max_length=20)
    """Word of `api.webhooks.sending.Fault` where there was no answer."""
