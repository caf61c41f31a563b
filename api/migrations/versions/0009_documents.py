"""Documents kept by hash, and the series of sensors summed up."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trace_document",
        sa.Column("statement_id", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("party", sa.String(length=18), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("stored", sa.Boolean(), nullable=False),
        sa.Column("visibility", sa.String(length=9), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("step_id", sa.String(length=36), nullable=True),
        sa.Column("kept_ms", sa.BigInteger(), nullable=False),
        sa.Column("erased_ms", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("statement_id"),
    )
    for column in ("sha256", "party", "step_id"):
        op.create_index(f"ix_trace_document_{column}", "trace_document", [column])
    op.create_table(
        "trace_document_lot",
        sa.Column("statement_id", sa.String(length=200), nullable=False),
        sa.Column("lot_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], ["trace_document.statement_id"]),
        sa.PrimaryKeyConstraint("statement_id", "lot_id"),
    )
    op.create_index("ix_trace_document_lot_lot_id", "trace_document_lot", ["lot_id"])
    op.create_table(
        "trace_series",
        sa.Column("statement_id", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("quantity", sa.String(length=40), nullable=False),
        sa.Column("uom", sa.String(length=3), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], ["trace_document.statement_id"]),
        sa.PrimaryKeyConstraint("statement_id"),
    )
    op.create_index("ix_trace_series_sha256", "trace_series", ["sha256"])


def downgrade() -> None:
    op.drop_table("trace_series")
    op.drop_table("trace_document_lot")
    op.drop_table("trace_document")
