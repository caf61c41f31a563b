"""Warnings, their states and what was decided of them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("price_draft", sa.Column("held", sa.Text(), nullable=True))
    op.create_table(
        "price_warning",
        sa.Column("warning_id", sa.String(length=40), nullable=False),
        sa.Column("family", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("node", sa.String(length=100), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("form", sa.String(length=8), nullable=False),
        sa.Column("episode", sa.Integer(), nullable=False),
        sa.Column("visible", sa.String(length=10), nullable=False),
        sa.Column("rules_sha256", sa.String(length=64), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("warning_id"),
        sa.UniqueConstraint("family", "level", "node", "rule", "form", "episode"),
    )
    op.create_index("ix_price_warning_opened_ms", "price_warning", ["opened_ms"])
    _events()
    op.create_table(
        "price_warning_watch",
        sa.Column("release_id", sa.String(length=100), nullable=False),
        sa.Column("rules_sha256", sa.String(length=64), nullable=False),
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.Column("watched_ms", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", "rules_sha256", "day"),
    )
    op.create_table(
        "price_warning_digest",
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "price_warning_health",
        sa.Column("line_id", _SERIAL, nullable=False),
        sa.Column("herb", sa.String(length=40), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("line_id"),
    )
    op.create_index("ix_price_warning_health_herb", "price_warning_health", ["herb"])
    op.create_table(
        "price_warning_grain",
        sa.Column("line_id", _SERIAL, nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("fen_per_kg", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("line_id"),
    )
    op.create_index("ix_price_warning_grain_month", "price_warning_grain", ["month"])


def _events() -> None:
    op.create_table(
        "price_warning_event",
        sa.Column("event_id", _SERIAL, nullable=False),
        sa.Column("warning_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=14), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("release_id", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.String(length=12), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=True),
        sa.Column("until_ms", sa.BigInteger(), nullable=True),
        sa.Column("into", sa.String(length=40), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("evidence_private", sa.Text(), nullable=True),
        sa.Column("statement_id", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("event_id"),
        sa.ForeignKeyConstraint(["warning_id"], ["price_warning.warning_id"]),
    )
    op.create_index("ix_price_warning_event_at_ms", "price_warning_event", ["at_ms"])
    op.create_index(
        "ix_price_warning_event_warning", "price_warning_event", ["warning_id", "number"], unique=True
    )


def downgrade() -> None:
    for table in (
        "price_warning_grain", "price_warning_health", "price_warning_digest", "price_warning_watch",
        "price_warning_event", "price_warning",
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_column("price_draft", "held")
