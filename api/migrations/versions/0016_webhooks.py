"""Webhook endpoints, the events they are told of, and every try."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _endpoints()
    _events()
    _deliveries()
    _tries()


def downgrade() -> None:
    for table in ("try", "delivery", "event", "endpoint"):
        op.drop_table(f"api_webhook_{table}")


def _endpoints() -> None:
    op.create_table(
        "api_webhook_endpoint",
        sa.Column("endpoint_id", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("events", sa.String(length=200), nullable=False),
        sa.Column("owner_token", sa.String(length=16), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("secret_number", sa.Integer(), nullable=False),
        sa.Column("rotated_ms", sa.BigInteger(), nullable=True),
        sa.Column("failing_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_why", sa.String(length=12), nullable=True),
        sa.PrimaryKeyConstraint("endpoint_id"),
    )
    op.create_index("ix_api_webhook_endpoint_owner_token", "api_webhook_endpoint", ["owner_token"])


def _events() -> None:
    op.create_table(
        "api_webhook_event",
        sa.Column("event_id", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("event_id"),
    )
    op.create_index("ix_api_webhook_event_at_ms", "api_webhook_event", ["at_ms"])


def _deliveries() -> None:
    op.create_table(
        "api_webhook_delivery",
        sa.Column("delivery_id", _SERIAL, nullable=False),
        sa.Column("event_id", sa.String(length=40), nullable=False),
        sa.Column("endpoint_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_ms", sa.BigInteger(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["api_webhook_event.event_id"]),
        sa.ForeignKeyConstraint(["endpoint_id"], ["api_webhook_endpoint.endpoint_id"]),
        sa.PrimaryKeyConstraint("delivery_id"),
        sa.UniqueConstraint("event_id", "endpoint_id"),
    )
    op.create_index("ix_api_webhook_delivery_due", "api_webhook_delivery", ["state", "next_ms"])
    op.create_index("ix_api_webhook_delivery_endpoint_id", "api_webhook_delivery", ["endpoint_id"])


def _tries() -> None:
    op.create_table(
        "api_webhook_try",
        sa.Column("try_id", _SERIAL, nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("took_ms", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("fault", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["delivery_id"], ["api_webhook_delivery.delivery_id"]),
        sa.PrimaryKeyConstraint("try_id"),
    )
    op.create_index("ix_api_webhook_try_delivery_id", "api_webhook_try", ["delivery_id"])
