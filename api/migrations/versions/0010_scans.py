"""What scans add up to, PIN attempts.

Single scans name serials from here on. Those kept before named codes, which only the code keys turn into
serials: they are hints, and are dropped.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_trace_scan_code", table_name="trace_scan")
    op.drop_table("trace_scan")
    op.create_table(
        "trace_scan",
        sa.Column("scan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("city", sa.String(length=6), nullable=True),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("scan_id"),
    )
    op.create_index("ix_trace_scan_serial", "trace_scan", ["serial", "at_ms"])
    op.create_index("ix_trace_scan_at_ms", "trace_scan", ["at_ms"])
    op.create_table(
        "trace_scan_mark",
        sa.Column("serial", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_ms", sa.BigInteger(), nullable=False),
        sa.Column("last_ms", sa.BigInteger(), nullable=False),
        sa.Column("first_city", sa.String(length=6), nullable=True),
        sa.Column("cities", sa.Text(), nullable=False),
        sa.Column("devices", sa.Text(), nullable=False),
        sa.Column("copied", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("serial"),
    )
    op.create_index("ix_trace_scan_mark_last_ms", "trace_scan_mark", ["last_ms"])
    op.create_index("ix_trace_scan_mark_copied", "trace_scan_mark", ["copied"])
    op.create_table(
        "trace_pin",
        sa.Column("serial", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("window_ms", sa.BigInteger(), nullable=False),
        sa.Column("wrong_ever", sa.Integer(), nullable=False),
        sa.Column("matched", sa.Integer(), nullable=False),
        sa.Column("first_match_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("serial"),
    )


def downgrade() -> None:
    op.drop_table("trace_pin")
    op.drop_table("trace_scan_mark")
    op.drop_table("trace_scan")
    op.create_table(
        "trace_scan",
        sa.Column("scan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("city", sa.String(length=6), nullable=True),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("scan_id"),
    )
    op.create_index("ix_trace_scan_code", "trace_scan", ["code", "at_ms"])
