"""Codes of other systems."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trace_other_code",
        sa.Column("scheme", sa.String(length=24), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("target", sa.String(length=160), nullable=False),
        sa.Column("first_serial", sa.BigInteger(), nullable=True),
        sa.Column("last_serial", sa.BigInteger(), nullable=True),
        sa.Column("party", sa.String(length=18), nullable=False),
        sa.Column("statement_id", sa.String(), nullable=False),
        sa.Column("linked_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scheme", "value"),
        sa.UniqueConstraint("statement_id"),
    )
    op.create_index("ix_trace_other_code_target", "trace_other_code", ["kind", "target"])
    op.create_index("ix_trace_other_code_party", "trace_other_code", ["party"])


def downgrade() -> None:
    op.drop_table("trace_other_code")
