"""Forecasts as made, with what they rest on."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "price_forecast",
        sa.Column("forecast_id", sa.String(length=100), nullable=False),
        sa.Column("family", sa.String(length=40), nullable=False),
        sa.Column("frequency", sa.String(length=8), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.String(length=100), nullable=False),
        sa.Column("method_id", sa.String(length=60), nullable=False),
        sa.Column("method_sha256", sa.String(length=64), nullable=False),
        sa.Column("code_version", sa.String(length=40), nullable=False),
        sa.Column("data_as_of_ms", sa.BigInteger(), nullable=False),
        sa.Column("input_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("origin_day", sa.BigInteger(), nullable=False),
        sa.Column("first_target", sa.BigInteger(), nullable=False),
        sa.Column("last_target", sa.BigInteger(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("series", sa.Integer(), nullable=False),
        sa.Column("rows_sha256", sa.String(length=64), nullable=False),
        sa.Column("statement_id", sa.String(length=200), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["price_release.release_id"]),
        sa.PrimaryKeyConstraint("forecast_id"),
        sa.UniqueConstraint("family", "frequency", "ordinal"),
        sa.UniqueConstraint("release_id", "frequency", "method_id"),
    )
    op.create_index("ix_price_forecast_made_ms", "price_forecast", ["made_ms"])
    op.create_table(
        "price_forecast_series",
        sa.Column("forecast_id", sa.String(length=100), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("node", sa.String(length=100), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["forecast_id"], ["price_forecast.forecast_id"]),
        sa.PrimaryKeyConstraint("forecast_id", "level", "node"),
    )
    op.create_index("ix_price_forecast_series_node", "price_forecast_series", ["node", "level"])


def downgrade() -> None:
    op.drop_table("price_forecast_series")
    op.drop_table("price_forecast")
