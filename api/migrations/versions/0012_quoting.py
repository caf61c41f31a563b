"""Quotes of every shape: facts of a quote, aliases, decisions, rejected rows, rates, polls."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_QUOTE_FACTS = (
    ("deals", sa.BigInteger()),
    ("currency", sa.String(length=3)),
    ("amount", sa.String(length=40)),
    ("rate", sa.String(length=40)),
    ("rate_day", sa.BigInteger()),
    ("collection_point", sa.String(length=100)),
    ("collector", sa.String(length=100)),
    ("trend", sa.String(length=20)),
    ("submitter", sa.String(length=100)),
    ("decided_by", sa.String(length=100)),
)


def upgrade() -> None:
    _desk()
    _feeds()


def downgrade() -> None:
    _unfeeds()
    _undesk()


def _desk() -> None:
    for name, kind in _QUOTE_FACTS:
        op.add_column("price_quote", sa.Column(name, kind, nullable=True))
    op.create_index("ix_price_quote_cell_day", "price_quote", ["cell_id", "day"])
    op.add_column("api_token", sa.Column("source", sa.String(length=40), nullable=True))
    _rejected()
    _names()


def _rejected() -> None:
    op.create_table(
        "price_rejected",
        sa.Column("rejected_id", _SERIAL, nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=True),
        sa.Column("field", sa.String(length=100), nullable=True),
        sa.Column("value", sa.String(length=100), nullable=True),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("archive_sha256", sa.String(length=64), nullable=True),
        sa.Column("submitter", sa.String(length=100), nullable=True),
        sa.Column("recorded_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("rejected_id"),
    )
    op.create_index("ix_price_rejected_archive", "price_rejected", ["source", "archive_sha256"])
    op.create_index("ix_price_rejected_value", "price_rejected", ["rule", "value"])


def _names() -> None:
    op.create_table(
        "price_alias",
        sa.Column("alias_id", _SERIAL, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("written", sa.String(length=40), nullable=False),
        sa.Column("meant", sa.String(length=40), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("decided_by", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=100), nullable=True),
        sa.Column("end_reason", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("alias_id"),
    )
    op.create_index("ix_price_alias_written", "price_alias", ["kind", "written"])
    op.create_table(
        "price_name_review",
        sa.Column("review_id", _SERIAL, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("written", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("nearest", sa.String(length=500), nullable=False),
        sa.Column("first_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("review_id"),
        sa.UniqueConstraint("kind", "written", "source"),
    )


def _undesk() -> None:
    for table in ("price_name_review", "price_alias", "price_rejected"):
        op.drop_table(table)
    op.drop_column("api_token", "source")
    op.drop_index("ix_price_quote_cell_day", "price_quote")
    for name, _ in _QUOTE_FACTS:
        op.drop_column("price_quote", name)


def _feeds() -> None:
    told = {"shape": (20, "table"), "settings": (1000, "{}")}
    for name, (length, before) in told.items():
        column = sa.Column(name, sa.String(length=length), nullable=False, server_default=before)
        op.add_column("price_archive", column)
    _rates()
    _feed()
    _polls()


def _rates() -> None:
    op.create_table(
        "price_exchange_rate",
        sa.Column("rate_id", _SERIAL, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("yuan_per_unit", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("recorded_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("rate_id"),
        sa.UniqueConstraint("currency", "day", "revision"),
    )


def _feed() -> None:
    op.create_table(
        "price_feed",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("shape", sa.String(length=20), nullable=False),
        sa.Column("form", sa.String(length=8), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("every_minutes", sa.BigInteger(), nullable=False),
        sa.Column("settings", sa.String(length=1000), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("next_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_index("ix_price_feed_next_ms", "price_feed", ["next_ms"])


def _polls() -> None:
    op.create_table(
        "price_feed_poll",
        sa.Column("poll_id", _SERIAL, nullable=False),
        sa.Column("feed", sa.String(length=40), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=True),
        sa.Column("written", sa.BigInteger(), nullable=False),
        sa.Column("quarantined", sa.BigInteger(), nullable=False),
        sa.Column("faults", sa.BigInteger(), nullable=False),
        sa.Column("claims_agreed", sa.BigInteger(), nullable=False),
        sa.Column("claims_differed", sa.BigInteger(), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=True),
        sa.Column("message_zh", sa.Text(), nullable=False),
        sa.Column("message_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("poll_id"),
    )
    op.create_index("ix_price_feed_poll_feed_at", "price_feed_poll", ["feed", "at_ms"])
    op.create_table(
        "price_feed_host",
        sa.Column("host", sa.String(length=253), nullable=False),
        sa.Column("faults", sa.BigInteger(), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=True),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("host"),
    )


def _unfeeds() -> None:
    for table in ("price_feed_host", "price_feed_poll", "price_feed", "price_exchange_rate"):
        op.drop_table(table)
    for name in ("settings", "shape"):
        op.drop_column("price_archive", name)
